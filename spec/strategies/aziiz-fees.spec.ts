import { expect } from 'chai';
import { map } from 'rxjs';
import type { BatchResponse, DsoMarketStats } from 'gsy-rx';
import { aGrid, aMarket, aMarketArea, aSlot, marbles } from 'gsy-rx/testing';
import aziizFees from '../../strategies/aziiz-fees.ts';
import { aDayOf, expectConservation, expectOrder, type Day } from './day.ts';
import { feeOf, street, tradesIn } from './street.ts';
import { told } from './told.ts';

const grid = aGrid([aMarketArea('home', []), aMarketArea('farm', [])]);

/** The home's answer to the question for its figures. */
const figures = (stats: DsoMarketStats): BatchResponse => ({
  kind: 'batch-response',
  transactionId: 'batch',
  aggregatorUuid: 'me',
  replies: new Map([
    ['home', [{ status: 'ready', granted: { command: 'dso-market-stats', areaName: 'home', stats } }]],
  ]),
  grid,
});
const balance = (importKWh: number, exportKWh = 0) => figures({ importKWh, exportKWh });

const thresholds = '{"home": [{"threshold": 1, "fee": 5}, {"threshold": 2, "fee": 7}]}';
const fees = {
  l: 'home grid-fees 5',
  m: 'home grid-fees 7',
  x: 'home grid-fees 2000',
};

describe('the Aziiz fees strategy', () => {
  it(
    'asks the markets of the file for their figures once per slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---|', { s: aSlot({ grid }) });
      expectObservable(aziizFees.with({ thresholds })(aMarket(event$)).pipe(map(told))).toBe('q---|', {
        q: 'home dso-market-stats',
      });
    }),
  );

  it(
    'takes the fee of the first threshold that the mean balance of four slots does not exceed',
    marbles(({ hot, expectObservable }) => {
      // The means are 1, 2, 2, 2.5; the fifth slot pushes out the first: 3.25.
      const values = { a: balance(1), b: balance(3), c: balance(2), d: balance(4), e: balance(4) };
      const event$ = hot('  a-b-c-d-e-|', values);
      const expected = '    l-m-m-x-x-|';
      expectObservable(aziizFees.with({ thresholds })(aMarket(event$)).pipe(map(told))).toBe(expected, fees);
    }),
  );

  it(
    'counts export as it does import, and lets the two make up for each other',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  a-b-|', { a: balance(0, 2), b: balance(4, 0) });
      const expected = '    m-l-|';
      expectObservable(aziizFees.with({ thresholds })(aMarket(event$)).pipe(map(told))).toBe(expected, fees);
    }),
  );

  it(
    'waits for the first figures, and takes none for none',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  n-a-b-|', { n: figures({}), a: balance(4), b: balance(0) });
      const expected = '    --x-m-|';
      expectObservable(aziizFees.with({ thresholds })(aMarket(event$)).pipe(map(told))).toBe(expected, fees);
    }),
  );

  it(
    'takes the fee beyond all thresholds and the number of slots',
    marbles(({ hot, expectObservable }) => {
      const strategy = aziizFees.with({ thresholds, feeBeyond: 90, slots: 1 });
      const event$ = hot('  a-b-|', { a: balance(9), b: balance(0) });
      expectObservable(strategy(aMarket(event$)).pipe(map(told))).toBe('x-l-|', {
        ...fees,
        x: 'home grid-fees 90',
      });
    }),
  );

  it('refuses a file that makes no sense before anything runs', () => {
    expect(() => aziizFees.with({ thresholds: '{"home": [{"threshold": 1}]}' })).to.throw(
      /parameter thresholds .*\$\.home\[0\]\.fee/,
    );
  });

  describe('on a day on which a street exports at noon', () => {
    let free: Day;
    let steered: Day;
    before(async () => {
      const day = (json: string) => aDayOf(aziizFees.with({ thresholds: json }), street, ['Grid', 'Street']);
      free = await day('{"Street": [{"threshold": 1000, "fee": 1}]}');
      steered = await day('{"Street": [{"threshold": 0.3, "fee": 1}]}');
    });

    const throughKWh = (day: Day) =>
      tradesIn(day, 'Street')
        .filter(({ buyer, seller }) => buyer === 'Street' || seller === 'Street')
        .reduce((sum, { energyKWh }) => sum + energyKWh, 0);

    it('keeps the exchange whole', () => {
      for (const day of [free, steered]) {
        expectOrder(day);
        expectConservation(day);
      }
    });

    it('makes much of the trade through the street too dear, and cheap again when it has fallen', () => {
      for (const trade of tradesIn(free, 'Street')) expect(feeOf(trade), trade.slot).to.be.closeTo(1, 1e-9);
      expect(throughKWh(steered)).to.be.below(0.7 * throughKWh(free));
      const set = steered.outcomes.flatMap(({ command }) =>
        command.kind === 'grid-fees' ? [told(command)] : [],
      );
      expect(set.length).to.be.above(4);
      expect(new Set(set.map((line) => line.replace(/^\S+ /, '')))).to.deep.equal(
        new Set(['grid-fees 2000', 'grid-fees 1']),
      );
    });

    it('leaves the trade within a home alone', () => {
      const homeKWh = (day: Day) =>
        tradesIn(day, '/A')
          .filter(({ buyer, seller }) => buyer !== 'A' && seller !== 'A')
          .reduce((sum, { energyKWh }) => sum + energyKWh, 0);
      expect(homeKWh(steered)).to.be.at.least(homeKWh(free));
    });
  });
});
