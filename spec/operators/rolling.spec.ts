import { expect } from 'chai';
import { GsyError } from '../../lib/errors.ts';
import { rolling } from '../../lib/operators/rolling.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const values = { a: 'a', b: 'b', c: 'c', d: 'd', A: 'A', B: 'B' };

describe('rolling', () => {
  keepsTheOperatorContract(() => ({ operator: rolling<number>(3), input: 1, output: [1] }));

  it(
    'gives the newest values up to each, oldest first',
    marbles(({ hot, expectObservable }) => {
      const value$ = hot('-a-b-c-d-|', values);
      expectObservable(value$.pipe(rolling(3))).toBe('-1-2-3-4-|', {
        1: ['a'],
        2: ['a', 'b'],
        3: ['a', 'b', 'c'],
        4: ['b', 'c', 'd'],
      });
    }),
  );

  it(
    'keeps those of each key apart',
    marbles(({ hot, expectObservable }) => {
      const value$ = hot('-a-b-A-B-a-|', values);
      const byLetter = rolling<string>(2, (letter) => letter.toLowerCase());
      expectObservable(value$.pipe(byLetter)).toBe('-1-2-3-4-5-|', {
        1: ['a'],
        2: ['b'],
        3: ['a', 'A'],
        4: ['b', 'B'],
        5: ['A', 'a'],
      });
    }),
  );

  it(
    'hands on what the key throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const value$ = hot('-a-|', values);
      const keyless$ = value$.pipe(
        rolling(2, () => {
          throw new Error('no key');
        }),
      );
      expectObservable(keyless$).toBe('-#', {}, new Error('no key'));
      expectSubscriptions(value$.subscriptions).toBe('^!');
    }),
  );

  for (const over of [0, 1.5, NaN, Infinity])
    it(`refuses ${over} values when it is built`, () => {
      expect(() => rolling(over))
        .to.throw(GsyError, 'rolling: over')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
