import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Command } from '../model/commands.ts';
import { numberWithin } from './options.ts';
import { mapSoundOrders } from './soundOrders.ts';

/** The worst rates at which to trade, cents/kWh. */
export interface RateLimits {
  /** Never pay more. */
  readonly max?: number;
  /** Never sell for less. */
  readonly min?: number;
}

/**
 * Guards against dear bids and cheap offers: a bid above `max` is lowered to it, an offer below `min` is raised to it.
 *
 * The order is changed and not dropped, as a trader's limit would have it: it still stands in the market, at the worst
 * rate allowed. `max` does not touch offers nor `min` bids. An order whose energy or price is no sound number passes
 * as it is, and the sink refuses it.
 *
 * ```
 * command                  -a-b-c-|      a: bid at 20, b: bid at 40, c: a delete
 * limitRate({ max: 30 })   -a-B-c-|      B: bid at 30
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when a limit is not a finite number
 * @example basic(market).pipe(limitRate({ max: 32, min: 8 }))
 */
export const limitRate = ({ max, min }: RateLimits): MonoTypeOperatorFunction<Command> => {
  const dearest = limit('max', max) ?? Infinity;
  const cheapest = limit('min', min) ?? -Infinity;
  return mapSoundOrders((order) => {
    const rate = order.priceCents / order.energyKWh;
    const allowed = order.kind === 'bid' ? Math.min(rate, dearest) : Math.max(rate, cheapest);
    return allowed === rate ? order : { ...order, priceCents: order.energyKWh * allowed };
  });
};

const limit = (name: string, rate: number | undefined): number | undefined =>
  rate === undefined
    ? undefined
    : numberWithin(`limitRate: ${name}`, rate, -Number.MAX_VALUE, Number.MAX_VALUE);
