import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Area, FeeUnit, MarketArea } from '../model/grid.ts';
import { toOwnedAsset, WireOwnedAsset } from './assets.ts';
import { strict } from './combinators.ts';
import { finishedFee, toMarketStats, toTradeTotals, WireMarketStats, WireTradeTotals } from './figures.ts';
import { present } from './present.ts';
import { Finite, JsonObject, optional, orEmpty } from './scalars.ts';

const WireAsset = strict({ area_name: t.string, asset_info: optional(t.unknown) }, 'an area');

const WireMarketArea = strict(
  {
    area_name: t.string,
    children: JsonObject,
    last_market_bill: optional(
      strict({ accumulated_trades: orEmpty(WireTradeTotals), external_trades: orEmpty(WireTradeTotals) }),
    ),
    last_market_stats: optional(WireMarketStats),
    last_market_fee: optional(Finite),
    current_market_fee: optional(Finite),
  },
  'an area with children',
);
type WireMarketArea = t.TypeOf<typeof WireMarketArea>;

/** The areas of a grid tree, and the assets of ours in it whose figures could not be read. */
export interface GridReading {
  /** Parents before children. An unreadable asset stands here as a foreign one: nobody should trade it blindly. */
  readonly areas: readonly Area[];
  readonly unreadable: readonly t.Errors[];
}

interface Reading {
  readonly areas: Area[];
  readonly unreadable: t.Errors[];
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
  const errors = readChildren(tree, undefined, context, reading);
  return errors ? E.left(errors) : E.right(reading);
};

/** Deeper than any grid, and shallow enough for recursion. */
const MOST_LEVELS = 100;
const TOO_DEEP = `at most ${MOST_LEVELS} levels of areas`;

const readChildren = (
  children: JsonObject,
  parentUuid: string | undefined,
  context: t.Context,
  reading: Reading,
): t.Errors | undefined => {
  for (const [uuid, node] of Object.entries(children)) {
    const place = parentUuid === undefined ? { uuid } : { uuid, parentUuid };
    const errors = readArea(place, node, t.appendContext(context, uuid, WireAsset, node), reading);
    if (errors) return errors;
  }
  return undefined;
};

interface Place {
  readonly uuid: string;
  readonly parentUuid?: string;
}

const readArea = (
  place: Place,
  node: unknown,
  context: t.Context,
  reading: Reading,
): t.Errors | undefined => {
  if (JsonObject.is(node) && Object.hasOwn(node, 'children'))
    return readMarket(place, node, context, reading);
  const asset = WireAsset.validate(node, context);
  if (E.isLeft(asset)) return asset.left;
  const named = { ...place, name: asset.right.area_name };
  const owned = asset.right.asset_info === undefined ? undefined : WireOwnedAsset.validate(node, context);
  if (owned && E.isLeft(owned)) reading.unreadable.push(owned.left);
  reading.areas.push(
    owned && E.isRight(owned) ? toOwnedAsset(named, owned.right) : { kind: 'foreign', ...named },
  );
  return undefined;
};

const readMarket = (
  place: Place,
  node: JsonObject,
  context: t.Context,
  reading: Reading,
): t.Errors | undefined => {
  const market = WireMarketArea.validate(node, context);
  if (E.isLeft(market)) return market.left;
  const { children } = market.right;
  const below = t.appendContext(context, 'children', JsonObject, children);
  if (below.length > 2 * MOST_LEVELS) return [{ value: children, context: below, message: TOO_DEEP }];
  reading.areas.push(toMarketArea(place, market.right, reading.feeUnit));
  return readChildren(children, place.uuid, below, reading);
};

const toMarketArea = (place: Place, market: WireMarketArea, feeUnit: FeeUnit): MarketArea => {
  const { last_market_bill: bill, last_market_stats: stats } = market;
  return present({
    kind: 'market',
    ...place,
    name: market.area_name,
    childUuids: Object.keys(market.children),
    currentFee: market.current_market_fee,
    lastFee: finishedFee(market.last_market_fee, feeUnit),
    lastStats: stats && toMarketStats(stats),
    accumulatedTrades: bill?.accumulated_trades && toTradeTotals(bill.accumulated_trades),
    externalTrades: bill?.external_trades && toTradeTotals(bill.external_trades),
  });
};
