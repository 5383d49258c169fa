import type { OperatorFunction } from 'rxjs';
import { mapDefined } from './mapDefined.ts';
import { withRate } from './moment.ts';
import { numberWithin, wholeNumberWithin } from './options.ts';

/** The shape of a ramp. */
export interface RampOptions {
  /** The share of the slot from which on the final rate holds; unless said otherwise it is only approached. */
  readonly finalFrom?: number;
  /** In how many equal steps the slot is gone through; 10 unless said otherwise, for ticks come at tenths. */
  readonly steps?: number;
  /** 1, a straight line, unless said otherwise; above 1 the rate moves late, below 1 early. */
  readonly exponent?: number;
}

/** The rate at the opening of the slot and the rate at its end, cents/kWh; undefined where it is not known. */
export type RateBounds = readonly [from: number | undefined, to: number | undefined];

/**
 * Adds a `rate` (cents/kWh) that goes from one bound to the other as the slot runs out: by a tenth of the way at each
 * tenth of the slot, or in coarser steps, or convex.
 *
 * The bounds are asked for anew at every moment. A moment for which one of them is undefined is skipped: so nothing
 * comes in a run's first slot, where the exchange names no tariffs yet, and never for a bound that stands on the
 * feed-in tariff in a grid whose root has nobody who buys.
 *
 * ```
 * moment             -0-1-2-3-|      tenths of a slot
 * rampRate(0 → 100)  -a-b-c-d-|      rates 0, 10, 20, 30; with `exponent: 2` 0, 1, 4, 9
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for options out of their bounds
 * @example
 * merge(marketSlot$, tick$).pipe(
 *   eachAsset(isLoad),
 *   rampRate((moment) => [moment.feedInTariffRate, moment.marketMakerRate], { finalFrom: 0.8 }),
 *   map(({ asset, rate }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh, rate)),
 * );
 */
export const rampRate = <M extends { readonly progress: number }>(
  bounds: (moment: M) => RateBounds,
  { finalFrom, steps = 10, exponent = 1 }: RampOptions = {},
): OperatorFunction<M, M & { readonly rate: number }> => {
  const final = finalFrom === undefined ? Infinity : numberWithin('rampRate: finalFrom', finalFrom, 0, 1);
  const stepCount = wholeNumberWithin('rampRate: steps', steps, 1, 100);
  const power = numberWithin('rampRate: exponent', exponent, 0.01, 100);
  return mapDefined((moment) => {
    const [from, to] = bounds(moment);
    if (from === undefined || to === undefined) return undefined;
    const { progress } = moment;
    const way = (stepsPassed(progress, stepCount) / stepCount) ** power;
    return withRate(moment, progress >= final ? to : from + (to - from) * way);
  });
};

// Sums such as 0.1 + 0.6 stand a hair below their tenth.
const stepsPassed = (progress: number, steps: number): number => Math.floor(progress * steps + 1e-9);
