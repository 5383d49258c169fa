import { parsedAround } from './jsonAround.ts';
import { placeOfMember } from './jsonLetters.ts';
import { textBetween, type Letters } from './letters.ts';
import { learnObject, type ObjectPattern, type Span, type TextKeys } from './objectPattern.ts';
import type { JsonObject } from './scalars.ts';

/** Under which key an event has its tree. */
const TREE_KEY = 'grid_tree';

/** An event of which the tree is not read yet. */
export interface EventHead {
  /** Where the tree begins. */
  readonly start: number;
  /** The event around the tree that ends there, an empty one in its place; undefined where it is none. */
  around(end: number): JsonObject | undefined;
}

/** Reads what stands around the trees of events by how others were written: nearly all are ticks. */
export interface EventPatterns {
  /** The event of these letters; undefined where it has no tree. */
  read(letters: Letters): EventHead | undefined;
}

type EventPattern = readonly [before: ObjectPattern, after: ObjectPattern];

/** Market events and ticks, with and without a simulation's id, and more of each to come. */
const MOST_PATTERNS = 8;

const TEXTS: TextKeys = {
  read: new Set(['slot_completion', 'market_slot', 'simulation_id']),
  passed: new Set(),
  nested: new Set(),
};

/** Patterns that are learned from events as they come; none is known yet. */
export const eventPatterns = (): EventPatterns => {
  const patterns: EventPattern[] = [];
  const learn = (letters: Letters, gap: Span, object: JsonObject): void => {
    const [before, after] = learnObject(letters, [0, letters.bytes.length], object, TEXTS, gap) ?? [];
    if (!before || !after) return;
    if (patterns.length >= MOST_PATTERNS) patterns.shift();
    patterns.push([before, after]);
  };
  const parsed = (letters: Letters, gap: Span): JsonObject | undefined => {
    const object = parsedAround(textBetween(letters, 0, gap[0]), TREE_KEY, textBetween(letters, gap[1]));
    // Of trades there are never two that are alike.
    if (object?.event === 'tick' || object?.event === 'market') learn(letters, gap, object);
    return object;
  };
  return {
    read: (letters) => {
      let afterHead = -1;
      const usual = patterns.find(([before]) => (afterHead = before.read(letters, 0)) >= 0);
      const start = usual ? afterHead : placeOfMember(letters, TREE_KEY);
      if (start === undefined) return undefined;
      const isReadAs = (pattern: EventPattern, end: number): boolean => {
        const [before, after] = pattern;
        const isBegun = pattern === usual || before.read(letters, 0) === start;
        return isBegun && after.read(letters, end) === letters.bytes.length;
      };
      return {
        start,
        around: (end) =>
          patterns.find((pattern) => isReadAs(pattern, end))?.[0].object ?? parsed(letters, [start, end]),
      };
    },
  };
};
