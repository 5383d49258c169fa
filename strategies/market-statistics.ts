import {
  eachMarket,
  lastMarketDsoStats,
  oncePerSlot,
  parameter,
  parametrised,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge } from 'rxjs';

const parameters = {
  markets: parameter.names({ byDefault: [], about: 'the markets that are asked; none named: all' }),
};

/**
 * Asks markets once per slot for the figures of their last one: rates, energy traded, fee revenue, import and export.
 *
 * It trades nothing and sets no fees. The runner shows the figures in its log, a line for each market and slot; in code
 * they come on `response$`, as `eachMarketStats` reads them, and on `outcome$`. Only a market's own operator is told
 * them: of markets that you do not control the questions are refused.
 */
const marketStatistics = parametrised(
  parameters,
  ({ markets }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachMarket(...markets),
        map(({ market }) => lastMarketDsoStats(market.uuid)),
      ),
);

export default marketStatistics;

export const options: StrategyOptions = {
  description: 'asks markets for their figures of each slot',
  operatesMarkets: true,
};
