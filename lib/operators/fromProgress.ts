import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { numberWithin } from './options.ts';

/**
 * Lets only those moments through at which at least this share of the slot has passed.
 *
 * The tick of 0 % follows the market slot at once, so a strategy that acts on both skips it with `fromProgress(0.1)`.
 *
 * ```
 * tick               -0-1-2-3-4-|      tenths of a slot
 * fromProgress(0.3)  -------3-4-|
 * ```
 *
 * @param share 0 to 1
 * @throws GsyError `ERR_GSY_OPTIONS` for anything else, such as a percentage
 * @example tick$.pipe(fromProgress(0.8), eachAsset(isLoad))
 */
export const fromProgress = <E extends { readonly progress: number }>(
  share: number,
): MonoTypeOperatorFunction<E> => {
  const least = numberWithin('fromProgress: share', share, 0, 1);
  return filter(({ progress }) => progress >= least);
};
