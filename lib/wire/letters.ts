import { own } from './jsonText.ts';
import { parsedJson } from './plainJson.ts';

/** A text each character of which is one byte, and these bytes: to look at them takes less time. */
export interface Letters {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** A text that is read from its places. */
export interface Source {
  readonly text: string;
  /** Undefined where some characters are more than a byte. */
  readonly letters: Letters | undefined;
}

/** The source of a frame with this text. */
export const sourceOf = (text: string, data: string | Uint8Array): Source => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const { length } = bytes;
  const letters =
    length === text.length
      ? { text, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, length) }
      : undefined;
  return { text, letters };
};

const [QUOTE, BACKSLASH, MINUS, PLUS, POINT, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x2b, 0x2e, 0x30, 0x39];
const codeAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? NaN;
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
const isE = (code: number): boolean => code === 0x65 || code === 0x45;

/** So many digits are an exact number, as their power of ten is, and the quotient of the two is rounded once only. */
const MOST_EXACT = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_EXACT + 1 }, (_, exponent) => Number(`1e${exponent}`));

/** A part of a text that is always the same. */
export class Literal {
  /** Four bytes at a time, for that is faster, and those that are left. */
  readonly #words: number[] = [];
  readonly #rest: number[] = [];
  readonly #length: number;

  constructor({ bytes, view }: Letters, from: number, end: number) {
    let at = from;
    for (; at + 4 <= end; at += 4) this.#words.push(view.getInt32(at));
    for (; at < end; at += 1) this.#rest.push(codeAt(bytes, at));
    this.#length = end - from;
  }

  /** Where it ends if it begins here; -1 if it does not. */
  endAt({ bytes, view }: Letters, from: number): number {
    if (from + this.#length > bytes.length) return -1;
    let at = from;
    for (const word of this.#words) {
      if (view.getInt32(at) !== word) return -1;
      at += 4;
    }
    for (const byte of this.#rest) {
      if (bytes[at] !== byte) return -1;
      at += 1;
    }
    return at;
  }
}

/** Reads a value and sets it under a key: where it ends, and -1 where none stands here that JSON knows. */
type Read = (letters: Letters, from: number, object: Record<string, unknown>, key: string) => number;

/** Reads the number that begins here. */
export const readNumber: Read = ({ bytes, text }, from, object, key) => {
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
  const isSound = whole === 1 || (whole > 1 && codeAt(bytes, first) !== ZERO);
  if (!isSound || (decimals === 0 && point >= 0)) return -1;
  const end = isE(code) ? endOfExponent(bytes, at + 1) : at;
  if (end === at && whole + decimals <= MOST_EXACT) {
    const value = digits / (POWERS_OF_TEN[decimals] ?? NaN);
    object[key] = isNegative ? -value : value;
  } else object[key] = Number(text.slice(from, end));
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

/** Reads the text of which the first character, behind the quote, stands here. */
export const readText: Read = ({ bytes, text }, from, object, key) => {
  let isPlain = true;
  let at = from;
  for (let code = codeAt(bytes, at); code !== QUOTE; code = codeAt(bytes, at)) {
    if (!(code >= 0x20)) return -1;
    if (code === BACKSLASH) isPlain = false;
    at += code === BACKSLASH ? 2 : 1;
  }
  const value = isPlain ? own(text.slice(from, at)) : parsedJson(text.slice(from - 1, at + 1));
  object[key] = value;
  return value === undefined ? -1 : at;
};
