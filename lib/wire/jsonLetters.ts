import { textBetween, type Letters } from './letters.ts';

/*
 * Places in a JSON text, found without parsing it. The text need not be sound: whatever is found is parsed later, or
 * known to be sound, and what cannot be found is undefined.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

const isBlank = (code: number | undefined): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

const afterBlanks = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (isBlank(bytes[at])) at += 1;
  return at;
};

/** The place after the string that begins here with its quote. */
const endOfString = (bytes: Uint8Array, from: number): number | undefined => {
  for (let at = from + 1; at < bytes.length; at += bytes[at] === BACKSLASH ? 2 : 1)
    if (bytes[at] === QUOTE) return at + 1;
  return undefined;
};

/** The place after the object or array that begins here. */
const endOfNested = (bytes: Uint8Array, from: number): number | undefined => {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const code = bytes[at];
    if (code === QUOTE) {
      const end = endOfString(bytes, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
};

/** The place after the number, `true`, `false` or `null` that begins here. */
const endOfWord = (bytes: Uint8Array, from: number): number => {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const code = bytes[at];
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isBlank(code)) break;
  }
  return at;
};

/** The place after the value that begins here. */
export const endOfValue = ({ bytes }: Letters, from: number): number | undefined => {
  const code = bytes[from];
  if (code === QUOTE) return endOfString(bytes, from);
  return code === OPEN_BRACE || code === OPEN_BRACKET ? endOfNested(bytes, from) : endOfWord(bytes, from);
};

/** The place after the brace that stands here; undefined where none does. */
export const afterBrace = ({ bytes }: Letters, from: number): number | undefined =>
  bytes[from] === CLOSE_BRACE ? from + 1 : undefined;

/** Visits what stands between these brackets, with commas in between; the brackets begin here. */
const visitItems = (
  bytes: Uint8Array,
  from: number,
  [open, close]: readonly [open: number, close: number],
  visit: (start: number) => number | undefined,
): number | undefined => {
  if (bytes[from] !== open) return undefined;
  let at = afterBlanks(bytes, from + 1);
  if (bytes[at] === close) return at + 1;
  for (;;) {
    const end = visit(at);
    if (end === undefined) return undefined;
    at = afterBlanks(bytes, end);
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== COMMA) return undefined;
    at = afterBlanks(bytes, at + 1);
  }
};

const BRACES = [OPEN_BRACE, CLOSE_BRACE] as const;
const BRACKETS = [OPEN_BRACKET, CLOSE_BRACKET] as const;

/**
 * Visits the members of the object that begins here, in the order of the text. Keys with escapes are not understood.
 *
 * @param visit is told each key and where its value begins, and says where the value ends; undefined ends the visit
 * @returns the place after the object, undefined where the visit has ended or this is no object
 */
export const visitMembers = (
  letters: Letters,
  from: number,
  visit: (key: string, start: number) => number | undefined,
): number | undefined => {
  const { bytes } = letters;
  return visitItems(bytes, from, BRACES, (at) => {
    const end = bytes[at] === QUOTE ? endOfString(bytes, at) : undefined;
    const key = end === undefined ? undefined : textBetween(letters, at + 1, end - 1);
    if (end === undefined || key === undefined || key.includes('\\')) return undefined;
    const colon = afterBlanks(bytes, end);
    return bytes[colon] === COLON ? visit(key, afterBlanks(bytes, colon + 1)) : undefined;
  });
};

/**
 * Visits the elements of the array that begins here.
 *
 * @param visit is told where each begins, and says where it ends; undefined ends the visit
 * @returns the place after the array, undefined where the visit has ended or this is no array
 */
export const visitElements = (
  { bytes }: Letters,
  from: number,
  visit: (start: number) => number | undefined,
): number | undefined => visitItems(bytes, from, BRACKETS, visit);

/** Where the value of this key of the object begins that begins here; undefined where there is none. */
export const placeOfMember = (letters: Letters, key: string, from = 0): number | undefined => {
  let place: number | undefined;
  visitMembers(letters, from, (candidate, start) => {
    if (candidate !== key) return endOfValue(letters, start);
    place = start;
    return undefined;
  });
  return place;
};
