import {
  chargeFee,
  clockTime,
  eachMarket,
  lastMarketDsoStats,
  oncePerSlot,
  parameter,
  parametrised,
  withNextSlot,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge } from 'rxjs';

const parameters = {
  fees: parameter.feesByTime({
    about:
      'fees, CSV with `;`: the time of the day, and each market in a column of its name; cents/kWh, or % where fees are',
  }),
  zone: parameter.zone({ byDefault: 'UTC', about: 'the time zone of the file' }),
};

/**
 * Sets grid fees by the time of the day, out of a file, and asks for the markets' figures once per slot.
 *
 * In each slot it sets the fee of the next, for that is when a fee begins to hold; the first is that of the third slot
 * that is seen. A fee in the file holds until the next time in it, whatever the length of the slots. Times are those of
 * the wall clock: where it is put forward those of the missing hour are skipped, where it is put back they come twice.
 * Steer with it when people consume: fees that fall at noon draw loads and storages there. Control markets alone, for
 * nobody trades for the assets that an aggregator takes with them.
 */
const timeOfUseFees = parametrised(parameters, ({ fees, zone }) => {
  const markets = [...(fees[0]?.fees.keys() ?? [])];
  const feesAt = (time: string) => fees.findLast((row) => row.time <= time)?.fees;
  return ({ marketSlot$, tick$ }) => {
    const slot$ = merge(marketSlot$, tick$).pipe(oncePerSlot());
    return merge(
      slot$.pipe(
        eachMarket(...markets),
        map(({ market }) => lastMarketDsoStats(market.uuid)),
      ),
      slot$.pipe(
        withNextSlot(),
        map((moment) => ({ ...moment, fees: feesAt(clockTime(moment.nextSlot, zone)) })),
        eachMarket(...markets),
        chargeFee(({ market, fees }) => fees?.get(market.name) ?? fees?.get(market.uuid)),
      ),
    );
  };
});

export default timeOfUseFees;

export const options: StrategyOptions = {
  description: 'sets grid fees by the time of the day, out of a file',
  operatesMarkets: true,
};
