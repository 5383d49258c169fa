import {
  eachAsset,
  gridAsks,
  gridPays,
  isLoad,
  isPv,
  placeOrder,
  rampRate,
  sizeBid,
  sizeOffer,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';

/**
 * Buys what each load still needs, and sells what each PV still has. Bids rise from what the grid pays to what it asks
 * as the slot runs out, offers fall the other way; from 80 % of the slot on both are at the grid's own rate, so that
 * nobody stays without a trade.
 */
const myStrategy: Strategy = ({ tick$ }) =>
  merge(
    tick$.pipe(
      eachAsset(isLoad),
      rampRate((moment) => [gridPays(moment), gridAsks(moment)], { finalFrom: 0.8 }),
      sizeBid(),
      placeOrder(),
    ),
    tick$.pipe(
      eachAsset(isPv),
      rampRate((moment) => [gridAsks(moment), gridPays(moment)], { finalFrom: 0.8 }),
      sizeOffer(),
      placeOrder(),
    ),
  );

export default myStrategy;

export const options: StrategyOptions = {
  description: 'buys for loads and sells for PVs, at rates that meet as the slot runs out',
};
