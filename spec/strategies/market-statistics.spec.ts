import { expect } from 'chai';
import { map } from 'rxjs';
import type { DsoMarketStats } from 'gsy-rx';
import { aFirstSlot, aGrid, aMarket, aMarketArea, aSlot, aTick, marbles } from 'gsy-rx/testing';
import marketStatistics from '../../strategies/market-statistics.ts';
import { aDayOf, expectOrder, kindsOf } from './day.ts';
import { street, tradesIn } from './street.ts';
import { told } from './told.ts';

const grid = aGrid([aMarketArea('home', [])]);

describe('the market statistics strategy', () => {
  it(
    'asks every market once per slot, and says nothing while it knows none',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  f-t-t-s---|', {
        f: aFirstSlot(),
        t: aTick({ slot: '2026-06-21T12:15', grid }),
        s: aSlot({ slot: '2026-06-21T12:30', grid }),
      });
      const expected = '    --(gh)(gh)|';
      expectObservable(marketStatistics(aMarket(event$)).pipe(map(told))).toBe(expected, {
        g: 'grid dso-market-stats',
        h: 'home dso-market-stats',
      });
    }),
  );

  it(
    'asks those alone that are named',
    marbles(({ hot, expectObservable }) => {
      const strategy = marketStatistics.with({ markets: ['home'] });
      expectObservable(strategy(aMarket(hot('s-|', { s: aSlot({ grid }) }))).pipe(map(told))).toBe('h-|', {
        h: 'home dso-market-stats',
      });
    }),
  );

  it("hears all through a day what a market's books say in the end", async () => {
    const day = await aDayOf(marketStatistics.with({ markets: ['Street'] }), street, ['Street']);
    expectOrder(day);
    expect(kindsOf(day)).to.deep.equal({ accepted: 95 });
    const figures = day.outcomes.flatMap((outcome): DsoMarketStats[] =>
      outcome.kind === 'accepted' && outcome.granted.command === 'dso-market-stats'
        ? [outcome.granted.stats]
        : [],
    );
    const sumOf = (figure: 'feeRevenueCents' | 'tradedEnergyKWh' | 'importKWh' | 'exportKWh') =>
      figures.reduce((sum, stats) => sum + (stats[figure] ?? 0), 0);
    // Each figure is of the slot before, so that of the last one is never told.
    const trades = tradesIn(day, 'Street').filter(({ slot }) => slot < '2026-06-21T23:45');
    const inAll = (kWh: (trade: (typeof trades)[number]) => number) =>
      trades.reduce((sum, trade) => sum + kWh(trade), 0);
    expect(sumOf('feeRevenueCents')).to.be.closeTo(
      inAll(({ feeCents }) => feeCents),
      1e-3,
    );
    expect(sumOf('tradedEnergyKWh')).to.be.closeTo(
      inAll(({ energyKWh }) => energyKWh),
      1e-3,
    );
    expect(sumOf('importKWh')).to.be.closeTo(
      inAll(({ seller, energyKWh }) => (seller === 'Street' ? energyKWh : 0)),
      1e-3,
    );
    expect(sumOf('exportKWh')).to.be.closeTo(
      inAll(({ buyer, energyKWh }) => (buyer === 'Street' ? energyKWh : 0)),
      1e-3,
    );
    expect(sumOf('exportKWh')).to.be.above(5);
  });
});
