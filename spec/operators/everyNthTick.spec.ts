import { expect } from 'chai';
import { GsyError } from '../../lib/errors.ts';
import { everyNthTick } from '../../lib/operators/everyNthTick.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const [noon, quarterPast] = ['2026-06-21T12:00', '2026-06-21T12:15'];
const tick = (slot: string, tenths: number, asset = 'a') => ({ slot, progress: tenths / 10, asset });
const moments = {
  ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [String(i), tick(noon, i)])),
  a: tick(noon, 0, 'b'),
  b: tick(noon, 1, 'b'),
  c: tick(noon, 2, 'b'),
  x: tick(quarterPast, 4),
  y: tick(quarterPast, 5),
  z: tick(quarterPast, 6),
};

describe('everyNthTick', () => {
  keepsTheOperatorContract(() => ({
    operator: everyNthTick(2),
    input: tick(noon, 3),
    output: tick(noon, 3),
  }));

  it(
    'lets the first tick of each slot and then every n-th through, wherever the slot is joined',
    marbles(({ hot, expectObservable }) => {
      const tick$ = hot(' 0123456789xyz|', moments);
      expectObservable(tick$.pipe(everyNthTick(3))).toBe('0--3--6--9x--|', moments);
      expectObservable(tick$.pipe(everyNthTick(2))).toBe('0-2-4-6-8-x-z|', moments);
      expectObservable(tick$.pipe(everyNthTick(1))).toBe('0123456789xyz|', moments);
      expectObservable(tick$.pipe(everyNthTick(99))).toBe('0---------x--|', moments);
    }),
  );

  it(
    'takes all moments at the same progress for one tick',
    marbles(({ hot, expectObservable }) => {
      const moment$ = hot('0a1b2c3|', moments);
      const expected = '   0a--2c-|';
      expectObservable(moment$.pipe(everyNthTick(2))).toBe(expected, moments);
    }),
  );

  for (const n of [0, -1, 1.5, NaN, Infinity])
    it(`refuses every ${n}th when it is built`, () => {
      expect(() => everyNthTick(n))
        .to.throw(GsyError, 'everyNthTick: n')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
