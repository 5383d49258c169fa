import { asyncScheduler, map } from 'rxjs';
import { bidEnergy, deleteBid, listBids, offerEnergy } from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import { supersede } from '../../lib/operators/supersede.ts';
import { combineStrategies, type Strategy } from '../../lib/strategy.ts';
import { aMarket, aTick, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const timeSlot = '2026-06-21T11:45';
const given = {
  a: bidEnergy('load', 1, 10),
  b: bidEnergy('load', 1, 20),
  c: bidEnergy('charger', 1, 10),
  s: bidEnergy('load', 1, 10, { timeSlot }),
  o: offerEnergy('load', 1, 10),
  x: bidEnergy('load', 1, 10, { replaceExisting: false }),
  n: bidEnergy('load', NaN, 10),
  d: deleteBid('load', 'all'),
  l: listBids('load'),
};
const by = (command: Command): Command => ({ ...command, withheld: { kind: 'superseded', by: given.b } });
/** A and X are a and x, marked as superseded by b. */
const commands = { ...given, A: by(given.a), X: by(given.x) };

describe('supersede', () => {
  keepsTheOperatorContract<Command, Command>(() => ({
    operator: supersede(asyncScheduler),
    input: given.a,
    output: given.a,
  }));

  it(
    'marks all but the newest order per asset, side and slot of one turn',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-(acb)---a---b-|', commands);
      const expected = '    -(Acb)---a---b-|';
      expectObservable(command$.pipe(supersede(asyncScheduler))).toBe(expected, commands);
    }),
  );

  it(
    'keeps orders of another asset, side or slot',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-(acos)-|', commands);
      const expected = '    -(acos)-|';
      expectObservable(command$.pipe(supersede(asyncScheduler))).toBe(expected, commands);
    }),
  );

  it(
    'keeps what an adding order adds to, and marks what a later order replaces, adding or not',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-(ax)----(axb)-|', commands);
      const expected = '    -(ax)----(AXb)-|';
      expectObservable(command$.pipe(supersede(asyncScheduler))).toBe(expected, commands);
    }),
  );

  it(
    'lets no unsound order replace a sound one, and marks no other command',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-(an)----(adlb)-|', commands);
      const expected = '    -(an)----(Adlb)-|';
      expectObservable(command$.pipe(supersede(asyncScheduler))).toBe(expected, commands);
    }),
  );

  it(
    'settles the last turn before it completes or errors',
    marbles(({ cold, expectObservable }) => {
      const superseded = supersede(asyncScheduler);
      expectObservable(cold('-(ab|)', commands).pipe(superseded)).toBe('-(Ab|)', commands);
      expectObservable(cold('-(ab#)', commands).pipe(superseded)).toBe('-(Ab#)', commands);
    }),
  );

  it(
    'drops what waits when it is unsubscribed',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const command$ = hot('         -a-|', commands);
      expectObservable(command$.pipe(supersede(asyncScheduler)), '-!').toBe('--');
      expectSubscriptions(command$.subscriptions).toBe('         ^!');
    }),
  );

  it(
    'settles between two strategies that want the same of one tick',
    marbles(({ hot, expectObservable }) => {
      const modest: Strategy = ({ tick$ }) => tick$.pipe(map(() => commands.a));
      const eager: Strategy = ({ tick$ }) => tick$.pipe(map(() => commands.b));
      const market = aMarket(hot('-t---|', { t: aTick() }));
      const wanted$ = combineStrategies(modest, eager)(market);
      expectObservable(wanted$).toBe('-(ab)|', commands);
      expectObservable(wanted$.pipe(supersede(market.scheduler))).toBe('-(Ab)|', commands);
    }),
  );
});
