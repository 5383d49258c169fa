import { expect } from 'chai';
import { oncePerSlot } from '../../lib/operators/oncePerSlot.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const [noon, quarterPast] = ['2026-06-21T12:00', '2026-06-21T12:15'];
const moments = {
  a: { slot: noon, asset: 'a' },
  b: { slot: noon, asset: 'b' },
  A: { slot: quarterPast, asset: 'a' },
  B: { slot: quarterPast, asset: 'b' },
};

describe('oncePerSlot', () => {
  keepsTheOperatorContract(() => ({ operator: oncePerSlot(), input: moments.a, output: moments.a }));

  it(
    'lets the first moment of each slot through',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' -a-b-a--A-B-A-|', moments);
      const expected = '   -a------A-----|';
      expectObservable(event$.pipe(oncePerSlot())).toBe(expected, moments);
    }),
  );

  it(
    'lets the first moment of each slot and key through',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' -a-b-a-b-B-A-B-|', moments);
      const expected = '   -a-b-----B-A---|';
      expectObservable(event$.pipe(oncePerSlot(({ asset }) => asset))).toBe(expected, moments);
    }),
  );

  it(
    'forgets a slot when another one comes',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' -a-A-a-|', moments);
      expectObservable(event$.pipe(oncePerSlot())).toBe('-a-A-a-|', moments);
    }),
  );

  it(
    'remembers for each subscriber on its own',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('        -a-b-a-|', moments);
      const once$ = event$.pipe(oncePerSlot());
      expectObservable(once$, '   ^').toBe('-a-----|', moments);
      expectObservable(once$, '   --^').toBe('---b---|', moments);
    }),
  );

  it(
    'hands on what the key throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot(' -a-b-|', moments);
      const keyless$ = event$.pipe(
        oncePerSlot(({ asset }) => {
          if (asset === 'b') throw new Error('no key');
          return asset;
        }),
      );
      expectObservable(keyless$).toBe('-a-#', moments, new Error('no key'));
      expectSubscriptions(event$.subscriptions).toBe('^--!');
    }),
  );

  it('asks for the key once per moment', () => {
    let asked = 0;
    marbles(({ cold, expectObservable }) => {
      const once$ = cold('aab|', moments).pipe(oncePerSlot(() => (asked += 1)));
      expectObservable(once$).toBe('aab|', moments);
    })();
    expect(asked).to.equal(3);
  });
});
