import { count, EMPTY, filter, mergeMap } from 'rxjs';
import * as orders from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import { killSwitch } from '../../lib/operators/killSwitch.ts';
import { aGrid, aLoad, aMarket, aTick, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const timeSlot = '2026-06-21T11:45';
const settling = aGrid([aLoad({ unsettledDeviationsKWh: new Map([[timeSlot, 1]]) })]);
const events = {
  1: aTick({ slot: '2026-06-21T12:00', grid: settling }),
  2: aTick({ slot: '2026-06-21T12:15', grid: settling }),
  3: aTick({ slot: '2026-06-21T12:30', grid: aGrid([aLoad()]) }),
};
const given = {
  a: orders.bidEnergy('load', 1, 20),
  o: orders.offerEnergy('pv', 1, 10),
  s: orders.bidEnergy('load', 1, 20, { timeSlot }),
  g: orders.gridFees('home', 2),
  i: orders.assetInfo('load'),
  w: orders.setEnergyForecast('load', { [timeSlot]: 1 }),
  x: orders.deleteBid('load', 'all'),
  y: orders.deleteOffer('pv', 'all'),
  z: orders.deleteBid('load', 'all', { timeSlot }),
};
const off = (command: Command) => refused(command, 'the kill switch is on');
const commands = { ...given, A: off(given.a), O: off(given.o), G: off(given.g) };
const flags = { t: true, f: false };

describe('killSwitch', () => {
  keepsTheOperatorContract<Command, Command>(() => ({
    operator: killSwitch(aMarket(), EMPTY),
    input: given.a,
    output: given.a,
  }));

  it(
    'deletes what stands at once, refuses orders and fees and nothing else, and resumes',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-a-o-----a-o-g-i-z-w---a-|', commands);
      const halted$ = hot(' -----t---------------f---|', flags);
      const expected = '    -a-o-(xy)A-O-G-i-z-w---a-|';
      expectObservable(command$.pipe(killSwitch(aMarket(), halted$))).toBe(expected, commands);
    }),
  );

  it(
    'deletes what it has let through once, and never what it has refused',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-a-a------A-----|', commands);
      const halted$ = hot(' ----t-t-f---t---|', flags);
      const expected = '    -a-ax-----A-----|';
      expectObservable(command$.pipe(killSwitch(aMarket(), halted$))).toBe(expected, commands);
    }),
  );

  it(
    'deletes no orders of slots that are over',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  1---2------|', events);
      const command$ = hot('-o---a-----|', commands);
      const halted$ = hot(' -------t---|', flags);
      const expected = '    -o---a-x---|';
      expectObservable(command$.pipe(killSwitch(aMarket(event$), halted$))).toBe(expected, commands);
    }),
  );

  it(
    'deletes orders of past slots as long as these are open for settlement',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-s-------|', commands);
      const halted$ = hot(' -----t---|', flags);
      const open$ = hot('   1--2-----|', events);
      const over$ = hot('   1--3-----|', events);
      expectObservable(command$.pipe(killSwitch(aMarket(open$), halted$))).toBe('-s---z---|', commands);
      expectObservable(command$.pipe(killSwitch(aMarket(over$), halted$))).toBe('-s-------|', commands);
    }),
  );

  it(
    'halts for good when the stream that says so errors',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-a---a-|', commands);
      const halted$ = hot(' ---#', flags);
      const expected = '    -a-x-A-|';
      expectObservable(command$.pipe(killSwitch(aMarket(), halted$))).toBe(expected, commands);
    }),
  );

  it(
    'halts at anything but false, and holds its state when the stream completes',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-a---a-|', commands);
      const halted$ = hot<boolean>(' ---(n|)', { n: undefined as unknown as boolean });
      const expected = '    -a-x-A-|';
      expectObservable(command$.pipe(killSwitch(aMarket(), halted$))).toBe(expected, commands);
    }),
  );

  it(
    'refuses from the first command on when it is halted from the start',
    marbles(({ cold, expectObservable }) => {
      const operator = killSwitch(aMarket(), cold('(t|)', flags));
      expectObservable(cold('(a|)', commands).pipe(operator)).toBe('(A|)', commands);
    }),
  );

  it(
    'cancels also when the commands have completed',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot('  1------', events);
      const command$ = hot('-a-|', commands);
      const halted$ = hot(' -----t-|', flags);
      const expected = '    -a---x-|';
      expectObservable(command$.pipe(killSwitch(aMarket(event$), halted$))).toBe(expected, commands);
      expectSubscriptions(event$.subscriptions).toBe('^------!');
    }),
  );

  it('deletes once for each of a thousand assets, however often they ordered', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const bids = Array.from({ length: 1000 }, (_, i) => orders.bidEnergy(`load ${i}`, 1, 20));
      const halted$ = hot('--t|', flags);
      const command$ = cold('(ab|)', { a: bids, b: bids }).pipe(mergeMap((burst) => burst));
      const count$ = command$.pipe(
        killSwitch(aMarket(), halted$),
        filter(({ kind }) => kind === 'delete-bid'),
        count(),
      );
      expectObservable(count$).toBe('---(n|)', { n: 1000 });
    })();
  });
});
