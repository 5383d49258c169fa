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

/** How texts stand in a message: as they are, or within JSON that is a string itself. */
interface Quoting {
  /** Whether a text ends here. */
  readonly isEnd: (bytes: Uint8Array, at: number) => boolean;
  /** How many letters one sign of a text takes here, an escape included. */
  readonly lengthOfSign: (bytes: Uint8Array, at: number) => number;
  /** What a text with escapes says, between its quotes; undefined where JSON does not know them. */
  readonly unescaped: (written: string) => unknown;
}

const parsedText = (written: unknown): unknown => parsedJson(`"${String(written)}"`);

const plain: Quoting = {
  isEnd: (bytes, at) => bytes[at] === QUOTE,
  lengthOfSign: (bytes, at) => (bytes[at] === BACKSLASH ? 2 : 1),
  unescaped: parsedText,
};

/** A quote has one backslash, and what has a backslash in the inner JSON has two. */
const nested: Quoting = {
  isEnd: (bytes, at) => bytes[at] === BACKSLASH && bytes[at + 1] === QUOTE,
  lengthOfSign: (bytes, at) => {
    if (bytes[at] !== BACKSLASH) return 1;
    return bytes[at + 1] === BACKSLASH ? 2 + plain.lengthOfSign(bytes, at + 2) : 2;
  },
  unescaped: (written) => {
    const inner = parsedText(written);
    return inner === undefined ? undefined : parsedText(inner);
  },
};

/** Whether this letter stands for itself, within quotes. */
const isPlain = (code: number): boolean => code >= 0x20 && code !== QUOTE && code !== BACKSLASH;

const textReader =
  ({ isEnd, lengthOfSign, unescaped }: Quoting, isWanted: boolean): ValueReader =>
  (letters, from, object, key) => {
    const { bytes } = letters;
    const last = object[key];
    if (isWanted && typeof last === 'string') {
      const end = from + countSameSigns(bytes, from, last);
      if (end === from + last.length && isEnd(bytes, end)) return end;
    }
    let at = from;
    while (isPlain(codeAt(bytes, at))) at += 1;
    if (isEnd(bytes, at)) {
      if (isWanted) object[key] = textBetween(letters, from, at);
      return at;
    }
    while (at < bytes.length && !isEnd(bytes, at)) at += lengthOfSign(bytes, at);
    const text = unescaped(textBetween(letters, from, at));
    object[key] = text;
    return typeof text === 'string' ? at : -1;
  };

/** How many signs from here on are those of the text, and stand for themselves. */
const countSameSigns = (bytes: Uint8Array, from: number, text: string): number => {
  let count = 0;
  while (
    count < text.length &&
    bytes[from + count] === text.charCodeAt(count) &&
    isPlain(text.charCodeAt(count))
  )
    count += 1;
  return count;
};

/** A text, the first letter of which stands behind its quote. What is the same as the last time is the same string. */
export const readText = textReader(plain, true);

/** Any text, which is not read. */
export const passText = textReader(plain, false);

/** A text within JSON that is a string itself. */
export const readNestedText = textReader(nested, true);

/** Any text within JSON that is a string itself, which is not read. */
export const passNestedText = textReader(nested, false);
