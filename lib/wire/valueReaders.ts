import { textBetween, type Letters } from './letters.ts';
import { parsedJson } from './plainJson.ts';

/** Reads the value that begins here and sets it under a key: where it ends, and -1 where none stands here that JSON knows. */
export type ValueReader = (
  letters: Letters,
  from: number,
  object: Record<string, unknown>,
  key: string,
) => number;

const [QUOTE, BACKSLASH, MINUS, PLUS, POINT, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x2b, 0x2e, 0x30, 0x39];
const codeAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? NaN;
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
const isE = (code: number): boolean => code === 0x65 || code === 0x45;

/** So many digits are an exact number, as their power of ten is, and the quotient of the two is rounded once only. */
const MOST_EXACT = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_EXACT + 1 }, (_, exponent) => Number(`1e${exponent}`));

/** A number. */
export const readNumber: ValueReader = (letters, from, object, key) => {
  const { bytes } = letters;
  const isNegative = codeAt(bytes, from) === MINUS;
  const first = isNegative ? from + 1 : from;
  let at = first;
  let point = -1;
  let digits = 0;
  let code = codeAt(bytes, at);
  for (; isDigit(code) || (code === POINT && point < 0); code = codeAt(bytes, at)) {
    if (code === POINT) point = at;
    else digits = 10 * digits + code - ZERO;
    at += 1;
  }
  const whole = (point < 0 ? at : point) - first;
  const decimals = point < 0 ? 0 : at - point - 1;
  // In JSON no number begins with a zero to which more digits belong.
  const isSound = whole === 1 || (whole > 1 && codeAt(bytes, first) !== ZERO);
  if (!isSound || (decimals === 0 && point >= 0)) return -1;
  const end = isE(code) ? endOfExponent(bytes, at + 1) : at;
  if (end === at && whole + decimals <= MOST_EXACT) {
    const value = digits / (POWERS_OF_TEN[decimals] ?? NaN);
    object[key] = isNegative ? -value : value;
  } else if (end >= 0) object[key] = Number(textBetween(letters, from, end));
  return end;
};

/** Where an exponent ends that begins here, with its sign; -1 where none does. */
const endOfExponent = (bytes: Uint8Array, from: number): number => {
  const sign = codeAt(bytes, from);
  const first = sign === PLUS || sign === MINUS ? from + 1 : from;
  let at = first;
  while (isDigit(codeAt(bytes, at))) at += 1;
  return at === first ? -1 : at;
};

const parsedText = (written: unknown): unknown => parsedJson(`"${String(written)}"`);

/** What a text with escapes says, between its quotes; undefined where JSON does not know them. */
const unescaped = (written: string, isNested: boolean): unknown => {
  const text = parsedText(written);
  return isNested && text !== undefined ? parsedText(text) : text;
};

/** Whether a text ends here; within JSON that is a string itself its quote has a backslash. */
const isEnd = (bytes: Uint8Array, at: number, isNested: boolean): boolean =>
  isNested ? bytes[at] === BACKSLASH && bytes[at + 1] === QUOTE : bytes[at] === QUOTE;

/** How many letters one sign of a text takes here, an escape included: those within JSON in a string have one more each. */
const lengthOfSign = (bytes: Uint8Array, at: number, isNested: boolean): number => {
  if (bytes[at] !== BACKSLASH) return 1;
  return isNested && bytes[at + 1] === BACKSLASH ? 2 + lengthOfSign(bytes, at + 2, false) : 2;
};

/** Of each letter, whether it stands for itself, within quotes. */
const IS_PLAIN = Array.from(
  { length: 256 },
  (_, code) => code >= 0x20 && code !== QUOTE && code !== BACKSLASH,
);

const isPlain = (code: number | undefined): boolean => IS_PLAIN[code ?? QUOTE] === true;

const textReader =
  (isNested: boolean, isWanted: boolean): ValueReader =>
  (letters, from, object, key) => {
    const { bytes } = letters;
    const last = isWanted ? object[key] : undefined;
    if (typeof last === 'string') {
      const end = from + last.length;
      if (isEnd(bytes, end, isNested) && isText(bytes, from, last)) return end;
    }
    let at = endOfPlain(letters, from);
    if (isEnd(bytes, at, isNested)) {
      if (isWanted) object[key] = textBetween(letters, from, at);
      return at;
    }
    while (at < bytes.length && !isEnd(bytes, at, isNested)) at += lengthOfSign(bytes, at, isNested);
    const text = unescaped(textBetween(letters, from, at), isNested);
    object[key] = text;
    return typeof text === 'string' ? at : -1;
  };

/** Where letters end that stand for themselves. */
const endOfPlain = ({ bytes, view }: Letters, from: number): number => {
  let at = from;
  // Four at a time: each term has the highest bit of a byte where a letter is below a blank, a quote or a backslash.
  for (; at + 4 <= bytes.length; at += 4) {
    const word = view.getInt32(at);
    const quote = word ^ 0x22222222;
    const backslash = word ^ 0x5c5c5c5c;
    const found =
      ((word - 0x20202020) & ~word) |
      ((quote - 0x01010101) & ~quote) |
      ((backslash - 0x01010101) & ~backslash);
    if ((found & 0x80808080) !== 0) break;
  }
  while (isPlain(bytes[at])) at += 1;
  return at;
};

/*
 * Held, for it is looked up at each letter otherwise: where a class extends String, as one of ioredis does, Node 20 takes
 * no method of a text for settled, and a text is gone through in five times the time.
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on a text
const { charCodeAt } = String.prototype;

/** Whether this text stands here, without an escape. */
const isText = (bytes: Uint8Array, from: number, text: string): boolean => {
  for (let i = text.length - 1; i >= 0; i -= 1) {
    const code = charCodeAt.call(text, i);
    if (bytes[from + i] !== code || !isPlain(code)) return false;
  }
  return true;
};

/** Whether a text is written in JSON as it is: no letter of it has to be escaped. */
export const isWrittenAsItIs = (text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) if (!isPlain(charCodeAt.call(text, i))) return false;
  return true;
};

/** A text, the first letter of which stands behind its quote. What is the same as the last time is the same string. */
export const readText = textReader(false, true);

/** Any text, which is not read. */
export const passText = textReader(false, false);

/** A text within JSON that is a string itself. */
export const readNestedText = textReader(true, true);

/** Any text within JSON that is a string itself, which is not read. */
export const passNestedText = textReader(true, false);
