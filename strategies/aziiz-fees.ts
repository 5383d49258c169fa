import {
  chargeFee,
  eachMarket,
  eachMarketStats,
  lastMarketDsoStats,
  movingAverage,
  oncePerSlot,
  parameter,
  parametrised,
  type StatsMoment,
  type StrategyOptions,
} from 'gsy-rx';
import { filter, map, merge } from 'rxjs';

const parameters = {
  thresholds: parameter.feeThresholds({
    about:
      'fees by mean balance, JSON like {"Home 1": [{"threshold": 1, "fee": 0.5}]}; kWh per slot, cents/kWh or %',
  }),
  feeBeyond: parameter.number({
    byDefault: 2000,
    unit: 'cents/kWh or %',
    min: 0,
    about: 'the fee above all thresholds',
  }),
  slots: parameter.number({
    byDefault: 4,
    min: 1,
    whole: true,
    about: 'over how many slots the balance is averaged',
  }),
};

/**
 * Charges for imbalance (Aziiz): the more a market has lately imported or exported on balance, the higher its grid fee.
 *
 * What counts is the size of the mean of import − export over the newest slots, kWh per slot: the first threshold not
 * below it gives the fee. So neighbours who serve each other trade cheaply, and where a connection runs full, trade
 * through it becomes too dear to go on. It begins when the first slot has finished, and averages what there is until
 * then. Control markets alone, for nobody trades for the assets that an aggregator takes with them.
 */
const aziizFees = parametrised(parameters, ({ thresholds, feeBeyond, slots }) => {
  const markets = [...thresholds.keys()];
  return ({ marketSlot$, tick$, response$ }) =>
    merge(
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachMarket(...markets),
        map(({ market }) => lastMarketDsoStats(market.uuid)),
      ),
      response$.pipe(
        eachMarketStats(),
        filter(({ stats }) => stats.importKWh !== undefined && stats.exportKWh !== undefined),
        movingAverage({ over: slots, of: balanceKWh, by: ({ market }) => market.uuid }),
        chargeFee(({ market, average }) => {
          const levels = thresholds.get(market.name) ?? thresholds.get(market.uuid);
          return levels && (levels.find(({ threshold }) => threshold >= Math.abs(average))?.fee ?? feeBeyond);
        }),
      ),
    );
});

export default aziizFees;

export const options: StrategyOptions = {
  description: 'sets grid fees by what markets import and export on balance',
  operatesMarkets: true,
};

const balanceKWh = ({ stats: { importKWh = 0, exportKWh = 0 } }: StatsMoment): number =>
  importKWh - exportKWh;
