import {
  atRate,
  eachAsset,
  eachSide,
  oncePerSlot,
  parameter,
  parametrised,
  placeOrder,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';

const parameters = {
  bidRate: parameter.number({ byDefault: 10, unit: 'cents/kWh', min: 0, about: 'what buyers bid' }),
  offerRate: parameter.number({ byDefault: 10, unit: 'cents/kWh', min: 0, about: 'what sellers ask' }),
};

/**
 * Posts one bid or offer per asset and slot, for all it can trade, and leaves it there. The shortest complete strategy,
 * to begin with or to try a market out.
 *
 * The rates are what stands in the orders: a bid meets an offer only where it is above it by the grid fees between the
 * two, so with both at the same rate only neighbours in one market without a fee trade. With bids above what the grid
 * asks and offers below what it pays everything is traded, dearly. It follows neither the tariffs nor what was traded.
 */
const bidOfferPosting = parametrised(
  parameters,
  ({ bidRate, offerRate }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachAsset(),
        eachSide(),
        atRate(({ side }) => (side === 'bid' ? bidRate : offerRate)),
        placeOrder(),
      ),
);

export default bidOfferPosting;

export const options: StrategyOptions = { description: 'posts one bid or offer per asset and slot' };
