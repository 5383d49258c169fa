import { defer, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import type { Command } from '../model/commands.ts';
import { guard } from './guard.ts';
import { numberWithin, wholeNumberWithin } from './options.ts';
import { isSoundOrder } from './soundOrders.ts';

/** How many orders may go out in how long. */
export interface OrderRate {
  readonly orders: number;
  readonly withinMs: number;
  /** The market's. */
  readonly scheduler: SchedulerLike;
}

/**
 * Guards against floods: refuses an order when as many as allowed have passed within the time before it.
 *
 * The window slides, and is one of the scheduler's time and not of the simulation's. An order that is refused does not
 * count. Only orders are counted and refused: deletes and questions always pass.
 *
 * ```
 * command                                     -abc----c-|
 * limitOrderRate({ orders: 2, withinMs: 5 })  -abC----c-|      C: c, marked as refused
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when `orders` is not a whole number from 1 on or `withinMs` not above 0
 * @example
 * const calm: Strategy = (market) =>
 *   basic(market).pipe(limitOrderRate({ orders: 500, withinMs: 1_000, scheduler: market.scheduler }));
 */
export const limitOrderRate = ({
  orders,
  withinMs,
  scheduler,
}: OrderRate): MonoTypeOperatorFunction<Command> => {
  const most = wholeNumberWithin('limitOrderRate: orders', orders, 1, 1_000_000);
  const window = numberWithin('limitOrderRate: withinMs', withinMs, Number.MIN_VALUE, Number.MAX_VALUE);
  return (command$) =>
    defer(() => {
      /** When each of the newest orders passed; the place of the next one holds the oldest. */
      const passedAt: number[] = [];
      let next = 0;
      return command$.pipe(
        guard((command) => {
          if (!isSoundOrder(command)) return undefined;
          const now = scheduler.now();
          const oldest = passedAt[next];
          if (oldest !== undefined && now - oldest < window)
            return `more than ${most} orders within ${window} ms`;
          passedAt[next] = now;
          next = (next + 1) % most;
          return undefined;
        }),
      );
    });
};
