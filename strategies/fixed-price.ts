import {
  atRate,
  eachAsset,
  eachSide,
  feesToGrid,
  oncePerSlot,
  parameter,
  parametrised,
  placeOrder,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';

const parameters = {
  rate: parameter.number({ byDefault: 20, unit: 'cents/kWh', min: 0, about: 'what sellers ask' }),
};

/**
 * Trades at one fixed rate: once per slot every asset orders all it can trade, and waits. A baseline to measure other
 * strategies against.
 *
 * Sellers ask the rate; buyers bid it with the grid fees to the root market added, for orders meet only where the fees
 * between them are paid. Storages do both, with each other too. Nothing follows the market: what finds nobody at this
 * price is not traded.
 */
const fixedPrice = parametrised(
  parameters,
  ({ rate }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachAsset(),
        eachSide(),
        atRate((moment) => (moment.side === 'bid' ? rate + feesToGrid(moment, rate) : rate)),
        placeOrder(),
      ),
);

export default fixedPrice;

export const options: StrategyOptions = { description: 'orders once per slot at one rate; a baseline' };
