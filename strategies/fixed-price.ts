import {
  bidEnergyRate,
  eachAsset,
  feesToGrid,
  offerEnergyRate,
  oncePerSlot,
  skipDust,
  type AssetMoment,
  type Command,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';
import { merge, mergeMap } from 'rxjs';

/** What sellers ask, cents/kWh. */
const RATE = 20;

/**
 * Trades at one fixed rate: once per slot every asset orders all it can trade, and waits. A baseline to measure other
 * strategies against.
 *
 * Sellers ask the rate; buyers bid it with the grid fees to the root market added, for orders meet only where the fees
 * between them are paid. Storages do both, with each other too. Nothing follows the market: what finds nobody at this
 * price is not traded.
 */
const fixedPrice: Strategy = ({ marketSlot$, tick$ }) =>
  merge(marketSlot$, tick$).pipe(
    eachAsset(),
    oncePerSlot(({ asset }) => asset.uuid),
    mergeMap(ordersFor),
    skipDust(),
  );

export default fixedPrice;

export const options: StrategyOptions = { description: 'orders once per slot at one rate; a baseline' };

const ordersFor = (moment: AssetMoment): readonly Command[] => {
  const { asset } = moment;
  const bid = (energyKWh: number) => bidEnergyRate(asset.uuid, energyKWh, RATE + feesToGrid(moment, RATE));
  const offer = (energyKWh: number) => offerEnergyRate(asset.uuid, energyKWh, RATE);
  switch (asset.kind) {
    case 'load':
      return [bid(asset.energyRequirementKWh)];
    case 'pv':
      return [offer(asset.availableEnergyKWh)];
    case 'storage':
      return [bid(asset.tradableToBuyKWh), offer(asset.tradableToSellKWh)];
    case 'smart-meter':
      return [bid(asset.energyRequirementKWh), offer(asset.availableEnergyKWh)];
  }
};
