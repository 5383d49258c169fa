import { gridFee } from '../grid/fees.ts';
import type { AssetMoment } from './eachAsset.ts';

/**
 * What an asset gets when it sells to the grid: the feed-in tariff less the grid fees on the way, cents/kWh.
 *
 * It is below zero where the fees are higher than the tariff, and undefined where the tariff is: in a run's first slot,
 * and in a grid whose root has nobody who buys.
 *
 * @example pv$.pipe(map((moment) => gridPays(moment))) // 10 - 0.5 - 1 with two markets on the way
 */
export const gridPays = (moment: AssetMoment): number | undefined =>
  moment.feedInTariffRate === undefined
    ? undefined
    : moment.feedInTariffRate - feesToGrid(moment, moment.feedInTariffRate);

/**
 * What an asset pays when it buys from the grid: the market maker rate and the grid fees on the way, cents/kWh.
 *
 * Undefined where the market maker rate is: in a run's first slot.
 *
 * @example load$.pipe(rampRate((moment) => [gridPays(moment), gridAsks(moment)]))
 */
export const gridAsks = (moment: AssetMoment): number | undefined =>
  moment.marketMakerRate === undefined
    ? undefined
    : moment.marketMakerRate + feesToGrid(moment, moment.marketMakerRate);

/**
 * The grid fees that energy of this rate bears between the asset and the root market, cents/kWh.
 *
 * Constant fees are the same for every rate; percentages are of the rate, and added up, which is only approximately what
 * a trade pays (exchange protocol, fee along a path).
 */
export const feesToGrid = ({ grid, asset }: AssetMoment, rate: number): number => {
  const fee = gridFee(grid, asset.uuid);
  return grid.feeUnit === 'percent' ? (rate * fee) / 100 : fee;
};
