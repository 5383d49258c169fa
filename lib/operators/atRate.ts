import type { OperatorFunction } from 'rxjs';
import { mapDefined } from './mapDefined.ts';
import { withRate } from './moment.ts';

/**
 * Adds a `rate`, cents/kWh: a fixed one, or one that depends on the moment.
 *
 * A moment for which the rate is undefined is skipped, as where it stands on a tariff in a run's first slot.
 *
 * ```
 * moment      -a-b-|
 * atRate(20)  -A-B-|      with `rate: 20`
 * ```
 *
 * @example load$.pipe(sizeBid(), atRate(gridAsks), placeOrder())
 */
export const atRate = <M extends object>(
  rate: number | ((moment: NoInfer<M>) => number | undefined),
): OperatorFunction<M, M & { readonly rate: number }> =>
  mapDefined((moment) => {
    const found = typeof rate === 'number' ? rate : rate(moment);
    return found === undefined ? undefined : withRate(moment, found);
  });
