import { expect } from 'chai';
import { merge } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { fromProgress } from '../../lib/operators/fromProgress.ts';
import { untilProgress } from '../../lib/operators/untilProgress.ts';
import { aGrid, aSlot, aTick, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const grid = aGrid([]);
const tick = (percent: number) => aTick({ progress: percent / 100, grid });
const at = { s: aSlot({ grid }), 0: tick(0), 2: tick(29), 3: tick(30), 9: tick(90) };

describe('untilProgress', () => {
  keepsTheOperatorContract(() => ({ operator: untilProgress(0.8), input: tick(70), output: tick(70) }));

  it(
    'lets the moments before that share of the slot through, in every slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' s0--2--3--9--s0--2--3--9--|', at);
      const expected = '   s0--2--------s0--2--------|';
      expectObservable(event$.pipe(untilProgress(0.3))).toBe(expected, at);
    }),
  );

  it(
    'is what fromProgress leaves over',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' s0--2--3--9--|', at);
      for (let percent = 0; percent <= 100; percent += 1) {
        const share = percent / 100;
        const both$ = merge(event$.pipe(untilProgress(share)), event$.pipe(fromProgress(share)));
        expectObservable(both$).toBe('s0--2--3--9--|', at);
      }
    }),
  );

  for (const share of [NaN, -0.1, 80])
    it(`refuses ${share} as a share of a slot when it is built`, () => {
      expect(() => untilProgress(share))
        .to.throw(GsyError, 'untilProgress: share')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
