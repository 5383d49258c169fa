import { expect } from 'chai';
import { map } from 'rxjs';
import type { Community } from 'gsy-rx/sandbox';
import * as kit from 'gsy-rx/testing';
import basic from '../../strategies/basic.ts';
import portfolio from '../../strategies/portfolio.ts';
import { aDayOf, assetOf, expectConservation, expectOrder, type Day } from './day.ts';
import { bothWaysKWh, street } from './street.ts';
import { told } from './told.ts';

const { aFirstSlot, aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aSmartMeter, aStorage, aTick, marbles } =
  kit;

/** Ticks in a grid of one home with a fee of 2. */
const tickOf = (assets: readonly kit.Branch[]) => {
  const grid = aGrid([aMarketArea('home', assets, { currentFee: 2 })]);
  return (progress: number) => aTick({ progress, grid });
};

/** A slot's events there: `s` opens it, a digit is the tick of so many tenths. */
const slotOf = (assets: readonly kit.Branch[]) => {
  const tick = tickOf(assets);
  const ticks = Array.from({ length: 10 }, (_, i) => [String(i), tick(i / 10)] as const);
  return { s: aSlot({ grid: tick(0).grid }), f: aFirstSlot(), ...Object.fromEntries(ticks) };
};

const load = (energyRequirementKWh: number, uuid = 'load') => aLoad({ uuid, energyRequirementKWh });
const pv = (availableEnergyKWh: number) => aPv({ availableEnergyKWh });

describe('the portfolio strategy', () => {
  it(
    'lets the loads of a home bid for what its panels have, at the middle of the tariffs',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s0---|', slotOf([load(3, 'oven'), load(1, 'lamp'), pv(2)]));
      const expected = '    (abo)|';
      expectObservable(portfolio(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'oven bids 1.5 kWh at 22',
        b: 'lamp bids 0.5 kWh at 22',
        o: 'pv offers 2 kWh at 20',
      });
    }),
  );

  it(
    'lets them bid for all they need where the panels have more',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---|', slotOf([load(1), pv(4)]));
      const expected = '    (ao)|';
      expectObservable(portfolio(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 1 kWh at 22',
        o: 'pv offers 4 kWh at 20',
      });
    }),
  );

  it(
    'trades what is left between what the grid pays and what it asks',
    marbles(({ hot, expectObservable }) => {
      const surplus = tickOf([load(0), pv(3)]);
      const deficit = tickOf([load(2), pv(0)]);
      const event$ = hot('  a-b-c-d-|', {
        a: surplus(0.5),
        b: surplus(0.8),
        c: deficit(0.5),
        d: deficit(0.8),
      });
      const expected = '    a-b-c-d-|';
      expectObservable(portfolio(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'pv offers 3 kWh at 20',
        b: 'pv offers 3 kWh at 8',
        c: 'load bids 2 kWh at 20',
        d: 'load bids 2 kWh at 32',
      });
    }),
  );

  it(
    'leaves no load without energy where the home has not met itself by the end of the slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  7---8---|', slotOf([load(3), pv(1)]));
      const expected = '    (ao)(bp)|';
      expectObservable(portfolio(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 1 kWh at 22',
        o: 'pv offers 1 kWh at 20',
        b: 'load bids 3 kWh at 32',
        p: 'pv offers 1 kWh at 8',
      });
    }),
  );

  it(
    'counts smart meters in, leaves storages out, and keeps still while the grid is not known',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  f-s---|', slotOf([aSmartMeter(), pv(1), aStorage()]));
      const expected = '    --(ao)|';
      expectObservable(portfolio(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'smart-meter bids 1 kWh at 22',
        o: 'pv offers 1 kWh at 20',
      });
    }),
  );

  describe('on a day beside a neighbour who pays well from the start', () => {
    const { grid } = street;
    /** Our home, and a pool that takes all it gets for 25 cents/kWh. */
    const besidePool: Community = {
      ...street,
      grid: {
        ...grid,
        areas: [
          {
            name: 'Street',
            gridFee: 1,
            areas: [
              {
                name: 'Ours',
                gridFee: 0.5,
                assets: [
                  { type: 'load', name: 'Load', shape: 'household', energyKWhPerDay: 12 },
                  { type: 'pv', name: 'PV', shape: 'solar', energyKWhPerDay: 16 },
                ],
              },
              {
                name: 'Theirs',
                assets: [{ type: 'load', name: 'Pool', powerW: [1000], initialRate: 25, finalRate: 25 }],
              },
            ],
          },
        ],
      },
    };
    const ours = ['Load', 'PV'];
    const costCents = (day: Day) => assetOf(day, 'Load').paidCents - assetOf(day, 'PV').earnedCents;
    const feesCents = ({ results }: Day) =>
      results.markets.reduce((sum, market) => sum + market.feesCents, 0);
    let netted: Day;
    let apart: Day;

    before(async () => {
      netted = await aDayOf(portfolio, besidePool, ours);
      apart = await aDayOf(basic, besidePool, ours);
    });

    it('keeps the exchange whole, and serves the load as well', () => {
      expectOrder(netted);
      expectConservation(netted);
      expect(assetOf(netted, 'Load').boughtKWh).to.be.closeTo(assetOf(apart, 'Load').boughtKWh, 1e-6);
      expect(assetOf(netted, 'PV').soldKWh).to.be.closeTo(assetOf(apart, 'PV').soldKWh, 1e-6);
    });

    it('never buys and sells over the fees in the same slot', () => {
      expect(bothWaysKWh(apart, 'Street', 'Ours')).to.be.above(3);
      expect(bothWaysKWh(netted, 'Street', 'Ours')).to.be.closeTo(0, 1e-9);
    });

    it('costs the home less, and bears less fees', () => {
      expect(costCents(netted)).to.be.below(costCents(apart) - 20);
      expect(feesCents(netted)).to.be.below(0.7 * feesCents(apart));
    });
  });
});
