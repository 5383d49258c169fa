import type { Area, FeeUnit, MarketArea } from '../model/grid.ts';
import { Misfit, misfit } from './checked.ts';
import { readAsset, readMarketArea } from './grid.ts';
import { placeOfMember } from './jsonText.ts';
import { JsonObject } from './scalars.ts';
import { at, followLayout, layOutTree, type Followed, type TreeLayout } from './treeLayout.ts';

/** Under which key an event has its tree. */
export const TREE_KEY = 'grid_tree';

/** The areas of a tree that was recognised, and where it begins and ends. */
export interface Recognised {
  readonly areas: readonly Area[];
  readonly start: number;
  readonly end: number;
}

/**
 * Remembers the newest grid tree, so that of the next only what differs has to be parsed, checked and built: from one
 * event to the next few figures change. Areas that did not change are the same objects again.
 */
export interface TreeMemory {
  /**
   * Reads the tree of this event, if it is the one remembered with other figures in some places, or in all. Undefined
   * where it is not, and where anything is wrong with it: then it has to be read as a whole.
   */
  recognise(text: string): Recognised | undefined;
  /** Remembers the tree of an event that was read as a whole, from a sound JSON text. */
  learn(text: string, areas: readonly Area[]): void;
}

/** A tree as it was read. */
interface ReadTree {
  readonly text: string;
  readonly areas: readonly Area[];
}

/** A tree of which it is known what stands where. */
interface KnownTree {
  readonly layout: TreeLayout;
  readonly areas: readonly Area[];
}

/** A memory that knows nothing yet. */
export const treeMemory = (feeUnit: FeeUnit): TreeMemory => {
  let newest: ReadTree | undefined;
  let known: KnownTree | undefined;
  /** What was read as a whole is laid out only when the next tree comes. */
  const know = (): KnownTree | undefined => {
    if (newest === undefined) return known;
    const { text, areas } = newest;
    newest = undefined;
    const start = placeOfMember(text, TREE_KEY);
    const layout = start === undefined ? undefined : layOutTree(text, start, areas);
    return (known = layout && { layout, areas });
  };
  return {
    recognise: (text) => {
      const last = know();
      const start = last && placeOfMember(text, TREE_KEY);
      const tree = start !== undefined && last ? recogniseAs(last, text, start, feeUnit) : undefined;
      if (tree === undefined) return undefined;
      known = tree;
      return { areas: tree.areas, start: tree.layout.start, end: tree.layout.end };
    },
    learn: (text, areas) => {
      newest = { text, areas };
    },
  };
};

const recogniseAs = (
  { layout, areas }: KnownTree,
  text: string,
  start: number,
  feeUnit: FeeUnit,
): KnownTree | undefined => {
  const followed = followLayout(layout, text, start);
  if (followed === undefined) return undefined;
  const changed = readAnew(areas, followed, feeUnit);
  return changed && { layout: followed.layout, areas: changed };
};

/** The areas with those whose pieces have changed read anew; undefined where one is not as it has to be. */
const readAnew = (
  areas: readonly Area[],
  { layout, changed }: Followed,
  feeUnit: FeeUnit,
): readonly Area[] | undefined => {
  if (changed.length === 0) return areas;
  const result = areas.slice();
  try {
    for (const piece of changed) {
      const place = at(layout.places, piece);
      const area = areas[place];
      // A market of which several fields have changed is read once.
      if (area === undefined || result[place] !== area) continue;
      result[place] =
        area.kind === 'market' ? marketAnew(area, place, layout, feeUnit) : assetAnew(area, piece, layout);
    }
  } catch (error) {
    // It is read as a whole then, which tells what is wrong.
    if (error instanceof Misfit || error instanceof SyntaxError) return undefined;
    throw error;
  }
  return result;
};

const valueOf = ({ text, starts, ends }: TreeLayout, piece: number): unknown =>
  JSON.parse(text.substring(at(starts, piece), at(ends, piece)));

const assetAnew = ({ uuid, parentUuid }: Area, piece: number, layout: TreeLayout): Area => {
  const node = valueOf(layout, piece);
  if (!JsonObject.is(node) || Object.hasOwn(node, 'children')) return misfit('an asset', node);
  const unreadable: Misfit[] = [];
  const asset = readAsset({ uuid, parentUuid }, node, unreadable);
  if (unreadable[0] !== undefined) throw unreadable[0];
  return asset;
};

const marketAnew = (
  { uuid, parentUuid, childUuids }: MarketArea,
  place: number,
  layout: TreeLayout,
  feeUnit: FeeUnit,
): Area => {
  const fields = [...(layout.fields.get(place) ?? [])];
  const node = Object.fromEntries(fields.map(([field, piece]) => [field, valueOf(layout, piece)]));
  return readMarketArea({ uuid, parentUuid }, node, childUuids, feeUnit);
};
