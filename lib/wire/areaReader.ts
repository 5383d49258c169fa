import type { Area, FeeUnit, MarketArea } from '../model/grid.ts';
import { areaPatterns, CHILDREN, type AreaPattern } from './areaPatterns.ts';
import { misfit, type Misfit } from './checked.ts';
import { readAsset, readMarketArea, type Place } from './grid.ts';
import { parsedAround } from './jsonAround.ts';
import type { Source } from './letters.ts';
import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';

/** Where a part of a text begins and ends. */
export type Part = readonly [start: number, end: number];

/** Reads areas from where they stand in a text, and learns how they are written. What is not as it has to be is a Misfit. */
export interface AreaReader {
  readonly feeUnit: FeeUnit;
  /** The area that begins here, read as one of those that are known; undefined where it is written in another way. */
  known(source: Source, from: number): AreaPattern | undefined;
  /** The asset that stands here. */
  asset(place: Place, source: Source, part: Part): Area;
  /** The market that stands here, before its children and after them. */
  market(
    place: Place,
    source: Source,
    parts: readonly [before: Part, after: Part],
    childUuids: readonly string[],
  ): MarketArea;
}

/** A reader that has learned nothing yet. */
export const areaReader = (feeUnit: FeeUnit): AreaReader => {
  const patterns = areaPatterns();
  return {
    feeUnit,
    known: (source, from) => patterns.read(source, from),
    asset: (place, source, [start, end]) => {
      const { text } = source;
      const known = patterns.read(source, start);
      if (known?.end === end && !known.isMarket) return assetOf(place, known.node);
      const node = parsedJson(text.slice(start, end));
      if (!JsonObject.is(node) || node[CHILDREN] !== undefined) return misfit('an asset', node);
      patterns.learn(source, start, node);
      return assetOf(place, node);
    },
    market: (place, source, [[start, children], [over, end]], childUuids) => {
      const { text } = source;
      // Learned is what comes before the children: there the exchange writes all fields.
      const isLast = isEndOfMarket(text, over) && end === over + 1;
      const known = isLast ? patterns.read(source, start) : undefined;
      if (known?.isMarket && known.end === children)
        return readMarketArea(place, known.node, childUuids, feeUnit);
      const node = parsedAround(text.slice(start, children), CHILDREN, text.slice(over, end));
      if (node === undefined) return misfit('a market', text);
      if (isLast && !known) patterns.learn(source, start, node);
      return readMarketArea(place, node, childUuids, feeUnit);
    },
  };
};

/** Whether a market ends here, behind its children. */
export const isEndOfMarket = (text: string, at: number): boolean => text.charAt(at) === '}';

/** The asset of a node; one of ours that cannot be read is a Misfit. */
export const assetOf = (place: Place, node: JsonObject): Area => {
  const unreadable: Misfit[] = [];
  const asset = readAsset(place, node, unreadable);
  if (unreadable[0] !== undefined) throw unreadable[0];
  return asset;
};
