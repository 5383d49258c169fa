import { expect } from 'chai';
import fc from 'fast-check';
import { asyncScheduler, Observable, VirtualTimeScheduler } from 'rxjs';
import { assetInfo, bidEnergy, deleteBid } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Command } from '../../lib/model/commands.ts';
import { limitOrderRate } from '../../lib/operators/limitOrderRate.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const bid = bidEnergy('load', 1, 20);
const commands = {
  b: bid,
  n: bidEnergy('load', NaN, 20),
  d: deleteBid('load', 'all'),
  i: assetInfo('load'),
  B: refused(bid, 'more than 2 orders within 5 ms'),
};
const twoInFive = () => limitOrderRate({ orders: 2, withinMs: 5, scheduler: asyncScheduler });

describe('limitOrderRate', () => {
  keepsTheOperatorContract<Command, Command>(() => ({ operator: twoInFive(), input: bid, output: bid }));

  it(
    'refuses an order when as many as allowed passed within the time before it',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-bbb--b-b---bbb|', commands);
      const expected = '    -bbB--b-b---bbB|';
      expectObservable(command$.pipe(twoInFive())).toBe(expected, commands);
    }),
  );

  it(
    'counts and refuses orders only',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-bdibbndin|', commands);
      const expected = '    -bdibBndin|';
      expectObservable(command$.pipe(twoInFive())).toBe(expected, commands);
    }),
  );

  it('never lets more pass within any window, and never refuses without need', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (waits, orders) => {
        const scheduler = new VirtualTimeScheduler();
        const passed: number[] = [];
        const times = waits.map(
          (
            (at) => (wait: number) =>
              (at += wait)
          )(0),
        );
        const limited = limitOrderRate({ orders, withinMs: 10, scheduler });
        const command$ = new Observable<Command>((subscriber) => {
          for (const at of times) scheduler.schedule(() => subscriber.next(bid), at);
        });
        command$.pipe(limited).subscribe(({ withheld }) => {
          const recent = passed.filter((at) => scheduler.now() - at < 10).length;
          expect(withheld === undefined).to.equal(recent < orders);
          if (withheld === undefined) passed.push(scheduler.now());
        });
        scheduler.flush();
      }),
    );
  });

  for (const options of [
    { orders: 0, withinMs: 5 },
    { orders: 1.5, withinMs: 5 },
    { orders: NaN, withinMs: 5 },
    { orders: 1, withinMs: 0 },
    { orders: 1, withinMs: NaN },
  ])
    it(`refuses ${options.orders} orders within ${options.withinMs} ms when it is built`, () => {
      expect(() => limitOrderRate({ ...options, scheduler: asyncScheduler }))
        .to.throw(GsyError, 'limitOrderRate: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
