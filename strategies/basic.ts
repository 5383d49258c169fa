import {
  bidEnergyRate,
  eachAsset,
  fromProgress,
  gridAsks,
  gridPays,
  isLoad,
  isPv,
  isSmartMeter,
  isStorage,
  offerEnergyRate,
  rampRate,
  skipDust,
  type AssetMoment,
  type OwnedAsset,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge } from 'rxjs';

/**
 * Trades everything: consumers pay more and producers ask less as the slot runs out, storages buy low and sell high.
 *
 * All rates lie between what the grid pays and what it asks, grid fees included. Consumers and producers reach the
 * grid's own rate at 80 % of the slot, so that what the neighbours do not trade goes to the grid; storages only
 * approach the middle between the two tariffs. Each order is for all the asset can trade and replaces its former one.
 * A rate below zero, as high fees can make it, becomes zero. In a run's first slot, where the tariffs are not known,
 * nothing is traded.
 */
const basic: Strategy = ({ marketSlot$, tick$ }) => {
  const moment$ = merge(marketSlot$, tick$.pipe(fromProgress(0.1)));
  const storage$ = moment$.pipe(eachAsset(isStorage));
  return merge(
    moment$.pipe(
      eachAsset(consumes),
      rampRate((moment) => [gridPays(moment), gridAsks(moment)], { finalFrom: 0.8 }),
      map(({ asset, rate }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh, Math.max(0, rate))),
    ),
    moment$.pipe(
      eachAsset(produces),
      rampRate((moment) => [gridAsks(moment), gridPays(moment)], { finalFrom: 0.8 }),
      map(({ asset, rate }) => offerEnergyRate(asset.uuid, asset.availableEnergyKWh, Math.max(0, rate))),
    ),
    storage$.pipe(
      rampRate((moment) => [gridPays(moment), middle(moment)]),
      map(({ asset, rate }) => bidEnergyRate(asset.uuid, asset.tradableToBuyKWh, Math.max(0, rate))),
    ),
    storage$.pipe(
      rampRate((moment) => [gridAsks(moment), middle(moment)]),
      map(({ asset, rate }) => offerEnergyRate(asset.uuid, asset.tradableToSellKWh, rate)),
    ),
  ).pipe(skipDust());
};

export default basic;

export const options: StrategyOptions = {
  description: 'trades everything between what the grid pays and what it asks, as the official template does',
};

const consumes = (asset: OwnedAsset) => isLoad(asset) || isSmartMeter(asset);
const produces = (asset: OwnedAsset) => isPv(asset) || isSmartMeter(asset);

const middle = ({ feedInTariffRate, marketMakerRate }: AssetMoment): number | undefined =>
  feedInTariffRate === undefined || marketMakerRate === undefined
    ? undefined
    : (feedInTariffRate + marketMakerRate) / 2;
