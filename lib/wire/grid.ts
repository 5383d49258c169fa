import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Area, FeeUnit, MarketArea, TradeTotals } from '../model/grid.ts';
import { readOwnedAsset } from './assets.ts';
import {
  finiteOrNull,
  Misfit,
  misfit,
  objectOrEmpty,
  objectOrNull,
  textAt,
  type Form,
  type Writable,
} from './checked.ts';
import { finishedFee, marketStats, tradeTotals } from './figures.ts';
import { present } from './present.ts';
import { JsonObject } from './scalars.ts';

/** The areas of a grid tree, and the assets of ours in it whose figures could not be read. */
export interface GridReading {
  /** Parents before children. An unreadable asset stands here as a foreign one: nobody should trade it blindly. */
  readonly areas: readonly Area[];
  readonly unreadable: readonly t.Errors[];
}

/** What has been read of a tree so far. */
export interface Reading {
  readonly areas: Area[];
  readonly unreadable: Misfit[];
  readonly feeUnit: FeeUnit;
}

/**
 * Flattens a grid tree (exchange protocol, the grid tree).
 *
 * Fees come out in one unit: where fees are percentages the tree gives the last one as a fraction. Money in bills
 * comes out in cents. A broken market fails the whole tree, for every price depends on its fee; a broken asset is set
 * aside and told.
 */
export const readGrid = (
  tree: JsonObject,
  feeUnit: FeeUnit,
  context: t.Context,
): t.Validation<GridReading> => {
  const reading: Reading = { areas: [], unreadable: [], feeUnit };
  try {
    readChildren(tree, Object.keys(tree), undefined, 0, reading);
  } catch (error) {
    return E.left(Misfit.of(error).errors(context));
  }
  const { areas, unreadable } = reading;
  return E.right({ areas, unreadable: unreadable.map((found) => found.errors(context)) });
};

/** Deeper than any grid, and shallow enough for recursion. */
export const MOST_LEVELS = 100;
const TOO_DEEP = `at most ${MOST_LEVELS} levels of areas`;

/** Where an area stands. */
export interface Place {
  readonly uuid: string;
  readonly parentUuid?: string | undefined;
}

/**
 * Reads the areas under these keys, and all below them.
 *
 * @throws Misfit where a market is not as it has to be, or there are too many levels
 */
export const readChildren = (
  children: JsonObject,
  uuids: readonly string[],
  parentUuid: string | undefined,
  depth: number,
  reading: Reading,
): void => {
  if (depth > MOST_LEVELS) misfit(TOO_DEEP, children);
  for (const uuid of uuids) {
    const node = children[uuid];
    const told = reading.unreadable.length;
    try {
      readNode({ uuid, parentUuid }, node, depth, reading);
    } catch (error) {
      throw Misfit.under(error, uuid, node);
    }
    lead(reading.unreadable, told, uuid, node);
  }
};

/** Tells those found from `told` on what they stand under. */
const lead = (found: readonly Misfit[], told: number, key: string, actual: unknown): void => {
  for (let i = told; i < found.length; i += 1) found[i]?.under(key, actual);
};

const readNode = (place: Place, node: unknown, depth: number, reading: Reading): void => {
  if (!JsonObject.is(node)) misfit('an area', node);
  else if (node.children !== undefined) readMarket(place, node, depth, reading);
  else reading.areas.push(readAsset(place, node, reading.unreadable));
};

const readMarket = (place: Place, node: JsonObject, depth: number, reading: Reading): void => {
  const { children } = node;
  if (!JsonObject.is(children)) return misfit(JsonObject.name, children, 'children');
  const uuids = Object.keys(children);
  reading.areas.push(readMarketArea(place, node, uuids, reading.feeUnit));
  const told = reading.unreadable.length;
  try {
    readChildren(children, uuids, place.uuid, depth + 1, reading);
  } catch (error) {
    throw Misfit.under(error, 'children', children);
  }
  lead(reading.unreadable, told, 'children', children);
};

/** An asset of the tree; one of ours that cannot be read is told, and stands there as a foreign one. */
export const readAsset = ({ uuid, parentUuid }: Place, node: JsonObject, unreadable: Misfit[]): Area => {
  const name = textAt(node.area_name, 'area_name');
  if (node.asset_info !== undefined && node.asset_info !== null)
    try {
      return readOwnedAsset(node, uuid, name, parentUuid);
    } catch (error) {
      unreadable.push(Misfit.of(error));
    }
  return parentUuid === undefined
    ? { kind: 'foreign', uuid, name }
    : { kind: 'foreign', uuid, parentUuid, name };
};

interface Bills {
  readonly accumulated: TradeTotals | undefined;
  readonly external: TradeTotals | undefined;
}

const bills: Form<Bills> = {
  name: 'an object',
  read: (bill) => ({
    accumulated: objectOrEmpty(tradeTotals, bill.accumulated_trades, 'accumulated_trades'),
    external: objectOrEmpty(tradeTotals, bill.external_trades, 'external_trades'),
  }),
};

/** A market of the tree, out of its node's own fields. */
export const readMarketArea = (
  { uuid, parentUuid }: Place,
  node: JsonObject,
  childUuids: readonly string[],
  feeUnit: FeeUnit,
): MarketArea => {
  const bill = objectOrNull(bills, node.last_market_bill, 'last_market_bill');
  const market: Writable<MarketArea> = present({
    kind: 'market',
    uuid,
    name: textAt(node.area_name, 'area_name'),
    childUuids,
    accumulatedTrades: bill?.accumulated,
    externalTrades: bill?.external,
    lastStats: objectOrNull(marketStats, node.last_market_stats, 'last_market_stats'),
    lastFee: finishedFee(finiteOrNull(node.last_market_fee, 'last_market_fee'), feeUnit),
    currentFee: finiteOrNull(node.current_market_fee, 'current_market_fee'),
  });
  // A root has none: to take the key out again is a hundredth of the work of reading a small grid.
  if (parentUuid !== undefined) market.parentUuid = parentUuid;
  return market;
};
