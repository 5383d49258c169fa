/*
 * Places in a JSON text, found without parsing it. The text need not be sound: whatever is found is parsed later, and
 * what cannot be found is undefined.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

const afterBlanks = (text: string, from: number): number => {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
};

/** A part of a long text as one by itself, with no more memory than it takes: whoever keeps it does not keep the long one. */
export const own = (part: string): string => [part.slice(0, 1), part.slice(1)].join('');

/** The place after the string that begins here with its quote. */
const endOfString = (text: string, from: number): number | undefined => {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return undefined;
};

/** The place after the object or array that begins here. */
const endOfNested = (text: string, from: number): number | undefined => {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
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
const endOfWord = (text: string, from: number): number => {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isBlank(code)) break;
  }
  return at;
};

/** The place after the value that begins here. */
export const endOfValue = (text: string, from: number): number | undefined => {
  const code = text.charCodeAt(from);
  if (code === QUOTE) return endOfString(text, from);
  return code === OPEN_BRACE || code === OPEN_BRACKET ? endOfNested(text, from) : endOfWord(text, from);
};

/**
 * The place after the object that begins here, if it ends before the limit. A brace within a string counts, too: whoever
 * parses what was found knows that it is what it was taken for.
 *
 * To hop from brace to brace is several times as fast as to go through the text.
 *
 * @param depth how many objects are open here already; what is looked for is the end of the outermost
 */
export const endOfBraces = (text: string, from: number, limit: number, depth = 0): number | undefined => {
  if (depth === 0 && text.charCodeAt(from) !== OPEN_BRACE) return undefined;
  let open = text.indexOf('{', from);
  let left = depth;
  for (
    let close = text.indexOf('}', from);
    close >= 0 && close < limit;
    close = text.indexOf('}', close + 1)
  ) {
    for (; open >= 0 && open < close; open = text.indexOf('{', open + 1)) left += 1;
    left -= 1;
    if (left === 0) return close + 1;
  }
  return undefined;
};

/** Visits what stands between these brackets, with commas in between; the brackets begin here. */
const visitItems = (
  text: string,
  from: number,
  [open, close]: readonly [open: number, close: number],
  visit: (start: number) => number | undefined,
): number | undefined => {
  if (text.charCodeAt(from) !== open) return undefined;
  let at = afterBlanks(text, from + 1);
  if (text.charCodeAt(at) === close) return at + 1;
  for (;;) {
    const end = visit(at);
    if (end === undefined) return undefined;
    at = afterBlanks(text, end);
    if (text.charCodeAt(at) === close) return at + 1;
    if (text.charCodeAt(at) !== COMMA) return undefined;
    at = afterBlanks(text, at + 1);
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
  text: string,
  from: number,
  visit: (key: string, start: number) => number | undefined,
): number | undefined =>
  visitItems(text, from, BRACES, (at) => {
    if (text.charCodeAt(at) !== QUOTE) return undefined;
    const quote = text.indexOf('"', at + 1);
    const key = text.slice(at + 1, quote);
    const colon = afterBlanks(text, quote + 1);
    if (quote < 0 || key.includes('\\') || text.charCodeAt(colon) !== COLON) return undefined;
    return visit(key, afterBlanks(text, colon + 1));
  });

/**
 * Visits the elements of the array that begins here.
 *
 * @param visit is told where each begins, and says where it ends; undefined ends the visit
 * @returns the place after the array, undefined where the visit has ended or this is no array
 */
export const visitElements = (
  text: string,
  from: number,
  visit: (start: number) => number | undefined,
): number | undefined => visitItems(text, from, BRACKETS, visit);

/** Where the value of this key of the object begins that the text is. */
export const placeOfMember = (text: string, key: string): number | undefined => {
  let place: number | undefined;
  visitMembers(text, 0, (candidate, start) => {
    if (candidate !== key) return endOfValue(text, start);
    place = start;
    return undefined;
  });
  return place;
};

/** Where the next value begins that stands under this key, in whatever object; undefined where there is none. */
export const placeOfNext = (text: string, key: string, from: number): number | undefined => {
  const quoted = `"${key}"`;
  for (let at = text.indexOf(quoted, from); at >= 0; at = text.indexOf(quoted, at + 1)) {
    const colon = afterBlanks(text, at + quoted.length);
    if (text.charCodeAt(colon) === COLON) return afterBlanks(text, colon + 1);
  }
  return undefined;
};
