import { atRate } from '../../lib/operators/atRate.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const moments = { a: { tariff: 10 }, b: { tariff: undefined }, c: { tariff: 0 } };

describe('atRate', () => {
  keepsTheOperatorContract(() => ({
    operator: atRate(20),
    input: moments.a,
    output: { ...moments.a, rate: 20 },
  }));

  it(
    'adds the same rate to all moments',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-b-|', moments).pipe(atRate(0))).toBe('-a-b-|', {
        a: { tariff: 10, rate: 0 },
        b: { tariff: undefined, rate: 0 },
      });
    }),
  );

  it(
    'adds the rate that the moment has, and skips moments that have none',
    marbles(({ hot, expectObservable }) => {
      const rate$ = hot('-a-b-c-|', moments).pipe(atRate(({ tariff }) => tariff));
      expectObservable(rate$).toBe('-a---c-|', { a: { tariff: 10, rate: 10 }, c: { tariff: 0, rate: 0 } });
    }),
  );

  it(
    'hands on what the rate throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const moment$ = hot('-a-a-|', moments);
      const rate$ = moment$.pipe(
        atRate(() => {
          throw new Error('no rate');
        }),
      );
      expectObservable(rate$).toBe('-#', {}, new Error('no rate'));
      expectSubscriptions(moment$.subscriptions).toBe('^!');
    }),
  );
});
