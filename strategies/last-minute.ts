import {
  eachAsset,
  fromProgress,
  gridAsks,
  gridPays,
  isConsumer,
  placeOrder,
  rampRate,
  sizeBid,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';

/**
 * Buys late: consumers wait until 80 % of the slot has passed, for by then the neighbours' offers have come down.
 *
 * The first bid stays under what the grid asks, grid fees included; from 90 % on it is that rate, so that nobody stays
 * without energy. Producers and storages are left to other strategies. In a run's first slot, where the tariffs are not
 * known, nothing is traded.
 */
const lastMinute: Strategy = ({ tick$ }) =>
  tick$.pipe(
    fromProgress(0.8),
    eachAsset(isConsumer),
    rampRate((moment) => [gridPays(moment), gridAsks(moment)], { finalFrom: 0.9 }),
    sizeBid(),
    placeOrder(),
  );

export default lastMinute;

export const options: StrategyOptions = { description: 'buys for consumers in the last fifth of the slot' };
