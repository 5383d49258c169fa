import type { Area, MarketArea } from '../model/grid.ts';
import { CHILDREN } from './areaPatterns.ts';
import { assetOf, isEndOfMarket, type AreaReader } from './areaReader.ts';
import { MOST_LEVELS, readMarketArea, type Place } from './grid.ts';
import { endOfBraces, own, placeOfNext, visitMembers } from './jsonText.ts';
import type { Source } from './letters.ts';

/** The areas of a tree that was read, and where it ends. */
export interface ReadTree {
  readonly areas: readonly Area[];
  readonly end: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads the tree that begins here, area by area. Undefined where the text is not as an exchange writes it: then the
 * whole has to be parsed, which tells what is wrong.
 *
 * @throws Misfit where something is not as it has to be, or one of our assets cannot be read
 */
export const readInPlace = (source: Source, start: number, reader: AreaReader): ReadTree | undefined => {
  const { text } = source;
  const areas: (Area | undefined)[] = [];
  /** Where the next market has its children, from the last place on for which it was asked. */
  let nextChildren = -1;

  /** Reads the areas that begin here and all below them, and says where they end. */
  const readBelow = (
    from: number,
    parentUuid: string | undefined,
    depth: number,
    uuids: string[],
  ): number | undefined => {
    if (depth > MOST_LEVELS) return undefined;
    const end = visitMembers(text, from, (key, value) => {
      // A number as a key comes to another place when all is parsed together.
      if (/^\d+$/.test(key)) return undefined;
      const uuid = own(key);
      uuids.push(uuid);
      return readArea({ uuid, parentUuid }, value, depth);
    });
    // A key that stands twice is one.
    return areDifferent(uuids) ? end : undefined;
  };

  const readArea = (place: Place, from: number, depth: number): number | undefined => {
    const known = reader.known(source, from);
    if (known === undefined) return readUnknown(place, from, depth);
    const { node, end, isMarket } = known;
    if (!isMarket) {
      areas.push(assetOf(place, node));
      return end;
    }
    const market: Writable<MarketArea> = readMarketArea(place, node, [], reader.feeUnit);
    areas.push(market);
    const uuids: string[] = [];
    const over = readBelow(end, place.uuid, depth + 1, uuids);
    // As long as it has to be; what is pushed to has room for more.
    market.childUuids = uuids.slice();
    return over !== undefined && isEndOfMarket(text, over) ? over + 1 : undefined;
  };

  const readUnknown = (place: Place, from: number, depth: number): number | undefined => {
    if (nextChildren < from) nextChildren = placeOfNext(text, CHILDREN, from) ?? Infinity;
    const children = nextChildren;
    const asset = endOfBraces(text, from, children);
    if (asset !== undefined) {
      areas.push(reader.asset(place, source, [from, asset]));
      return asset;
    }
    const at = areas.length;
    const uuids: string[] = [];
    // It stands before those below it, and is read after them.
    areas.push(undefined);
    const over = readBelow(children, place.uuid, depth + 1, uuids);
    const end = over === undefined ? undefined : endOfBraces(text, over, Infinity, 1);
    if (over === undefined || end === undefined) return undefined;
    areas[at] = reader.market(
      place,
      source,
      [
        [from, children],
        [over, end],
      ],
      uuids,
    );
    return end;
  };

  const end = readBelow(start, undefined, 0, []);
  return end === undefined ? undefined : { areas: areas as Area[], end };
};

/** Up to this many are compared with each other in less time than a set of them is made. */
const FEW = 8;

const areDifferent = (texts: readonly string[]): boolean =>
  texts.length > FEW
    ? new Set(texts).size === texts.length
    : texts.every((text, place) => texts.indexOf(text) === place);
