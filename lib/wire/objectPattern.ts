import { endOfValue, visitMembers } from './jsonLetters.ts';
import { countSame, lettersIn, lettersOf, type Letters } from './letters.ts';
import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';
import {
  passNestedText,
  passText,
  readNestedText,
  readNumber,
  readText,
  type ValueReader,
} from './valueReaders.ts';

/** What becomes of the texts in an object, by their keys; under any other key always the same text stands. */
export interface TextKeys {
  /** Those that are read. */
  readonly read: ReadonlySet<string>;
  /** Those that are any text, and not read. */
  readonly passed: ReadonlySet<string>;
  /** Those that are an object, as JSON in a string. */
  readonly nested: ReadonlySet<string>;
}

/** A value of an object. */
interface Value {
  /** Where what stands between the value before and this one begins, and its length; the quote before a text is of it. */
  readonly from: number;
  readonly length: number;
  readonly read: ValueReader;
  /** Where it belongs. */
  readonly object: Record<string, unknown>;
  readonly key: string;
}

/**
 * How objects of one kind are written: with the same keys in the same order, whatever their values are. Of another one
 * written like that only the values have to be read, in a fourth of the time in which it would be parsed.
 */
export class ObjectPattern {
  /** The object that was read last; the next one is read into the same. */
  readonly object: JsonObject;
  readonly #values: readonly Value[];
  /** The one that was learned from, of which only what stands around the values means anything. */
  readonly #written: Letters;
  /** Where what stands behind the last value begins. */
  readonly #last: number;

  constructor(object: JsonObject, values: readonly Value[], written: Letters, last: number) {
    this.object = object;
    this.#values = values;
    this.#written = written;
    this.#last = last;
  }

  /** Reads the object that begins here, and says where it ends; -1 where it is not written like that. */
  read(letters: Letters, from: number): number {
    const written = this.#written;
    let at = from;
    for (const { from: before, length, read, object, key } of this.#values) {
      if (countSame(written, before, letters, at, length) < length) return -1;
      at = read(letters, at + length, object, key);
      if (at < 0) return -1;
    }
    const left = written.bytes.length - this.#last;
    return countSame(written, this.#last, letters, at, left) < left ? -1 : at + left;
  }
}

/** An object with more letters, without a gap, or more levels is none of an exchange. */
const LONGEST = 10_000;
const MOST_LEVELS = 8;

/** Where the letters of an object stand in the message: others than its own, where it is JSON in a string. */
interface Level {
  readonly letters: Letters;
  readonly isNested: boolean;
  readonly placeOf: (at: number) => number;
}

/** From where to where. */
export type Span = readonly [from: number, end: number];

/**
 * Learns how the object is written that stands here: one pattern, or two around a gap, both of which read into the same
 * object. Undefined where it is not written as an exchange does.
 *
 * @param span where it stands; if it ends where the value of its last key begins, that value is no part of it
 * @param object what was parsed of it, which belongs to the patterns from now on
 * @param gap where a value stands that is no part of it
 */
export const learnObject = (
  letters: Letters,
  [from, end]: Span,
  object: JsonObject,
  keys: TextKeys,
  gap: Span = [end, end],
): readonly [ObjectPattern, ...ObjectPattern[]] | undefined => {
  if (end - from - (gap[1] - gap[0]) > LONGEST) return undefined;
  const parts: ObjectPattern[] = [];
  let values: Value[] = [];
  let begin = from;
  /** Up to where all is known, and whether that is the end. */
  const visited = { over: from, isEnd: false };
  const endPart = (place: number): void => {
    const written = lettersIn(Buffer.from(letters.bytes.subarray(begin, place)));
    parts.push(new ObjectPattern(object, values, written, visited.over - begin));
    values = [];
  };
  const add = (read: ValueReader, owner: Value['object'], key: string, place: number, valueEnd: number) => {
    values.push({ from: visited.over - begin, length: place - visited.over, read, object: owner, key });
    visited.over = valueEnd;
  };

  const visit = (owner: Value['object'], level: Level, start: number, depth: number): number | undefined =>
    visitMembers(level.letters, start, (key, place) => {
      const { isNested, placeOf } = level;
      visited.isEnd = placeOf(place) === end;
      // A prototype would not be set as a key.
      if (visited.isEnd || key === '__proto__' || depth > MOST_LEVELS) return undefined;
      if (placeOf(place) === gap[0]) {
        endPart(place);
        return (visited.over = begin = gap[1]);
      }
      const value = owner[key];
      if (JsonObject.is(value)) return visit(value, level, place, depth + 1);
      const valueEnd = endOfValue(level.letters, place);
      if (valueEnd === undefined) return undefined;
      if (typeof value === 'number') add(readNumber, owner, key, placeOf(place), placeOf(valueEnd));
      if (typeof value !== 'string') return valueEnd;
      if (keys.nested.has(key) && !isNested)
        return visitNested(owner, key, value, [place + 1, valueEnd - 1]) ? valueEnd : undefined;
      const readers = isNested ? NESTED_TEXTS : TEXTS;
      const reader = keys.read.has(key) ? readers.read : keys.passed.has(key) ? readers.pass : undefined;
      if (reader) add(reader, owner, key, placeOf(place + 1), placeOf(valueEnd - 1));
      return valueEnd;
    });
  const visitNested = (
    owner: Value['object'],
    key: string,
    text: string,
    [first, last]: readonly [number, number],
  ): boolean => {
    const inner = parsedJson(text);
    const innerLetters = lettersOf(text);
    const places = placesOfSigns(letters, first, last);
    if (!JsonObject.is(inner) || innerLetters === undefined || places.length !== text.length + 1)
      return false;
    owner[key] = inner;
    const level = { letters: innerLetters, isNested: true, placeOf: (at: number) => places[at] ?? NaN };
    return visit(inner, level, 0, 1) === text.length;
  };

  const objectEnd = visit(object, { letters, isNested: false, placeOf: (at) => at }, from, 0);
  if (objectEnd !== end && !visited.isEnd) return undefined;
  endPart(end);
  const [first, ...others] = parts;
  return first && [first, ...others];
};

const TEXTS = { read: readText, pass: passText };
const NESTED_TEXTS = { read: readNestedText, pass: passNestedText };

/** Where the signs of a string stand, and where it ends. */
const placesOfSigns = ({ bytes }: Letters, first: number, last: number): readonly number[] => {
  const places: number[] = [];
  for (let at = first; at < last; at += bytes[at] === BACKSLASH ? (bytes[at + 1] === U ? 6 : 2) : 1)
    places.push(at);
  return [...places, last];
};

const [BACKSLASH, U] = [0x5c, 0x75];
