import type { Area, FeeUnit } from '../model/grid.ts';
import { areaPatterns } from './areaPatterns.ts';
import { Misfit } from './checked.ts';
import { placeOfMember } from './jsonLetters.ts';
import { lettersIn, lettersOf, textBetween, type Letters } from './letters.ts';
import { readAgain, readTree, type KnownTree, type TreeReader } from './treeReading.ts';

/** Under which key an event has its tree. */
export const TREE_KEY = 'grid_tree';

/** An event with this many letters is read in its place even if it is the first; to learn from a shorter one takes longer. */
const LARGE = 30_000;

/** The areas of a tree, and what of the event stands around it. */
export interface TreeInEvent {
  readonly areas: readonly Area[];
  readonly before: string;
  readonly after: string;
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
  read(data: string | Uint8Array): TreeInEvent | undefined;
}

/** A memory that knows nothing yet. */
export const treeMemory = (feeUnit: FeeUnit): TreeMemory => {
  const reader: TreeReader = { patterns: areaPatterns(), feeUnit };
  const keep = keeper();
  let known: KnownTree | undefined;
  let isFirst = true;
  return {
    read: (data) => {
      const isShort = isFirst && data.length < LARGE;
      isFirst = false;
      const letters = isShort ? undefined : lettersOf(data);
      const start = letters && placeOfMember(letters, TREE_KEY);
      if (letters === undefined || start === undefined) return undefined;
      const tree = sound(
        () => (known && readAgain(known, letters, start, reader)) ?? readTree(letters, start, reader),
      );
      if (tree === undefined) return undefined;
      const { areas, end } = tree;
      known = { ...tree, letters: keep(letters) };
      return { areas, before: textBetween(letters, 0, start), after: textBetween(letters, end) };
    },
  };
};

/** What is read; undefined where something is not as it has to be, of which the parsed whole tells. */
const sound = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    Misfit.of(error);
    return undefined;
  }
};

/**
 * Keeps the newest letters in one place. Were the message itself kept, each would grow old before the next one comes, and
 * wait for the collector's full run.
 */
const keeper = (): ((letters: Letters) => Letters) => {
  let kept = lettersIn(Buffer.alloc(0));
  return ({ bytes }) => {
    const { length } = bytes;
    if (length > kept.bytes.length) kept = lettersIn(Buffer.alloc(Math.ceil(length * 1.1)));
    kept.bytes.set(bytes);
    return kept;
  };
};
