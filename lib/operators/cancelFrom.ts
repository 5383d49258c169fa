import { defer, merge, mergeMap, tap, type MonoTypeOperatorFunction } from 'rxjs';
import type { Market } from '../events.ts';
import type { Command } from '../model/commands.ts';
import { guard } from './guard.ts';
import { numberWithin } from './options.ts';
import { isOrder } from './soundOrders.ts';
import { standingOrders } from './standingOrders.ts';

/**
 * Pulls orders out of the market before its slot ends: from this share of the slot on nothing of it stands.
 *
 * At the first event from then on it deletes the orders that it has let through in the slot, and until the next slot it
 * refuses further ones. Orders of settlement slots are left alone. The exchange reads a command at its next tick: where
 * a slot has ten of them, what is deleted at 90 % is deleted in the next slot. It lasts as long as the market, also when
 * the commands have completed.
 *
 * ```
 * event                    s----5----9----s---|      s: a slot opens, digits: tenths of it
 * command                  -a-----b-----b---b-|      a, b: bids of one load
 * cancelFrom(market, 0.9)  -a-----b--d--B---b-|      d: a delete of the load's bids, B: b, marked as refused
 * ```
 *
 * @param share 0 to 1
 * @throws GsyError `ERR_GSY_OPTIONS` for anything else, such as a percentage
 * @example const early: Strategy = (market) => basic(market).pipe(cancelFrom(market, 0.8));
 */
export const cancelFrom = (
  { event$ }: Pick<Market, 'event$'>,
  share: number,
): MonoTypeOperatorFunction<Command> => {
  const least = numberWithin('cancelFrom: share', share, 0, 1);
  return (command$) =>
    defer(() => {
      const standing = standingOrders();
      let closed = false;
      const cancel$ = event$.pipe(
        mergeMap((event) => {
          standing.hear(event);
          if (event.kind === 'market-slot' || event.kind === 'tick') closed = event.progress >= least;
          return closed ? standing.cancel() : [];
        }),
      );
      const isOfThisSlot = (command: Command) => isOrder(command) && command.timeSlot === undefined;
      const guarded$ = command$.pipe(
        guard((command) =>
          closed && isOfThisSlot(command)
            ? `no order stands from ${Number((100 * least).toFixed(6))} % of the slot on`
            : undefined,
        ),
        tap((command) => isOfThisSlot(command) && standing.given(command)),
      );
      return merge(cancel$, guarded$);
    });
};
