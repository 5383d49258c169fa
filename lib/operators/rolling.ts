import { defer, map, type OperatorFunction } from 'rxjs';
import { wholeNumberWithin } from './options.ts';

/**
 * Turns each value into the newest ones up to it, oldest first; with a key, those of the same key.
 *
 * ```
 * value       -a---b---c---d--|
 * rolling(3)  -a---ab--abc-bcd|      as arrays
 * ```
 *
 * @param over how many values at most
 * @param by what makes values belong together, compared with `===`; all do unless said otherwise
 * @throws GsyError `ERR_GSY_OPTIONS` when `over` is not a whole number from 1 on
 * @example
 * // The dearest and the cheapest mean rate in the root market over the last day.
 * marketSlot$.pipe(
 *   map(({ grid }) => grid.markets[0]?.lastStats?.averageRate),
 *   filter((rate) => rate !== undefined),
 *   rolling(96),
 *   map((rates) => [Math.min(...rates), Math.max(...rates)]),
 * );
 */
export const rolling = <T>(
  over: number,
  by: (value: T) => unknown = () => undefined,
): OperatorFunction<T, readonly T[]> => {
  const most = wholeNumberWithin('rolling: over', over, 1, Number.MAX_SAFE_INTEGER);
  return (source) =>
    defer(() => {
      const newest = new Map<unknown, readonly T[]>();
      return source.pipe(
        map((value) => {
          const key = by(value);
          const values = [...(newest.get(key) ?? []), value].slice(-most);
          newest.set(key, values);
          return values;
        }),
      );
    });
};
