import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs';
import { wholeNumberWithin } from './options.ts';

/**
 * Lets the first tick of each slot through, and then every n-th one.
 *
 * All moments at the same progress of a slot count as one tick, so it may stand before or after `eachAsset`, and a
 * market slot is one with its tick of 0 %.
 *
 * ```
 * tick             -0-1-2-3-4-0-|      tenths of a slot
 * everyNthTick(3)  -0-----3---0-|
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when `n` is not a whole number from 1 on
 * @example tick$.pipe(everyNthTick(2), eachAsset(isLoad))
 */
export const everyNthTick = <M extends { readonly slot: string; readonly progress: number }>(
  n: number,
): MonoTypeOperatorFunction<M> => {
  const every = wholeNumberWithin('everyNthTick: n', n, 1, Number.MAX_SAFE_INTEGER);
  return (source) =>
    defer(() => {
      let slot: string | undefined;
      let progress: number | undefined;
      let ticks = 0;
      return source.pipe(
        filter((moment) => {
          if (moment.slot !== slot) ticks = 0;
          else if (moment.progress !== progress) ticks += 1;
          ({ slot, progress } = moment);
          return ticks % every === 0;
        }),
      );
    });
};
