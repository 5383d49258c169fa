import { defer, type OperatorFunction } from 'rxjs';
import { extended } from '../extended.ts';
import type { MarketEvent, SlotEvent, Trade } from '../model/events.ts';
import { mapDefined } from './mapDefined.ts';
import { wholeNumberWithin } from './options.ts';

/**
 * Adds to each market slot and tick the mean rate of your newest trades up to it: `tradeRate`, cents/kWh.
 *
 * The mean is weighted by energy; it is undefined before the first trade. It takes all events, in which the order of
 * trades and ticks is certain, and lets market slots and ticks through. A trade is told to each side that is yours, so
 * one between two assets of yours counts twice.
 *
 * ```
 * event                      -s-1-3-t-|      s: a slot opens, 1 and 3: trades of 1 kWh at that rate, t: a tick
 * withTradeRate({ over: 9 }) -S-----T-|      S: undefined, T: 2
 * ```
 *
 * @param over how many trades
 * @throws GsyError `ERR_GSY_OPTIONS` when `over` is not a whole number from 1 on
 * @example
 * // A storage bids from two cents below what was paid lately.
 * event$.pipe(
 *   withTradeRate({ over: 20 }),
 *   eachAsset(isStorage),
 *   atRate(({ tradeRate }) => (tradeRate === undefined ? undefined : tradeRate - 2)),
 *   sizeBid(),
 *   placeOrder(),
 * );
 */
export const withTradeRate = ({
  over,
}: {
  readonly over: number;
}): OperatorFunction<MarketEvent, SlotEvent & { readonly tradeRate: number | undefined }> => {
  const most = wholeNumberWithin('withTradeRate: over', over, 1, Number.MAX_SAFE_INTEGER);
  return (event$) =>
    defer(() => {
      let newest: readonly Trade[] = [];
      return event$.pipe(
        mapDefined((event) => {
          if (event.kind === 'trade') newest = [...newest, event].slice(-most);
          return event.kind === 'market-slot' || event.kind === 'tick'
            ? extended(event, { tradeRate: meanRate(newest) })
            : undefined;
        }),
      );
    });
};

const meanRate = (trades: readonly Trade[]): number | undefined => {
  const sum = (of: (trade: Trade) => number) => trades.reduce((total, trade) => total + of(trade), 0);
  return trades.length === 0
    ? undefined
    : sum(({ priceCents }) => priceCents) / sum(({ energyKWh }) => energyKWh);
};
