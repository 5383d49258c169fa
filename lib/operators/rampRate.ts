import { mergeMap, type OperatorFunction } from 'rxjs';
import { numberWithin } from './options.ts';

/** How a ramp ends. */
export interface RampOptions {
  /** The share of the slot from which on the final rate holds; unless said otherwise it is only approached. */
  readonly finalFrom?: number;
}

/** The rate at the opening of the slot and the rate at its end, cents/kWh; undefined where it is not known. */
export type RateBounds = readonly [from: number | undefined, to: number | undefined];

/**
 * Adds a `rate` (cents/kWh) that goes from one bound to the other as the slot runs out, by a tenth of the way at each
 * tenth of the slot.
 *
 * The bounds are asked for anew at every moment. A moment for which one of them is undefined is skipped: so nothing
 * comes in a run's first slot, where the exchange names no tariffs yet, and never for a bound that stands on the
 * feed-in tariff in a grid whose root has nobody who buys.
 *
 * ```
 * moment             -0-1-2-3-|      tenths of a slot
 * rampRate(0 → 100)  -a-b-c-d-|      rates 0, 10, 20, 30
 * ```
 *
 * @example
 * merge(marketSlot$, tick$).pipe(
 *   eachAsset(isLoad),
 *   rampRate((moment) => [moment.feedInTariffRate, moment.marketMakerRate], { finalFrom: 0.8 }),
 *   map(({ asset, rate }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh, rate)),
 * );
 */
export const rampRate = <M extends { readonly progress: number }>(
  bounds: (moment: M) => RateBounds,
  { finalFrom }: RampOptions = {},
): OperatorFunction<M, M & { readonly rate: number }> => {
  const final = finalFrom === undefined ? Infinity : numberWithin('rampRate: finalFrom', finalFrom, 0, 1);
  return mergeMap((moment) => {
    const [from, to] = bounds(moment);
    if (from === undefined || to === undefined) return [];
    const { progress } = moment;
    const rate = progress >= final ? to : from + ((to - from) * tenthsPassed(progress)) / 10;
    return [{ ...moment, rate }];
  });
};

// Sums such as 0.1 + 0.6 stand a hair below their tenth.
const tenthsPassed = (progress: number): number => Math.floor(progress * 10 + 1e-9);
