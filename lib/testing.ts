/**
 * Markets, events and grids for marble tests.
 * @module gsy-rx/testing
 */

import { deepStrictEqual } from 'node:assert/strict';
import { asyncScheduler, NEVER, type Observable } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { GsyError } from './errors.ts';
import { marketOf, type Market } from './events.ts';
import { indexGrid } from './grid/grid.ts';
import type { Finished, MarketEvent, MarketSlot, Tick, Trade } from './model/events.ts';
import type { Area, FeeUnit, Grid, Load, MarketArea, Pv, SmartMeter, Storage } from './model/grid.ts';

/**
 * Makes a test out of a marble diagram: time is virtual, so a day passes at once and nothing is random.
 *
 * @example
 * it('waits for the last fifth of the slot', marbles(({ hot, expectObservable }) => {
 *   const event$ = hot('  s--t--u--|', { s: aSlot(), t: aTick({ progress: 0.5 }), u: aTick({ progress: 0.8 }) });
 *   const expected = '    ------b--|';
 *   expectObservable(lastMinute(aMarket(event$))).toBe(expected, { b: bidEnergyRate('load', 1, 26) });
 * }));
 */
export const marbles = (test: (helpers: RunHelpers) => void) => (): void => {
  new TestScheduler((actual, expected) => {
    deepStrictEqual(actual, expected);
  }).run(test);
};

/**
 * A market on which these events happen. Nothing else does: no command has an outcome.
 *
 * Its clock is rxjs's default scheduler, which is virtual inside `marbles`. A strategy that fails under
 * `combineStrategies` makes the test fail, unless `others.report` takes it.
 */
export const aMarket = (
  event$: Observable<MarketEvent> = NEVER,
  others: Partial<Pick<Market, 'outcome$' | 'scheduler' | 'report'>> = {},
): Market =>
  marketOf(event$, {
    outcome$: NEVER,
    scheduler: asyncScheduler,
    report: ({ strategy, reason }) => {
      throw new GsyError('ERR_GSY_STRATEGY', `${strategy} failed: ${reason}`);
    },
    ...others,
  });

/** Any of the value's fields; the rest keep the builder's. */
export type Fields<T> = Partial<Omit<T, 'kind'>>;

const SLOT = '2026-06-21T12:00';

/** The opening of a slot: 2026-06-21T12:00, feed-in tariff 10, market maker 30, and the grid of `aGrid()`. */
export const aSlot = (fields: Fields<MarketSlot> = {}): MarketSlot => ({
  kind: 'market-slot',
  slot: SLOT,
  progress: 0,
  feedInTariffRate: 10,
  marketMakerRate: 30,
  grid: aGrid(),
  ...fields,
});

/** The opening of a run's first slot, as the exchange tells it: without tariffs and with an empty grid. */
export const aFirstSlot = (): MarketSlot => ({ kind: 'market-slot', slot: SLOT, progress: 0, grid: EMPTY });

/** A tick in the middle of the slot that `aSlot` opens. */
export const aTick = (fields: Fields<Tick> = {}): Tick => ({
  ...aSlot(),
  kind: 'tick',
  progress: 0.5,
  ...fields,
});

/** The load of `aGrid()` buys 1 kWh from the market maker at 30 cents/kWh; keep price and rate in step yourself. */
export const aTrade = (fields: Fields<Trade> = {}): Trade => ({
  kind: 'trade',
  grid: aGrid(),
  tradeId: 'trade',
  assetUuid: 'load',
  assetName: 'load',
  side: 'bought',
  time: '2026-06-21T12:07:30+00:00',
  energyKWh: 1,
  priceCents: 30,
  rate: 30,
  feeCents: 0,
  sellerOrigin: 'Market Maker',
  buyerOrigin: 'load',
  bidId: 'bid',
  offerId: 'offer',
  ...fields,
});

/** A load that needs 1 kWh. Like all builders it takes any fields; give each asset of a grid a uuid of its own. */
export const aLoad = (fields: Fields<Load> = {}): Load => ({
  kind: 'load',
  ...named('load', fields),
  energyRequirementKWh: 1,
  energyActiveInBidsKWh: 0,
  energyTradedKWh: 0,
  totalCostCents: 0,
  ...fields,
});

