import type { Area, FeeUnit, MarketArea } from '../model/grid.ts';
import type { AreaPatterns } from './areaPatterns.ts';
import type { Misfit, Writable } from './checked.ts';
import { MOST_LEVELS, readAsset, readMarketArea, type Place } from './grid.ts';
import { afterBrace, visitMembers } from './jsonLetters.ts';
import { countSame, type Letters } from './letters.ts';
import type { JsonObject } from './scalars.ts';

/** How areas are read from their places. */
export interface TreeReader {
  readonly patterns: AreaPatterns;
  readonly feeUnit: FeeUnit;
}

/**
 * Areas, and where they stand in the letters of a tree: each asset as a whole, and of each market what comes before its
 * children. Between them stand keys and brackets alone.
 */
export interface PlacedTree {
  readonly areas: readonly Area[];
  /** Where the tree begins and ends. */
  readonly start: number;
  readonly end: number;
  /** Where each area begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Where the same is put down when the next tree is read; what stands there means nothing. */
  readonly room: { readonly starts: Int32Array; readonly ends: Int32Array };
}

/**
 * Reads the tree that begins here, area by area. Undefined where it is not written as an exchange does: then the whole
 * has to be parsed, which tells what is wrong.
 *
 * @throws Misfit where something is not as it has to be, or one of our assets cannot be read
 */
export const readTree = (
  letters: Letters,
  start: number,
  { patterns, feeUnit }: TreeReader,
): PlacedTree | undefined => {
  const areas: Area[] = [];
  const [starts, ends]: [number[], number[]] = [[], []];

  const readArea = (place: Place, from: number, depth: number): number | undefined => {
    const found = patterns.read(letters, from);
    if (found === undefined) return undefined;
    const { object, isMarket, end } = found;
    starts.push(from);
    ends.push(end);
    if (!isMarket) {
      areas.push(soundAsset(place, object));
      return end;
    }
    const market: Writable<MarketArea> = readMarketArea(place, object, [], feeUnit);
    areas.push(market);
    const uuids: string[] = [];
    const over = readBelow(end, place.uuid, depth + 1, uuids);
    // As long as it has to be; what is pushed to has room for more.
    market.childUuids = uuids.slice();
    return over === undefined ? undefined : afterBrace(letters, over);
  };

  /** Reads the areas that begin here and all below them, and says where they end. */
  const readBelow = (
    from: number,
    parentUuid: string | undefined,
    depth: number,
    uuids: string[],
  ): number | undefined => {
    if (depth > MOST_LEVELS) return undefined;
    const end = visitMembers(letters, from, (uuid, place) => {
      // A number as a key comes to another place when all is parsed together.
      if (/^\d+$/.test(uuid)) return undefined;
      uuids.push(uuid);
      return readArea({ uuid, parentUuid }, place, depth);
    });
    // A key that stands twice is one.
    return areDifferent(uuids) ? end : undefined;
  };

  const end = readBelow(start, undefined, 0, []);
  if (end === undefined) return undefined;
  const room = { starts: new Int32Array(areas.length), ends: new Int32Array(areas.length) };
  return { areas, start, end, starts: Int32Array.from(starts), ends: Int32Array.from(ends), room };
};

/** Up to this many are compared with each other in less time than a set of them is made. */
const FEW = 8;

const areDifferent = (texts: readonly string[]): boolean =>
  texts.length > FEW
    ? new Set(texts).size === texts.length
    : texts.every((text, place) => texts.indexOf(text) === place);

/** The asset of a node; one of ours that cannot be read is a Misfit. */
const soundAsset = (place: Place, object: JsonObject): Area => {
  const unreadable: Misfit[] = [];
  const asset = readAsset(place, object, unreadable);
  if (unreadable[0] !== undefined) throw unreadable[0];
  return asset;
};

/** A tree and its letters. */
export interface KnownTree {
  readonly tree: PlacedTree;
  readonly letters: Letters;
}

/** What stands at this index; there is one. */
const at = (numbers: Int32Array, index: number): number => numbers[index] ?? NaN;

/**
 * Reads the tree that begins here as the known one with other figures: areas that are the same to the letter are the
 * same objects again, the others are read. Undefined where it is another tree.
 *
 * The places are put in the room of the known tree, which is of no use any more once the new one is known.
 *
 * @throws Misfit where something is not as it has to be, or one of our assets cannot be read
 */
export const readAgain = (
  { tree: known, letters: knownLetters }: KnownTree,
  letters: Letters,
  start: number,
  { patterns, feeUnit }: TreeReader,
): PlacedTree | undefined => {
  const { starts, ends } = known.room;
  const areas = known.areas.slice();
  let isSame = true;
  /** All before the one place of the known tree is found before the other of the new one. */
  let [old, now] = [known.start, start];
  for (let place = 0; ; place += 1) {
    const same = old + countSame(knownLetters, old, letters, now, known.end - old);
    const shift = now - old;
    for (; at(known.ends, place) <= same; place += 1) {
      starts[place] = at(known.starts, place) + shift;
      ends[place] = at(known.ends, place) + shift;
    }
    if (same === known.end) {
      const room = { starts: known.starts, ends: known.ends };
      return { areas: isSame ? known.areas : areas, start, end: same + shift, starts, ends, room };
    }
    const area = known.areas[place];
    // What differs has to be an area.
    if (area === undefined || same < at(known.starts, place)) return undefined;
    const from = at(known.starts, place) + shift;
    const found = patterns.read(letters, from);
    if (found?.isMarket !== (area.kind === 'market')) return undefined;
    isSame = false;
    areas[place] =
      area.kind === 'market'
        ? readMarketArea(area, found.object, area.childUuids, feeUnit)
        : soundAsset(area, found.object);
    starts[place] = from;
    ends[place] = found.end;
    [old, now] = [at(known.ends, place), found.end];
  }
};
