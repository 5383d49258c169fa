import { expect } from 'chai';
import { GsyError } from '../../lib/errors.ts';
import { fromProgress } from '../../lib/operators/fromProgress.ts';
import { aGrid, aSlot, aTick, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const grid = aGrid([]);
const tick = (percent: number) => aTick({ progress: percent / 100, grid });

describe('fromProgress', () => {
  keepsTheOperatorContract(() => {
    const input = tick(80);
    return { operator: fromProgress(0.8), input, output: input };
  });

  it(
    'lets the moments from that share of the slot on through, in every slot',
    marbles(({ hot, expectObservable }) => {
      const at = { s: aSlot({ grid }), 0: tick(0), 2: tick(29), 3: tick(30), 9: tick(90) };
      const event$ = hot(' s0--2--3--9--s0--2--3--9--|', at);
      const expected = '   -------3--9---------3--9--|';
      expectObservable(event$.pipe(fromProgress(0.3))).toBe(expected, at);
    }),
  );

  it(
    'compares every whole percent exactly',
    marbles(({ cold, expectObservable }) => {
      for (let percent = 0; percent <= 100; percent += 1) {
        const at = { t: tick(percent) };
        expectObservable(cold('t|', at).pipe(fromProgress(percent / 100))).toBe('t|', at);
      }
    }),
  );

  for (const share of [NaN, -0.1, 1.01, 80, Infinity])
    it(`refuses ${share} as a share of a slot when it is built`, () => {
      expect(() => fromProgress(share))
        .to.throw(GsyError, 'fromProgress: share must be a number from 0 to 1')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
