import { map, type OperatorFunction } from 'rxjs';
import { extended } from '../extended.ts';
import { rolling } from './rolling.ts';

/** What to average, over how many values. */
export interface MovingAverageOptions<T> {
  /** The number of values; fewer at the beginning. */
  readonly over: number;
  /** The figure to average. */
  readonly of: (value: T) => number;
  /** What makes values belong together, compared with `===`; all do unless said otherwise. */
  readonly by?: (value: T) => unknown;
}

/**
 * Adds to each value the `average` of a figure over the newest values up to it.
 *
 * ```
 * figure                       -1-3-5-|
 * movingAverage({ over: 2 … }) -1-2-4-|      as `average`
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when `over` is not a whole number from 1 on
 * @example
 * // What each market imports, net, on the average of its last four slots.
 * outcome$.pipe(
 *   granted('dso-market-stats'),
 *   movingAverage({
 *     over: 4,
 *     of: ({ granted: { stats } }) => (stats.importKWh ?? 0) - (stats.exportKWh ?? 0),
 *     by: ({ command }) => command.areaUuid,
 *   }),
 * );
 */
export const movingAverage = <T extends object>({
  over,
  of,
  by,
}: MovingAverageOptions<T>): OperatorFunction<T, T & { readonly average: number }> => {
  const figures = rolling<{ readonly value: T; readonly figure: number }>(
    over,
    by && (({ value }) => by(value)),
  );
  return (source) =>
    source.pipe(
      map((value) => ({ value, figure: of(value) })),
      figures,
      map((newest) => {
        const sum = newest.reduce((total, { figure }) => total + figure, 0);
        const { value } = newest[newest.length - 1] as { readonly value: T };
        return extended(value, { average: sum / newest.length });
      }),
    );
};
