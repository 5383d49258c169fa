import {
  eachAsset,
  eachSide,
  fromProgress,
  gridAsks,
  gridPays,
  isStorage,
  parameter,
  parametrised,
  placeOrder,
  rampRate,
  withMarketRates,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge } from 'rxjs';

const parameters = {
  slots: parameter.number({
    byDefault: 96,
    min: 1,
    whole: true,
    about: 'how many slots make the forecast; a day, of quarters of an hour',
  }),
  share: parameter.number({
    byDefault: 0.25,
    min: 0,
    max: 0.5,
    about: 'the share of them that is cheap, and that is dear',
  }),
  margin: parameter.number({
    byDefault: 3,
    unit: 'cents/kWh',
    min: 0,
    about: 'how far it meets the others in a slot',
  }),
  spread: parameter.number({
    byDefault: 5,
    unit: 'cents/kWh',
    min: 0,
    about: 'the least gain that it stores for',
  }),
};

/**
 * Stores energy from cheap hours for dear ones, on a rolling forecast: the coming day will have the prices of the last.
 *
 * Each slot's mean rate in the root market goes into the forecast. A storage buys where the rate comes down to that of the
 * cheapest quarter of the day, and sells where it comes up to that of the dearest; in between it waits, as long as it
 * takes. Within a slot it begins at the grid's own rates and meets the others slowly, the margin beyond those limits at
 * most. It earns where prices differ through the day, as with panels at noon and loads in the evening, and stands still
 * where they do not. It knows neither the weather nor weekends.
 */
const storageArbitrage = parametrised(parameters, ({ slots, share, margin, spread }) => {
  const limits = (rates: readonly number[]) => {
    const rising = [...rates].sort((one, other) => one - other);
    const cheap = rising.at(Math.floor(share * (rising.length - 1)));
    const dear = rising.at(Math.ceil((1 - share) * (rising.length - 1)));
    if (cheap === undefined || dear === undefined || dear - cheap < spread + 2 * margin) return {};
    return { buyAt: cheap + margin, sellAt: dear - margin };
  };
  return ({ marketSlot$, tick$ }) =>
    merge(marketSlot$, tick$.pipe(fromProgress(0.1))).pipe(
      withMarketRates({ over: slots }),
      map((moment) => ({ ...moment, ...limits(moment.marketRates) })),
      eachAsset(isStorage),
      eachSide(),
      rampRate((moment) =>
        moment.side === 'bid' ? [gridPays(moment), moment.buyAt] : [gridAsks(moment), moment.sellAt],
      ),
      placeOrder(),
    );
});

export default storageArbitrage;

export const options: StrategyOptions = {
  description: 'stores cheap energy for dear hours, on a rolling forecast',
};
