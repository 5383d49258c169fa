import { defer, mergeMap, type Observable } from 'rxjs';
import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import type { Market } from '../events.ts';
import type { Bid, Command, Offer } from '../model/commands.ts';
import type { Outcome } from '../model/outcomes.ts';
import { hearing } from './hearing.ts';
import { numberWithin, wholeNumberWithin } from './options.ts';
import { perOrder } from './perOrder.ts';
import { isSoundOrder } from './soundOrders.ts';

/** How to try again. */
export interface RetryOptions {
  /** How often at most, per asset, side and slot, until an order is accepted there. */
  readonly times: number;
  /** What share of the energy is kept each time, above 0 and below 1. */
  readonly keep: number;
}

/**
 * A strategy that orders again, with less energy at the same rate, what the exchange has rejected.
 *
 * The exchange rejects an order for more than the asset can trade, as where a trade came between the event and the
 * order; why it did it says only in prose, so every rejected order is tried again. It is bounded: after so many times in
 * a row for one asset, side and slot it lets things be. What was never sent is not tried again. It stands beside the
 * strategies whose orders it mends, and acts on the orders of all of them.
 *
 * ```
 * outcome                                   -a-a-b-|      a: a bid for 4 kWh rejected, b: that for 2 kWh accepted
 * retryWithLess({ times: 1, keep: 0.5 })    -B-----|      B: a bid for 2 kWh
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for options out of their bounds
 * @example export default combineStrategies(basic, retryWithLess({ times: 3, keep: 0.5 }));
 */
export const retryWithLess = ({ times, keep }: RetryOptions): ((market: Market) => Observable<Command>) => {
  const most = wholeNumberWithin('retryWithLess: times', times, 1, 100);
  const share = numberWithin('retryWithLess: keep', keep, 0.001, 0.999);
  const retryingWithLess = ({ event$, outcome$ }: Market): Observable<Command> =>
    defer(() => {
      const tried = perOrder<number>();
      const again = ({ kind, command }: Outcome): readonly Command[] => {
        if (!isSoundOrder(command)) return [];
        if (kind === 'accepted') tried.delete(command);
        const before = tried.get(command) ?? 0;
        if (kind !== 'rejected' || before >= most) return [];
        tried.set(command, before + 1);
        const less = lessOf(command, share);
        return less.energyKWh <= SMALLEST_ENERGY_KWH ? [] : [less];
      };
      return outcome$.pipe(
        mergeMap(again),
        hearing(event$, (event) => tried.hear(event)),
      );
    });
  return retryingWithLess;
};

const lessOf = (order: Bid | Offer, share: number): Bid | Offer => ({
  ...order,
  energyKWh: order.energyKWh * share,
  priceCents: order.priceCents * share,
});
