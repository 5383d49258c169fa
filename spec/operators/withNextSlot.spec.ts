import { concatMap, of, type MonoTypeOperatorFunction } from 'rxjs';
import { withNextSlot } from '../../lib/operators/withNextSlot.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const slot = (text: string) => ({ slot: text });
const moments = {
  a: slot('2026-12-31T23:30'),
  b: slot('2026-12-31T23:45'),
  c: slot('2027-01-01T00:00'),
  e: slot('2027-01-01T00:30'),
};
const next = {
  b: { ...moments.b, nextSlot: '2027-01-01T00:00' },
  c: { ...moments.c, nextSlot: '2027-01-01T00:15' },
  e: { ...moments.e, nextSlot: '2027-01-01T00:45' },
  E: { ...moments.e, nextSlot: '2027-01-01T01:00' },
};

// One value in alone gives none out, so the contract's value comes after one of the slot before it.
const afterASlotBefore: MonoTypeOperatorFunction<{ readonly slot: string }> = concatMap((moment) =>
  of(moments.a, moment),
);

describe('withNextSlot', () => {
  keepsTheOperatorContract(() => ({
    operator: (source) => source.pipe(afterASlotBefore, withNextSlot()),
    input: moments.b,
    output: next.b,
  }));

  it(
    'adds the slot that follows, from the second slot on',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-a-b-b-c-|', moments).pipe(withNextSlot())).toBe('-----b-b-c-|', next);
    }),
  );

  it(
    'measures the length of a slot by the shortest time between two',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-b-c-e-|', moments).pipe(withNextSlot())).toBe('---c-e-|', next);
      expectObservable(hot('-c-e---|', moments).pipe(withNextSlot())).toBe('---E---|', next);
    }),
  );
});
