import { parsedAround } from './jsonAround.ts';
import { endOfValue, placeOfMember } from './jsonLetters.ts';
import { textBetween, type Letters } from './letters.ts';
import { learnObject, type ObjectPattern, type TextKeys } from './objectPattern.ts';
import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';

/** Under which key a market has its children, behind all others; what has none is an asset. */
const CHILDREN = 'children';

/** An area as JSON. The next one of its kind is read into the same object. */
export interface AreaNode {
  /** All of an asset; of a market all but its children. */
  readonly object: JsonObject;
  readonly isMarket: boolean;
  /** Where an asset ends, or the children of a market begin. */
  readonly end: number;
}

/** Reads areas by how others of their kind were written. */
export interface AreaPatterns {
  /** The area that begins here; undefined where it is not written as an exchange does. */
  read(letters: Letters, from: number): AreaNode | undefined;
}

/** How areas of one kind are written. */
interface AreaPattern extends AreaNode {
  end: number;
  readonly pattern: ObjectPattern;
  /** The one by which the area behind was read, the last time: houses are alike. */
  next: AreaPattern | undefined;
}

/** Several times as many as there are kinds of areas, with and without bills and statistics. */
const MOST_PATTERNS = 64;

const TEXTS: TextKeys = { read: new Set(['area_name']), passed: new Set(), nested: new Set() };

/** Patterns that are learned from areas as they come; none is known yet. */
export const areaPatterns = (): AreaPatterns => {
  const patterns: AreaPattern[] = [];
  /** By which the last area was read. */
  let last: AreaPattern | undefined;
  const learn = (area: AreaNode, letters: Letters, from: number): void => {
    const { object, isMarket, end } = area;
    const learned = learnObject(letters, [from, end], object, TEXTS);
    if (learned === undefined) return;
    if (patterns.length >= MOST_PATTERNS) patterns.shift();
    patterns.push({ object, isMarket, end, pattern: learned[0], next: undefined });
  };
  return {
    read: (letters, from) => {
      const usual = last?.next;
      const found =
        usual && isReadAs(usual, letters, from)
          ? usual
          : patterns.find((candidate) => candidate !== usual && isReadAs(candidate, letters, from));
      if (found) {
        if (last) last.next = found;
        return (last = found);
      }
      const area = parsedArea(letters, from);
      if (area) learn(area, letters, from);
      return area;
    },
  };
};

const isReadAs = (area: AreaPattern, letters: Letters, from: number): boolean => {
  area.end = area.pattern.read(letters, from);
  return area.end >= 0;
};

const parsedArea = (letters: Letters, from: number): AreaNode | undefined => {
  const children = placeOfMember(letters, CHILDREN, from);
  if (children !== undefined) {
    const object = parsedAround(textBetween(letters, from, children), CHILDREN, '}');
    return object && { object, isMarket: true, end: children };
  }
  const end = endOfValue(letters, from);
  const object = end === undefined ? undefined : parsedJson(textBetween(letters, from, end));
  return end !== undefined && JsonObject.is(object) && object[CHILDREN] === undefined
    ? { object, isMarket: false, end }
    : undefined;
};
