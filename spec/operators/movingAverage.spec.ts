import { map } from 'rxjs';
import { movingAverage } from '../../lib/operators/movingAverage.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const values = {
  a: { market: 'a', importKWh: 1 },
  b: { market: 'a', importKWh: 3 },
  c: { market: 'a', importKWh: -1 },
  x: { market: 'b', importKWh: 9 },
};
const ofImports = { over: 2, of: ({ importKWh }: typeof values.a) => importKWh };
const average = map((value: { readonly average: number }) => value.average);

describe('movingAverage', () => {
  keepsTheOperatorContract(() => ({
    operator: movingAverage(ofImports),
    input: values.a,
    output: { ...values.a, average: 1 },
  }));

  it(
    'adds the mean of the newest values',
    marbles(({ hot, expectObservable }) => {
      const value$ = hot('-a-b-c-x-|', values);
      const means = { a: 1, b: 2, c: 1, x: 4 };
      expectObservable(value$.pipe(movingAverage(ofImports), average)).toBe('-a-b-c-x-|', means);
    }),
  );

  it(
    'keeps the means of each key apart',
    marbles(({ hot, expectObservable }) => {
      const value$ = hot('-a-x-b-x-|', values);
      const byMarket = movingAverage({ ...ofImports, by: ({ market }) => market });
      expectObservable(value$.pipe(byMarket, average)).toBe('-a-x-b-x-|', { a: 1, x: 9, b: 2 });
    }),
  );

  it(
    'hands on what the figure or the key throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const value$ = hot('-a-|', values);
      const fail = (): never => {
        throw new Error('none');
      };
      expectObservable(value$.pipe(movingAverage({ over: 2, of: fail }))).toBe('-#', {}, new Error('none'));
      expectObservable(value$.pipe(movingAverage({ ...ofImports, by: fail }))).toBe(
        '-#',
        {},
        new Error('none'),
      );
      expectSubscriptions(value$.subscriptions).toBe(['^!', '^!']);
    }),
  );
});
