import { expect } from 'chai';
import { map } from 'rxjs';
import { defaultCommunity, type Community } from 'gsy-rx/sandbox';
import * as kit from 'gsy-rx/testing';
import basic from '../../strategies/basic.ts';
import communityFirst from '../../strategies/community-first.ts';
import { aDayOf, expectConservation, expectOrder, total, type Day } from './day.ts';
import { bothWaysKWh } from './street.ts';
import { told } from './told.ts';

const { aFirstSlot, aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aStorage, aTick, marbles } = kit;

/** A slot's events for an asset in a home with a fee of 1, in a community with 2, in a grid with 4. */
const slotOf = (asset: kit.Branch) => {
  const home = aMarketArea('home', [asset], { currentFee: 1 });
  const grid = aGrid([aMarketArea('community', [home], { currentFee: 2 })], { currentFee: 4 });
  const ticks = Array.from({ length: 10 }, (_, i) => [String(i), aTick({ progress: i / 10, grid })] as const);
  return { s: aSlot({ grid }), f: aFirstSlot(), ...Object.fromEntries(ticks) };
};

describe('the community-first strategy', () => {
  it(
    'lets a load bid with the fees to the home, then to the community, and at last what the grid asks',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s0-3-4-6-7-9-|', slotOf(aLoad()));
      const expected = '    a--a-b-b-c-c-|';
      expectObservable(communityFirst(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 1 kWh at 23',
        b: 'load bids 1 kWh at 25',
        c: 'load bids 1 kWh at 37',
      });
    }),
  );

  it(
    'lets a PV take off the fees that lie behind it, and at last take what the grid pays',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s0-3-4-6-7-9-|', slotOf(aPv()));
      const expected = '    a--a-b-b-c-c-|';
      expectObservable(communityFirst(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'pv offers 1 kWh at 18',
        b: 'pv offers 1 kWh at 17',
        c: 'pv offers 1 kWh at 3',
      });
    }),
  );

  it(
    'lets a storage buy below the middle and sell above it, in the community at the most',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---4---9---|', slotOf(aStorage()));
      const expected = '    (ao)(bp)(bp)|';
      expectObservable(communityFirst(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'storage bids 1 kWh at 19',
        o: 'storage offers 1 kWh at 22',
        b: 'storage bids 1 kWh at 21',
        p: 'storage offers 1 kWh at 21',
      });
    }),
  );

  it(
    'has one part alone for an asset directly below the grid, and takes a spread',
    marbles(({ hot, expectObservable }) => {
      const ticks = (asset: kit.Branch) => aTick({ progress: 0, grid: aGrid([asset], { currentFee: 4 }) });
      const event$ = hot('  l-p-s---|', {
        l: aSlot({ grid: ticks(aLoad()).grid }),
        p: aSlot({ grid: ticks(aPv()).grid }),
        s: aSlot({ grid: ticks(aStorage()).grid }),
      });
      const expected = '    a-b-(cd)|';
      expectObservable(communityFirst.with({ spread: 5 })(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 1 kWh at 34',
        b: 'pv offers 1 kWh at 6',
        c: 'storage bids 1 kWh at 19',
        d: 'storage offers 1 kWh at 25',
      });
    }),
  );

  it(
    'keeps still while the tariffs are not known',
    marbles(({ hot, expectObservable }) => {
      const { kind, slot, progress, grid } = aSlot();
      const event$ = hot('  f-n-|', { f: aFirstSlot(), n: { kind, slot, progress, grid } });
      expectObservable(communityFirst(aMarket(event$))).toBe('----|');
    }),
  );

  describe('on a day in seven homes with fees', () => {
    const [community] = defaultCommunity.grid.areas!;
    const homes = community!.areas!.slice(0, 7).map((home) => ({ ...home, gridFee: 0.5 }));
    const withFees: Community = {
      ...defaultCommunity,
      grid: { ...defaultCommunity.grid, areas: [{ ...community!, areas: homes }] },
    };
    let first: Day;
    let usual: Day;

    before(async () => {
      first = await aDayOf(communityFirst, withFees);
      usual = await aDayOf(basic, withFees);
    });

    it('keeps the exchange whole, and serves everybody as well', () => {
      expectOrder(first);
      expectConservation(first);
      expect(total(first, 'load', 'boughtKWh')).to.be.closeTo(total(usual, 'load', 'boughtKWh'), 1e-6);
      expect(total(first, 'pv', 'soldKWh')).to.be.closeTo(total(usual, 'pv', 'soldKWh'), 1e-6);
    });

    it('never buys from the grid what a neighbour sells to it, nor from a neighbour what the home sells', () => {
      expect(bothWaysKWh(first, 'Grid', 'Community')).to.be.closeTo(0, 1e-9);
      for (const { name } of homes)
        expect(bothWaysKWh(first, 'Community', name), name).to.be.closeTo(0, 1e-9);
    });

    it('buys less from the grid than basic does, sells less to it, and bears less fees', () => {
      const feesCents = ({ results }: Day) =>
        results.markets.reduce((sum, market) => sum + market.feesCents, 0);
      expect(total(first, 'market-maker', 'soldKWh')).to.be.below(
        total(usual, 'market-maker', 'soldKWh') / 2,
      );
      expect(total(first, 'market-maker', 'boughtKWh')).to.be.below(
        total(usual, 'market-maker', 'boughtKWh'),
      );
      expect(feesCents(first)).to.be.below(feesCents(usual));
    });

    it('is cheaper for loads and worth more to producers and storages, for nobody takes the difference', () => {
      expect(total(first, 'load', 'paidCents')).to.be.below(0.95 * total(usual, 'load', 'paidCents'));
      expect(total(first, 'pv', 'earnedCents')).to.be.above(total(usual, 'pv', 'earnedCents'));
      const gain = (day: Day) => total(day, 'storage', 'earnedCents') - total(day, 'storage', 'paidCents');
      expect(gain(first)).to.be.above(gain(usual));
    });
  });
});
