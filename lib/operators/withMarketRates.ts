import { defer, map, type OperatorFunction } from 'rxjs';
import { extended } from '../extended.ts';
import type { SlotEvent } from '../model/events.ts';
import { wholeNumberWithin } from './options.ts';

/**
 * Adds to each market slot and tick the mean rates of the root market in the newest finished slots, oldest first:
 * `marketRates`, cents/kWh.
 *
 * There all that the neighbours do not trade among themselves is traded, so it tells what energy is worth: what the grid
 * asks while it is short, what the grid pays while there is too much of it. Slots in which nothing was traded are left
 * out. Each rate is the exchange's plain mean over the trades of a slot, grid fee included.
 *
 * ```
 * moment                        -a-b-c-d-|      a, b: in a slot, c, d: in the next; the one before them ended at 8, at 30
 * withMarketRates({ over: 96 }) -A-B-C-D-|      A, B: [8], C, D: [8, 30]
 * ```
 *
 * @param over how many slots
 * @throws GsyError `ERR_GSY_OPTIONS` when `over` is not a whole number from 1 on
 * @example
 * // Sells at the dearest rate of the last day.
 * tick$.pipe(
 *   withMarketRates({ over: 96 }),
 *   eachAsset(isStorage),
 *   sizeOffer(),
 *   atRate(({ marketRates }) => (marketRates.length === 0 ? undefined : Math.max(...marketRates))),
 *   placeOrder(),
 * );
 */
export const withMarketRates = <M extends SlotEvent>({
  over,
}: {
  readonly over: number;
}): OperatorFunction<M, M & { readonly marketRates: readonly number[] }> => {
  const most = wholeNumberWithin('withMarketRates: over', over, 1, Number.MAX_SAFE_INTEGER);
  return (source) =>
    defer(() => {
      let marketRates: readonly number[] = [];
      let slot: string | undefined;
      return source.pipe(
        map((moment) => {
          const rate = moment.grid.markets[0]?.lastStats?.averageRate;
          if (moment.slot !== slot && rate !== undefined) marketRates = [...marketRates, rate].slice(-most);
          slot = moment.slot;
          return extended(moment, { marketRates });
        }),
      );
    });
};
