import {
  bidEnergy,
  bidEnergyRate,
  deleteOffer,
  offerEnergy,
  SMALLEST_ENERGY_KWH,
} from '../../lib/commands.ts';
import { skipDust } from '../../lib/operators/skipDust.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

describe('skipDust', () => {
  keepsTheOperatorContract(() => {
    const input = bidEnergy('load', 1, 30);
    return { operator: skipDust(), input, output: input };
  });

  it(
    'drops orders for no more than the exchange trades, and nothing else',
    marbles(({ hot, expectObservable }) => {
      const commands = {
        b: bidEnergy('load', 1, 30),
        0: bidEnergy('load', 0, 0),
        n: bidEnergy('load', -1e-17, 0),
        1: offerEnergy('pv', SMALLEST_ENERGY_KWH, 1),
        2: offerEnergy('pv', SMALLEST_ENERGY_KWH * 1.01, 1),
        d: deleteOffer('pv', 'all'),
      };
      const command$ = hot('-b-0-n-1-2-d-|', commands);
      const expected = '    -b-------2-d-|';
      expectObservable(command$.pipe(skipDust())).toBe(expected, commands);
    }),
  );

  it(
    'lets mistakes pass, so that they are refused with a reason',
    marbles(({ hot, expectObservable }) => {
      const commands = {
        n: bidEnergyRate('load', NaN, 30),
        m: bidEnergy('load', -1, 30),
        i: bidEnergy('load', Infinity, 30),
      };
      expectObservable(hot('-n-m-i-|', commands).pipe(skipDust())).toBe('-n-m-i-|', commands);
    }),
  );
});
