import { mapDefined } from '../../lib/operators/mapDefined.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

describe('mapDefined', () => {
  keepsTheOperatorContract(() => ({
    operator: mapDefined((value: number) => value + 1),
    input: 1,
    output: 2,
  }));

  it(
    'skips what is undefined and nothing else',
    marbles(({ hot, expectObservable }) => {
      const values = { a: undefined, b: null, c: 0, d: '', e: false };
      const mapped$ = hot<unknown>('-a-b-c-d-e-|', values).pipe(mapDefined((value) => value));
      expectObservable(mapped$).toBe('---b-c-d-e-|', values);
    }),
  );

  it(
    'hands on what the function throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-a-|');
      const mapped$ = source$.pipe(
        mapDefined(() => {
          throw new Error('nothing to map');
        }),
      );
      expectObservable(mapped$).toBe('-#', undefined, new Error('nothing to map'));
      expectSubscriptions(source$.subscriptions).toBe('^!');
    }),
  );
});
