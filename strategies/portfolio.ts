import {
  eachMarket,
  eachSide,
  feesToPartner,
  fromProgress,
  gridAsks,
  gridPays,
  isStorage,
  placeOrder,
  rampRate,
  skipDust,
  SMALLEST_ENERGY_KWH,
  tariffMiddle,
  type AssetMoment,
  type MarketMoment,
  type OwnedAsset,
  type RateBounds,
  type Sized,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge, mergeMap } from 'rxjs';

/**
 * Nets each home before it trades: its own panels serve its own loads, and only what is left over or missing goes out.
 *
 * While a home has both need and energy, its loads bid for just what the two have in common and its PVs take the bids, at
 * the middle of the tariffs, where no neighbour's order has come in yet: at once, over no fee but the home's own. Then the
 * home is on one side only, and ramps between what the grid pays and what it asks, as basic does. So it never buys back
 * dearly what it has sold in the same slot. Storages are left to other strategies, such as storage-arbitrage; in the
 * first slot of a run nothing is traded.
 */
const portfolio: Strategy = ({ marketSlot$, tick$ }) =>
  merge(marketSlot$, tick$.pipe(fromProgress(0.1))).pipe(
    eachMarket(),
    mergeMap(netted),
    eachSide(),
    rampRate(boundsOf, { finalFrom: FINAL_FROM }),
    // A PV offers all it has: once an offer is traded in full the exchange hardly takes another one in the slot.
    map((moment) =>
      moment.side === 'bid' ? { ...moment, energyKWh: moment.energyKWh * moment.needShare } : moment,
    ),
    placeOrder(),
    skipDust(),
  );

export default portfolio;

export const options: StrategyOptions = {
  description: "serves each home's loads from its own panels before it trades",
};

const FINAL_FROM = 0.8;

const netted = (moment: MarketMoment) => {
  const assets = moment.assets.filter((asset) => !isStorage(asset));
  const needKWh = total(assets, (asset) =>
    'energyRequirementKWh' in asset ? asset.energyRequirementKWh : 0,
  );
  const haveKWh = total(assets, (asset) => ('availableEnergyKWh' in asset ? asset.availableEnergyKWh : 0));
  const isInside = Math.min(needKWh, haveKWh) > SMALLEST_ENERGY_KWH && moment.progress < FINAL_FROM;
  const needShare = isInside ? Math.min(1, haveKWh / needKWh) : 1;
  return assets.map((asset) => ({ ...moment, asset, isInside, needShare }));
};

const total = (assets: readonly OwnedAsset[], energyKWh: (asset: OwnedAsset) => number): number =>
  assets.reduce((sum, asset) => sum + energyKWh(asset), 0);

const boundsOf = (moment: Sized<AssetMoment & ReturnType<typeof netted>[number]>): RateBounds => {
  const { side, market, isInside } = moment;
  const [pays, asks, fair] = [gridPays(moment), gridAsks(moment), tariffMiddle(moment)];
  if (!isInside || fair === undefined) return side === 'bid' ? [pays, asks] : [asks, pays];
  const rate = side === 'bid' ? fair + feesToPartner(moment, market.uuid, fair) : fair;
  return [rate, rate];
};
