import {
  eachAsset,
  fromProgress,
  gridAsks,
  gridPays,
  isConsumer,
  isProducer,
  isStorage,
  placeOrder,
  rampRate,
  sizeBid,
  sizeOffer,
  tariffMiddle,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';

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
      eachAsset(isConsumer),
      rampRate((moment) => [gridPays(moment), gridAsks(moment)], { finalFrom: 0.8 }),
      sizeBid(),
    ),
    moment$.pipe(
      eachAsset(isProducer),
      rampRate((moment) => [gridAsks(moment), gridPays(moment)], { finalFrom: 0.8 }),
      sizeOffer(),
    ),
    storage$.pipe(
      rampRate((moment) => [gridPays(moment), tariffMiddle(moment)]),
      sizeBid(),
    ),
    storage$.pipe(
      rampRate((moment) => [gridAsks(moment), tariffMiddle(moment)]),
      sizeOffer(),
    ),
  ).pipe(placeOrder());
};

export default basic;

export const options: StrategyOptions = {
  description: 'trades everything between what the grid pays and what it asks, as the official template does',
};
