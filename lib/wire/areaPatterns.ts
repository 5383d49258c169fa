import { endOfValue, own, visitMembers } from './jsonText.ts';
import { Literal, readNumber, readText, type Letters, type Source } from './letters.ts';
import { JsonObject } from './scalars.ts';

/** Under which key a market has its children; what has none is an asset. */
export const CHILDREN = 'children';

/**
 * How areas of one kind are written: with the same keys in the same order, whatever their figures are. Of another area
 * written like that only the values have to be read, in a third of the time in which it would be parsed.
 */
export interface AreaPattern {
  /** The area that was read last, the next one is read into the same object; without the children of a market. */
  readonly node: JsonObject;
  /** Where that area ends, or the children of a market begin. */
  end: number;
  readonly isMarket: boolean;
  readonly values: readonly Value[];
  /** The one by which the next area was read, the last time: houses are alike. */
  next: AreaPattern | undefined;
  /** What stands behind the last value. */
  readonly last: Literal;
}

/** A number or a text of an area. */
interface Value {
  /** What stands between the value before and this one, with the quote with which a text begins. */
  readonly before: Literal;
  readonly isText: boolean;
  /** Where it belongs. */
  readonly object: Record<string, unknown>;
  readonly key: string;
}

/** Remembers how areas are written. */
export interface AreaPatterns {
  /** Reads the area that begins here; undefined where it is written in no way that is known, or is no sound JSON. */
  read(source: Source, from: number): AreaPattern | undefined;
  /** Remembers how the area that begins here is written, of which this was parsed. */
  learn(source: Source, from: number, node: JsonObject): void;
}

/** Several times as many as there are kinds of areas, with and without bills and statistics. */
const MOST_PATTERNS = 64;
/** An area with more characters or levels is none of an exchange. */
const LONGEST = 10_000;
const MOST_LEVELS = 8;

/** A memory that knows nothing yet. */
export const areaPatterns = (): AreaPatterns => {
  const patterns: AreaPattern[] = [];
  /** By which the last area was read. */
  let last: AreaPattern | undefined;
  return {
    read: ({ letters }, from) => {
      if (letters === undefined) return undefined;
      const usual = last?.next;
      const pattern =
        usual && readAs(usual, letters, from)
          ? usual
          : patterns.find((candidate) => candidate !== usual && readAs(candidate, letters, from));
      if (pattern === undefined) return undefined;
      if (last !== undefined) last.next = pattern;
      return (last = pattern);
    },
    learn: ({ letters }, from, node) => {
      const pattern = letters && patternOf(letters, from, node);
      if (pattern === undefined) return;
      if (patterns.length >= MOST_PATTERNS) patterns.shift();
      patterns.push(pattern);
    },
  };
};

const patternOf = (letters: Letters, from: number, node: JsonObject): AreaPattern | undefined => {
  const { text } = letters;
  const values: Value[] = [];
  let over = from;
  let childrenAt: number | undefined;
  const visit = (object: Record<string, unknown>, start: number, depth: number): number | undefined =>
    visitMembers(text, start, (key, place) => {
      // A prototype would not be set as a key.
      if (key === '__proto__' || depth > MOST_LEVELS || place - from > LONGEST) return undefined;
      if (depth === 0 && key === CHILDREN) {
        childrenAt = place;
        return undefined;
      }
      const value = object[key];
      if (JsonObject.is(value)) return visit(value, place, depth + 1);
      const end = endOfValue(text, place);
      const isText = typeof value === 'string';
      if (end === undefined || !(isText || typeof value === 'number')) return end;
      const before = new Literal(letters, over, isText ? place + 1 : place);
      values.push({ before, isText, object, key: own(key) });
      over = isText ? end - 1 : end;
      return end;
    });
  const end = visit(node, from, 0) ?? childrenAt;
  if (end === undefined) return undefined;
  return {
    node,
    end,
    isMarket: childrenAt !== undefined,
    next: undefined,
    values,
    last: new Literal(letters, over, end),
  };
};

/** Whether the area that begins here is written like that; if so, it has been read. */
const readAs = (pattern: AreaPattern, source: Letters, from: number): boolean => {
  let at = from;
  for (const { before, isText, object, key } of pattern.values) {
    at = before.endAt(source, at);
    if (at < 0) return false;
    at = isText ? readText(source, at, object, key) : readNumber(source, at, object, key);
    if (at < 0) return false;
  }
  pattern.end = pattern.last.endAt(source, at);
  return pattern.end >= 0;
};
