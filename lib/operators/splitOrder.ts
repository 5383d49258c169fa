import { mergeMap, type MonoTypeOperatorFunction } from 'rxjs';
import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import { GsyError } from '../errors.ts';
import { extended } from '../extended.ts';
import type { Bid, Command, Offer } from '../model/commands.ts';
import { numberWithin } from './options.ts';
import { isSoundOrder } from './soundOrders.ts';

/** A part of an order. */
export interface OrderPart {
  /** Its share of the energy, above 0 and up to 1. */
  readonly share: number;
  /** What is put on the order's rate, cents/kWh; nothing unless said otherwise. */
  readonly addRate?: number;
}

/**
 * Splits each order into several that stand side by side, each with a share of the energy and a rate of its own.
 *
 * The first part replaces the former orders where the whole one did, the others add to it. Shares may leave a part of
 * the energy unordered. An order of which a part would be too small to trade stays whole, and so does one whose energy or
 * price is no sound number. A rate never goes below zero.
 *
 * ```
 * command            -a----|      a bid for 2 kWh at 20 cents/kWh
 * splitOrder(parts)  -(bc)-|      one for 1 kWh at 20, one for 1 kWh at 18
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when there is no part, a share is not above 0, or all are together more than 1
 * @example basic(market).pipe(splitOrder([{ share: 0.5 }, { share: 0.5, addRate: -2 }]))
 */
export const splitOrder = (parts: readonly OrderPart[]): MonoTypeOperatorFunction<Command> => {
  for (const { share, addRate = 0 } of parts) {
    numberWithin('splitOrder: share', share, Number.MIN_VALUE, 1);
    numberWithin('splitOrder: addRate', addRate, -Number.MAX_VALUE, Number.MAX_VALUE);
  }
  const shares = parts.reduce((sum, { share }) => sum + share, 0);
  if (parts.length === 0 || shares > 1 + SLACK)
    throw new GsyError('ERR_GSY_OPTIONS', `splitOrder: the shares must come to 1 at most, not to ${shares}.`);
  const isAll = shares > 1 - SLACK;
  return mergeMap((command) => (isSoundOrder(command) ? split(command, parts, isAll) : [command]));
};

const SLACK = 1e-9;

const split = (order: Bid | Offer, parts: readonly OrderPart[], isAll: boolean): readonly (Bid | Offer)[] => {
  const rate = order.priceCents / order.energyKWh;
  let orderedKWh = 0;
  const split = parts.map(({ share, addRate = 0 }, i): Bid | Offer => {
    const isRest = isAll && i === parts.length - 1;
    const energyKWh = isRest ? restOf(order.energyKWh, orderedKWh) : order.energyKWh * share;
    orderedKWh += energyKWh;
    const priceCents = energyKWh * Math.max(0, rate + addRate);
    return extended(order, { energyKWh, priceCents, replaceExisting: i === 0 && order.replaceExisting });
  });
  return split.some(({ energyKWh }) => energyKWh <= SMALLEST_ENERGY_KWH) ? [order] : split;
};

// The exchange refuses what is too much in the last digit, and adds the parts up as they came.
const restOf = (wholeKWh: number, orderedKWh: number): number => {
  const rest = wholeKWh - orderedKWh;
  return orderedKWh + rest > wholeKWh ? rest * (1 - Number.EPSILON) : rest;
};
