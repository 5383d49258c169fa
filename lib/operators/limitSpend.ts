import { defer, merge, type MonoTypeOperatorFunction } from 'rxjs';
import type { Market } from '../events.ts';
import type { Command } from '../model/commands.ts';
import { guard } from './guard.ts';
import { hearing } from './hearing.ts';
import { marketDay, marketZone } from './marketClock.ts';
import { numberWithin } from './options.ts';
import { isSoundOrder } from './soundOrders.ts';
import { Spending } from './spending.ts';

/** The most to spend on all assets together, cents. */
export interface SpendLimits {
  readonly perSlotCents?: number;
  readonly perDayCents?: number;
  /** The market's time zone, as `Europe/Berlin`: in it a day begins. UTC unless said otherwise. */
  readonly zone?: string;
}

/**
 * Guards against spending too much: refuses a bid that, with what has been spent and what other bids may still cost,
 * would go beyond a limit.
 *
 * Spent is what the trades cost, whoever ordered them. A bid counts with its whole price until it is replaced, traded,
 * deleted or its slot is over; one that replaces another counts instead of it. What is earned does not count. Put it
 * last, so that no later operator changes what it has counted.
 *
 * Where a bid trades at the very tick at which it is replaced, the exchange tells of the trade only afterwards: by that
 * one order per asset a limit can be exceeded.
 *
 * ```
 * command                                   -a-b-c-|      bids of three loads for 20, 20 and 10 cents
 * limitSpend(market, { perSlotCents: 30 })  -a-B-c-|      B: b, marked as refused
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when a limit is not a number from 0 on or the zone is not known
 * @example
 * const thrifty: Strategy = (market) =>
 *   basic(market).pipe(limitSpend(market, { perDayCents: 500, zone: 'Europe/Berlin' }));
 */
export const limitSpend = (
  { event$, outcome$ }: Pick<Market, 'event$' | 'outcome$'>,
  { perSlotCents, perDayCents, zone = 'UTC' }: SpendLimits,
): MonoTypeOperatorFunction<Command> => {
  const perSlot = limit('perSlotCents', perSlotCents);
  const perDay = limit('perDayCents', perDayCents);
  const dayZone = marketZone('limitSpend: zone', zone);
  return (command$) =>
    defer(() => {
      const spent = new Spending((slot) => marketDay(slot, dayZone));
      const check = (command: Command): string | undefined => {
        if (!isSoundOrder(command) || command.kind !== 'bid') return undefined;
        const withIt = spent.with(command);
        if (withIt.inSlotCents > perSlot) return over(perSlot, 'slot');
        if (withIt.inDayCents > perDay) return over(perDay, 'day');
        spent.enterBid(command);
        return undefined;
      };
      return command$.pipe(
        guard(check),
        hearing(merge(event$, outcome$), (heard) => spent.hear(heard)),
      );
    });
};

// Sums of prices stand a hair beside the limit.
const limit = (name: string, cents: number | undefined): number =>
  cents === undefined ? Infinity : numberWithin(`limitSpend: ${name}`, cents, 0, Number.MAX_VALUE) + 1e-9;

const over = (limit: number, period: string): string =>
  `more than ${Number(limit.toFixed(6))} cents would be spent in this ${period}`;