/** A PV that has 1 kWh. */
export const aPv = (fields: Fields<Pv> = {}): Pv => ({
  kind: 'pv',
  ...named('pv', fields),
  availableEnergyKWh: 1,
  energyActiveInOffersKWh: 0,
  energyTradedKWh: 0,
  totalCostCents: 0,
  ...fields,
});

/** A half-full storage of 10 kWh that can buy 1 kWh and sell 1 kWh; the tradable sums follow from the other fields. */
export const aStorage = (fields: Fields<Storage> = {}): Storage => {
  const { energyToBuyKWh = 1, energyToSellKWh = 1 } = fields;
  const { energyActiveInBidsKWh = 0, energyActiveInOffersKWh = 0 } = fields;
  return {
    kind: 'storage',
    ...named('storage', fields),
    energyToBuyKWh,
    energyToSellKWh,
    energyActiveInBidsKWh,
    energyActiveInOffersKWh,
    tradableToBuyKWh: energyToBuyKWh + energyActiveInBidsKWh,
    tradableToSellKWh: energyToSellKWh + energyActiveInOffersKWh,
    freeStorageKWh: 5,
    usedStorageKWh: 5,
    energyTradedKWh: 0,
    totalCostCents: 0,
    ...fields,
  };
};

/** A smart meter that needs 1 kWh and has none. */
export const aSmartMeter = (fields: Fields<SmartMeter> = {}): SmartMeter => ({
  kind: 'smart-meter',
  ...named('smart-meter', fields),
  energyRequirementKWh: 1,
  availableEnergyKWh: 0,
  ...fields,
});

/** Any fields of a market area but those that follow from where it stands. */
export type MarketFields = Fields<Omit<MarketArea, 'uuid' | 'childUuids'>>;

/** An area, or a market area with all that is in it. */
export type Branch = Area | readonly [MarketArea, ...Area[]];

/**
 * A market area with what is in it, without a grid fee unless `currentFee` says otherwise.
 * @example aMarketArea('home', [aLoad(), aPv()], { currentFee: 0.5 })
 */
export const aMarketArea = (
  uuid: string,
  branches: readonly Branch[],
  fields: MarketFields = {},
): readonly [MarketArea, ...Area[]] => {
  const children = branches.map(flat);
  const market: MarketArea = {
    kind: 'market',
    uuid,
    name: uuid,
    childUuids: children.map(([top]) => top.uuid),
    ...fields,
  };
  return [market, ...children.flatMap(([top, ...below]) => [{ ...top, parentUuid: uuid }, ...below])];
};

/**
 * A grid: a root market `grid` with these areas in it, one `home` with a load, a PV and a storage unless said
 * otherwise.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when two areas have the same uuid
 * @example aGrid([aMarketArea('home', [aLoad()], { currentFee: 1 }), aMarketArea('farm', [aPv()])])
 */
export const aGrid = (
  branches: readonly Branch[] = [aMarketArea('home', [aLoad(), aPv(), aStorage()])],
  { feeUnit = 'cents/kWh', ...fields }: MarketFields & { readonly feeUnit?: FeeUnit } = {},
): Grid => {
  const areas = aMarketArea('grid', branches, fields);
  const uuids = new Set<string>();
  for (const { uuid } of areas) {
    if (uuids.has(uuid)) throw new GsyError('ERR_GSY_OPTIONS', `Two areas have the uuid "${uuid}".`);
    uuids.add(uuid);
  }
  return indexGrid(areas, feeUnit);
};

const EMPTY = indexGrid([], 'cents/kWh');

/** The end of the simulation. */
export const finished: Finished = { kind: 'finished', grid: EMPTY };

const named = (uuid: string, fields: { readonly uuid?: string }) => ({ uuid, name: fields.uuid ?? uuid });

const flat = (branch: Branch): readonly [Area, ...Area[]] => ('kind' in branch ? [branch] : branch);
