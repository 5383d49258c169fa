import { map, type OperatorFunction } from 'rxjs';
import { bidEnergyRate, offerEnergyRate, type OrderOptions } from '../commands.ts';
import type { Bid, Offer } from '../model/commands.ts';
import type { Sized } from './sized.ts';

/** All that an order needs: for which asset, on which side, how much, at which rate, and perhaps for a past slot. */
export type OrderMoment = Sized<{ readonly asset: { readonly uuid: string } }> & {
  readonly rate: number;
  readonly timeSlot?: string;
};

/**
 * Makes a bid or an offer of each moment that says how much and at which rate.
 *
 * A rate below zero, as fees can make it, becomes zero, for the exchange takes no negative prices. The order replaces
 * the asset's former one unless the options say otherwise. A `timeSlot` of the moment, as `eachDeviation` gives it, is
 * the order's.
 *
 * ```
 * moment        -a-b-|      sized and with a rate
 * placeOrder()  -A-B-|      commands
 * ```
 *
 * @param options the same for all, or by moment
 * @example tick$.pipe(eachAsset(isLoad), atRate(20), sizeBid(), placeOrder())
 */
export const placeOrder = <M extends OrderMoment>(
  options?: OrderOptions | ((moment: M) => OrderOptions),
): OperatorFunction<M, Bid | Offer> =>
  map((moment) => {
    const { asset, side, energyKWh, rate, timeSlot } = moment;
    const order = side === 'bid' ? bidEnergyRate : offerEnergyRate;
    const given = typeof options === 'function' ? options(moment) : options;
    return order(
      asset.uuid,
      energyKWh,
      Math.max(0, rate),
      timeSlot === undefined ? given : { timeSlot, ...given },
    );
  });
