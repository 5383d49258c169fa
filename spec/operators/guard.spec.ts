import { assetInfo, bidEnergy, deleteBid, offerEnergy } from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import { guard } from '../../lib/operators/guard.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const noBids = guard(({ kind }) => (kind === 'bid' ? 'no bids today' : undefined));
const commands = {
  b: bidEnergy('load', 1, 20),
  o: offerEnergy('pv', 1, 10),
  d: deleteBid('load', 'all'),
  i: assetInfo('load'),
};

describe('guard', () => {
  keepsTheOperatorContract<Command, Command>(() => ({
    operator: noBids,
    input: commands.b,
    output: refused(commands.b, 'no bids today'),
  }));

  it(
    'marks what the check has a reason against, and lets all other commands pass as they are',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-b-o-d-i-b-|', commands);
      const expected = '    -B-o-d-i-B-|';
      expectObservable(command$.pipe(noBids)).toBe(expected, {
        ...commands,
        B: refused(commands.b, 'no bids today'),
      });
    }),
  );

  it(
    'refuses what its check throws at, and goes on',
    marbles(({ hot, expectObservable }) => {
      const broken = guard((command) => {
        if (command.kind === 'bid') throw new Error('no prices');
        return undefined;
      });
      const command$ = hot('-b-o-b-|', commands);
      const expected = '    -B-o-B-|';
      expectObservable(command$.pipe(broken)).toBe(expected, {
        ...commands,
        B: refused(commands.b, 'a guard failed: no prices'),
      });
    }),
  );

  it(
    'keeps the first reason when several guards stand one behind the other',
    marbles(({ hot, expectObservable }) => {
      const nothing = guard(() => 'nothing at all');
      expectObservable(hot('-b-o-|', commands).pipe(noBids, nothing)).toBe('-B-O-|', {
        B: refused(commands.b, 'no bids today'),
        O: refused(commands.o, 'nothing at all'),
      });
    }),
  );

  it(
    'leaves what is no command to the sink',
    marbles(({ hot, expectObservable }) => {
      const values = { n: null, u: undefined, t: 'bid' } as unknown as Record<string, Command>;
      expectObservable(hot('-n-u-t-|', values).pipe(guard(() => 'no'))).toBe('-n-u-t-|', values);
    }),
  );
});
