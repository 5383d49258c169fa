import type { Area, FeeUnit } from '../model/grid.ts';
import { readAssetText, readMarketText } from './areaTexts.ts';
import { Misfit } from './checked.ts';
import { placeOfMember } from './jsonText.ts';
import { at, followLayout, layOutTree, type Followed, type TreeLayout } from './treeLayout.ts';
import { readInParts, type ReadTree } from './treeReading.ts';

/** Under which key an event has its tree. */
export const TREE_KEY = 'grid_tree';

/** A text as long as this is read in parts, characters; a shorter one is read before the collector comes. */
const LARGE = 1_500_000;
const isLarge = ({ length }: string): boolean => length >= LARGE;
/** How long the parts are, characters. */
const PART = 128_000;

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
   */
  read(text: string): PlacedTree | undefined;
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
    read: (text) => {
      const last = know();
      const start = last !== undefined || isLarge(text) ? placeOfMember(text, TREE_KEY) : undefined;
      if (start === undefined) return undefined;
      const again = last && sound(() => readAgain(last, text, start, feeUnit));
      if (again !== undefined) {
        known = again;
        return { areas: again.areas, start, end: again.layout.end };
      }
      const tree = isLarge(text) ? sound(() => readInParts(text, start, feeUnit, PART)) : undefined;
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
  text: string,
  start: number,
  feeUnit: FeeUnit,
): KnownTree | undefined => {
  const followed = followLayout(layout, text, start);
  return followed && { layout: followed.layout, areas: readAnew(areas, followed, feeUnit) };
};

const readAnew = (
  areas: readonly Area[],
  { layout, changed }: Followed,
  feeUnit: FeeUnit,
): readonly Area[] => {
  if (changed.length === 0) return areas;
  const { text, starts, ends, places, firsts, lasts } = layout;
  const textOf = (piece: number): string => text.substring(at(starts, piece), at(ends, piece));
  const result = areas.slice();
  for (const piece of changed) {
    const place = at(places, piece);
    const area = areas[place];
    if (area === undefined) continue;
    if (area.kind !== 'market') result[place] = readAssetText(placeOf(area), textOf(piece));
    // A market of which both pieces have changed is read once.
    else if (result[place] === area) {
      const around = [textOf(at(firsts, place)), textOf(at(lasts, place))] as const;
      result[place] = readMarketText(placeOf(area), around, area.childUuids, feeUnit);
    }
  }
  return result;
};

const placeOf = ({ uuid, parentUuid }: Area) => ({ uuid, parentUuid });
