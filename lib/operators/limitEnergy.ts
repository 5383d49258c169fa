import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Command } from '../model/commands.ts';
import { numberWithin } from './options.ts';
import { mapSoundOrders } from './soundOrders.ts';

/** How much energy to risk. */
export interface EnergyLimits {
  /** The most one order may hold, kWh. */
  readonly perOrderKWh: number;
}

/**
 * Guards against big orders: one with more energy than the limit is cut down to it, at the same rate.
 *
 * The limit is one order's and not a slot's: an asset that orders again after a trade gets as much again. An order
 * whose energy or price is no sound number passes as it is, and the sink refuses it.
 *
 * ```
 * command                         -a-b-|      a: bid for 1 kWh, b: bid for 4 kWh at 80 cents
 * limitEnergy({ perOrderKWh: 2 }) -a-B-|      B: bid for 2 kWh at 40 cents
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the limit is not a finite number from 0 on
 * @example basic(market).pipe(limitEnergy({ perOrderKWh: 2 }))
 */
export const limitEnergy = ({ perOrderKWh }: EnergyLimits): MonoTypeOperatorFunction<Command> => {
  const most = numberWithin('limitEnergy: perOrderKWh', perOrderKWh, 0, Number.MAX_VALUE);
  return mapSoundOrders((order) =>
    order.energyKWh <= most
      ? order
      : { ...order, energyKWh: most, priceCents: (order.priceCents / order.energyKWh) * most },
  );
};
