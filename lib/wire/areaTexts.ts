import type { Area, FeeUnit, MarketArea } from '../model/grid.ts';
import { misfit, type Misfit } from './checked.ts';
import { readAsset, readMarketArea, type Place } from './grid.ts';
import { parsedAround } from './jsonAround.ts';
import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';

/**
 * The asset whose text this is.
 *
 * @throws Misfit where it is not as it has to be
 */
export const readAssetText = (place: Place, text: string): Area => {
  const node = parsedJson(text);
  if (!JsonObject.is(node) || Object.hasOwn(node, CHILDREN)) return misfit('an asset', node);
  const unreadable: Misfit[] = [];
  const asset = readAsset(place, node, unreadable);
  if (unreadable[0] !== undefined) throw unreadable[0];
  return asset;
};

/**
 * The market whose text before and after its children this is.
 *
 * @throws Misfit where it is not as it has to be
 */
export const readMarketText = (
  place: Place,
  [before, after]: readonly [before: string, after: string],
  childUuids: readonly string[],
  feeUnit: FeeUnit,
): MarketArea => {
  const node = parsedAround(before, CHILDREN, after);
  return node === undefined ? misfit('a market', before) : readMarketArea(place, node, childUuids, feeUnit);
};

/** Under which key a market has its children; what has none is an asset. */
export const CHILDREN = 'children';
