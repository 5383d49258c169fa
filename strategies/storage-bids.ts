import {
  atRate,
  eachAsset,
  isStorage,
  listBids,
  oncePerSlot,
  parameter,
  parametrised,
  placeOrder,
  sizeBid,
  type StrategyOptions,
} from 'gsy-rx';
import { merge, mergeMap } from 'rxjs';

const parameters = {
  rate: parameter.number({ byDefault: 15, unit: 'cents/kWh', min: 0, about: 'what is bid' }),
  share: parameter.number({ byDefault: 0.5, min: 0, max: 1, about: 'the share of what fits in to bid for' }),
  maxCharge: parameter.number({
    byDefault: 1,
    min: 0,
    max: 1,
    about: 'the state of charge beyond which nothing is bought',
  }),
};

/**
 * Fills storages: bids once per slot for a share of what each of them can take, and asks then which bids stand.
 *
 * It earns nothing by itself: it buys where somebody sells for less than the rate, such as a neighbour's panels at noon,
 * and another strategy sells, such as storage-offers. The answers come on `outcome$` as `list-bids`; nothing is done
 * about them here. At a rate above what the grid asks the storage fills from the grid.
 */
const storageBids = parametrised(
  parameters,
  ({ rate, share, maxCharge }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachAsset(isStorage),
        sizeBid({ share, maxCharge }),
        atRate(rate),
        placeOrder(),
        mergeMap((bid) => [bid, listBids(bid.areaUuid)]),
      ),
);

export default storageBids;

export const options: StrategyOptions = { description: 'fills storages at one rate, a share in each slot' };
