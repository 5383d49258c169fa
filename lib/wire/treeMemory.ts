import type { Area, FeeUnit } from '../model/grid.ts';
import { areaPatterns } from './areaPatterns.ts';
import { sound } from './checked.ts';
import { eventPatterns } from './eventPatterns.ts';
import { lettersIn, lettersOf, type Letters } from './letters.ts';
import type { JsonObject } from './scalars.ts';
import { readAgain, readTree, type KnownTree, type TreeReader } from './treeReading.ts';

/** An event with fewer letters is parsed when it is the first, for to learn from it takes longer. */
const LARGE = 100_000;

/** The areas of an event, and the event with an empty tree in place of theirs. */
export interface EventInPlace {
  readonly areas: readonly Area[];
  readonly content: JsonObject;
}

/**
 * Remembers the newest grid tree, so that of the next only what differs has to be read, checked and built: from one
 * event to the next few figures change. Areas that did not change are the same objects again.
 */
export interface TreeMemory {
  /**
   * Reads the tree of this event. Undefined where that would not be faster, and where anything is not as an exchange
   * writes it: then the event has to be read as a whole.
   */
  read(data: string | Uint8Array): EventInPlace | undefined;
}

/** A memory that knows nothing yet. */
export const treeMemory = (feeUnit: FeeUnit): TreeMemory => {
  let isFirst = true;
  let memory: TreeMemory | undefined;
  return {
    read: (data) => {
      const isParsed = isFirst && data.length < LARGE;
      isFirst = false;
      return isParsed ? undefined : (memory ??= memoryOfLetters(feeUnit)).read(data);
    },
  };
};

/** A memory of every event that is written as an exchange does. */
const memoryOfLetters = (feeUnit: FeeUnit): TreeMemory => {
  const reader: TreeReader = { patterns: areaPatterns(), feeUnit };
  const events = eventPatterns();
  const keep = keeper();
  let known: KnownTree | undefined;
  return {
    read: (data) => {
      const letters = lettersOf(data);
      const head = letters && events.read(letters);
      if (letters === undefined || head === undefined) return undefined;
      const { start } = head;
      const tree = sound(
        () => (known && readAgain(known, letters, start, reader)) ?? readTree(letters, start, reader),
      );
      if (tree === undefined) return undefined;
      known = { tree, letters: keep(letters) };
      const content = head.around(tree.end);
      return content && { areas: tree.areas, content };
    },
  };
};

/**
 * Keeps the newest letters in one place. Were the messages themselves kept, each would grow old before the next one comes,
 * and wait for the collector's full run.
 */
const keeper = (): ((letters: Letters) => Letters) => {
  let kept = lettersIn(Buffer.alloc(0));
  return ({ bytes }) => {
    if (bytes.length > kept.bytes.length) kept = lettersIn(Buffer.alloc(Math.ceil(bytes.length * 1.1)));
    kept.bytes.set(bytes);
    return kept;
  };
};
