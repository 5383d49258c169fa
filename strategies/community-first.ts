import {
  atRate,
  eachAsset,
  eachSide,
  feesToPartner,
  fromProgress,
  gridAsks,
  gridPays,
  isStorage,
  parameter,
  parametrised,
  placeOrder,
  tariffMiddle,
  type AssetMoment,
  type Sized,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';

const parameters = {
  spread: parameter.number({
    byDefault: 2,
    unit: 'cents/kWh',
    min: 0,
    about: 'how far above the middle of the tariffs consumers bid, and below it producers ask',
  }),
};

/**
 * Trades as near as it can: first inside the home, then in the community, and only what is left with the grid.
 *
 * The slot has one part for each market on the way from an asset to the grid. In each part the orders bear the fees up to
 * that market and no further, so that they meet there and not beyond: buyers bid a fair rate and the fees of their way to
 * it, sellers ask one and take their own fees off. The fair rates stand around the middle of the tariffs; in the last
 * part what is left takes the grid's. So neither side can do better with the grid, and each kWh bears the least fees that
 * it can. Storages buy below the middle and sell above it, and never trade with the grid.
 */
const communityFirst = parametrised(
  parameters,
  ({ spread }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$.pipe(fromProgress(0.1))).pipe(
        eachAsset(),
        eachSide(),
        atRate((moment) => rateOf(moment, spread)),
        placeOrder(),
      ),
);

export default communityFirst;

export const options: StrategyOptions = {
  description: 'trades in the home first, then in the community, then with the grid',
};

const rateOf = (moment: Sized<AssetMoment>, spread: number): number | undefined => {
  const { grid, asset, side, progress } = moment;
  const [, ...markets] = grid.pathToRoot(asset.uuid);
  const part = Math.floor(progress * markets.length + 1e-9);
  const last = markets.length - 1;
  if (part >= last && !isStorage(asset)) return side === 'bid' ? gridAsks(moment) : gridPays(moment);
  const middle = tariffMiddle(moment);
  if (middle === undefined) return undefined;
  const fair = (side === 'bid') === isStorage(asset) ? middle - spread : middle + spread;
  const level = Math.max(0, Math.min(part, last - 1));
  // The fee of the market where they meet is the buyer's.
  const farthest = side === 'bid' ? markets[level] : markets[level - 1];
  const fees = farthest === undefined ? 0 : feesToPartner(moment, farthest.uuid, fair);
  return side === 'bid' ? fair + fees : fair - fees;
};
