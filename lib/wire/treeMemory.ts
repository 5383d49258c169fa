import type { Area, FeeUnit } from '../model/grid.ts';
import { areaReader, type AreaReader, type Part } from './areaReader.ts';
import { Misfit } from './checked.ts';
import { placeOfMember } from './jsonText.ts';
import { sourceOf, type Source } from './letters.ts';
import { at, followLayout, layOutTree, type Followed, type TreeLayout } from './treeLayout.ts';
import { readInPlace, type ReadTree } from './treeReading.ts';

/** Under which key an event has its tree. */
export const TREE_KEY = 'grid_tree';

/** A text as long as this is read in its place even if nothing is known of it, characters; to learn has its price, too. */
const LARGE = 30_000;
const isLarge = ({ length }: string): boolean => length >= LARGE;

/** The areas of a tree that was read, and where it begins and ends. */
export interface PlacedTree extends ReadTree {
  readonly start: number;
}

/**
 * Remembers the newest grid tree, so that of the next only what differs has to be parsed, checked and built: from one
 * event to the next few figures change. Areas that did not change are the same objects again.
 */
export interface TreeMemory {
  /**
   * Reads the tree of this event. Undefined where it is neither large nor the one remembered with other figures in some
   * places, or in all, and where anything is wrong with it: then it has to be read as a whole.
   *
   * @param data the same as it came
   */
  read(text: string, data: string | Uint8Array): PlacedTree | undefined;
  /** Remembers the tree of an event that was read as a whole, from a sound JSON text. */
  learn(text: string, areas: readonly Area[]): void;
}

/** A tree of which it is known what stands where. */
interface KnownTree {
  readonly layout: TreeLayout;
  readonly areas: readonly Area[];
}

/** A memory that knows nothing yet. */
export const treeMemory = (feeUnit: FeeUnit): TreeMemory => {
  const reader = areaReader(feeUnit);
  let newest: { readonly text: string; readonly areas: readonly Area[] } | undefined;
  let known: KnownTree | undefined;
  /** What was read anew is laid out only when the next tree comes. */
  const know = (): KnownTree | undefined => {
    if (newest === undefined) return known;
    const { text, areas } = newest;
    newest = undefined;
    const start = placeOfMember(text, TREE_KEY);
    const layout = start === undefined ? undefined : layOutTree(text, start, areas);
    return (known = layout && { layout, areas });
  };
  const learn = (text: string, areas: readonly Area[]) => {
    newest = { text, areas };
  };
  return {
    read: (text, data) => {
      const last = know();
      const start = last !== undefined || isLarge(text) ? placeOfMember(text, TREE_KEY) : undefined;
      if (start === undefined) return undefined;
      const source = sourceOf(text, data);
      const again = last && sound(() => readAgain(last, source, start, reader));
      if (again !== undefined) {
        known = again;
        return { areas: again.areas, start, end: again.layout.end };
      }
      const tree = isLarge(text) ? sound(() => readInPlace(source, start, reader)) : undefined;
      if (tree === undefined) return undefined;
      learn(text, tree.areas);
      return { ...tree, start };
    },
    learn,
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

/** The tree that is known, with those areas read anew whose texts have changed; undefined where it is another one. */
const readAgain = (
  { layout, areas }: KnownTree,
  source: Source,
  start: number,
  reader: AreaReader,
): KnownTree | undefined => {
  const followed = followLayout(layout, source.text, start);
  return followed && { layout: followed.layout, areas: readAnew(areas, source, followed, reader) };
};

const readAnew = (
  areas: readonly Area[],
  source: Source,
  { layout, changed }: Followed,
  reader: AreaReader,
): readonly Area[] => {
  if (changed.length === 0) return areas;
  const { starts, ends, places, firsts, lasts } = layout;
  const part = (piece: number): Part => [at(starts, piece), at(ends, piece)];
  const result = areas.slice();
  for (const piece of changed) {
    const place = at(places, piece);
    const area = areas[place];
    if (area === undefined) continue;
    if (area.kind !== 'market') result[place] = reader.asset(placeOf(area), source, part(piece));
    // A market of which both pieces have changed is read once.
    else if (result[place] === area) {
      const parts = [part(at(firsts, place)), part(at(lasts, place))] as const;
      result[place] = reader.market(placeOf(area), source, parts, area.childUuids);
    }
  }
  return result;
};

const placeOf = ({ uuid, parentUuid }: Area) => ({ uuid, parentUuid });
