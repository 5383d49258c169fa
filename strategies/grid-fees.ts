import {
  chargeFee,
  eachMarket,
  lastMarketDsoStats,
  named,
  oncePerSlot,
  parameter,
  parametrised,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge } from 'rxjs';

const parameters = {
  markets: parameter.names({ about: 'the markets whose fees are set' }),
  fee: parameter.number({ byDefault: 10, unit: 'cents/kWh, or % where fees are', min: 0, about: 'the fee' }),
};

/**
 * Sets one constant grid fee for markets, from the next slot on, and asks for their figures once per slot.
 *
 * A market's operator earns the fee on each kWh that is traded in it; what the fee makes too dear is no longer traded
 * there. It is set where it is not so already: once as a rule, and again should somebody change it. For the figures see
 * market-statistics. Control markets alone, for nobody trades for the assets that an aggregator takes with them.
 */
const gridFees = parametrised(parameters, ({ markets, fee }) => ({ marketSlot$, tick$ }) => {
  const market$ = merge(marketSlot$, tick$).pipe(oncePerSlot(), eachMarket(), named(...markets));
  return merge(
    market$.pipe(map(({ market }) => lastMarketDsoStats(market.uuid))),
    market$.pipe(chargeFee(fee)),
  );
});

export default gridFees;

export const options: StrategyOptions = {
  description: 'sets one constant grid fee and asks for statistics',
  operatesMarkets: true,
};
