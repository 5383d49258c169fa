import {
  combineStrategies,
  eachAsset,
  eachDeviation,
  gridAsks,
  gridPays,
  parameter,
  parametrised,
  placeOrder,
  rampRate,
  untilProgress,
  type Strategy,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';
import basic from './basic.ts';

const parameters = {
  finalFrom: parameter.number({
    byDefault: 0.7,
    min: 0,
    max: 0.7,
    about: "the share of the slot from which on the grid's rate is bid or asked",
  }),
};

/**
 * Settles what was consumed and produced otherwise than it was traded, in all past slots that are still open for it;
 * beside it the basic strategy trades the running slot.
 *
 * Who took more than it bought, or gave less than it sold, buys the difference: from what the grid pays up to what it
 * asks. Who has something left over sells it, the other way round. So neighbours whose deviations cancel out meet in the
 * middle, and it earns where settling among them is cheaper than balancing energy. Slots that nobody has measured yet
 * are left until somebody has (energy-forecasts sends measurements); storages are not used. In the last fifth of a slot
 * it keeps still, for the oldest slot may close meanwhile. Where the exchange has no settlement market it is the basic
 * strategy alone.
 */
const settleDeviations = parametrised(parameters, ({ finalFrom }) => {
  const settlement: Strategy = ({ marketSlot$, tick$ }) =>
    merge(marketSlot$, tick$).pipe(
      untilProgress(0.8),
      eachAsset(),
      eachDeviation(),
      rampRate(
        (moment) =>
          moment.side === 'bid' ? [gridPays(moment), gridAsks(moment)] : [gridAsks(moment), gridPays(moment)],
        { finalFrom },
      ),
      placeOrder(),
    );
  return combineStrategies(basic, settlement);
});

export default settleDeviations;

export const options: StrategyOptions = {
  description: 'trades like basic, and settles what deviates from it in the settlement market',
};
