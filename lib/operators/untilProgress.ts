import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { numberWithin } from './options.ts';

/**
 * Lets only those moments through at which less than this share of the slot has passed: all that `fromProgress` with
 * the same share does not.
 *
 * ```
 * tick                -0-1-2-3-4-|      tenths of a slot
 * untilProgress(0.3)  -0-1-2-----|
 * ```
 *
 * @param share 0 to 1
 * @throws GsyError `ERR_GSY_OPTIONS` for anything else, such as a percentage
 * @example tick$.pipe(fromProgress(0.2), untilProgress(0.5), eachAsset(isPv))
 */
export const untilProgress = <E extends { readonly progress: number }>(
  share: number,
): MonoTypeOperatorFunction<E> => {
  const end = numberWithin('untilProgress: share', share, 0, 1);
  return filter(({ progress }) => progress < end);
};
