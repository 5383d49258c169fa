import { feeToRoot, gridFee } from '../grid/fees.ts';
import type { SlotEvent } from '../model/events.ts';
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
 * The middle between the feed-in tariff and the market maker rate, cents/kWh, where both sides gain as much over trading
 * with the grid.
 *
 * Undefined where one of them is: in a run's first slot, and in a grid whose root has nobody who buys.
 *
 * @example storage$.pipe(rampRate((moment) => [gridPays(moment), tariffMiddle(moment)]))
 */
export const tariffMiddle = ({ feedInTariffRate, marketMakerRate }: SlotEvent): number | undefined =>
  feedInTariffRate === undefined || marketMakerRate === undefined
    ? undefined
    : (feedInTariffRate + marketMakerRate) / 2;

/**
 * The grid fees that energy of this rate bears between the asset and the root market, cents/kWh.
 *
 * Constant fees are the same for every rate; percentages are of the rate, and added up, which is only approximately what
 * a trade pays (exchange protocol, fee along a path).
 *
 * @example pv$.pipe(atRate((moment) => 20 - feesToGrid(moment, 20)))
 */
export const feesToGrid = (moment: AssetMoment, rate: number): number => feesOf(moment, rate);

/**
 * The grid fees that energy of this rate bears between the asset and another area, cents/kWh; otherwise as
 * `feesToGrid`.
 *
 * Orders of two assets meet only where the bid is above the offer by these fees.
 *
 * @param partner name or uuid of an asset or a market
 * @throws GsyError `ERR_GSY_UNKNOWN_AREA` or `ERR_GSY_AMBIGUOUS_NAME`, as `Grid.area` does
 * @example load$.pipe(atRate((moment) => 15 + feesToPartner(moment, 'Farm PV', 15)))
 */
export const feesToPartner = (moment: AssetMoment, partner: string, rate: number): number =>
  feesOf(moment, rate, partner);

const feesOf = ({ grid, asset }: AssetMoment, rate: number, to?: string): number => {
  const fee = to === undefined ? feeToRoot(grid, asset) : gridFee(grid, asset.uuid, to);
  return grid.feeUnit === 'percent' ? (rate * fee) / 100 : fee;
};
