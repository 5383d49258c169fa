import { mergeMap, type OperatorFunction } from 'rxjs';
import { extended } from '../extended.ts';
import { isMarketArea } from '../grid/grid.ts';
import type { BatchResponse } from '../model/events.ts';
import type { MarketArea } from '../model/grid.ts';
import type { CommandReply, DsoMarketStats } from '../model/replies.ts';

/** What a market said of its last finished slot: the reply, the market, and its figures. */
export type StatsMoment = BatchResponse & { readonly market: MarketArea; readonly stats: DsoMarketStats };

/**
 * Turns each reply to a batch into one moment per market in it that told its figures: the `market`, and the `stats` of
 * its last finished slot.
 *
 * They are told to those who ask, with `lastMarketDsoStats`; a market that was asked twice in a batch still gives one
 * moment. Other replies are left out. Before a run's first slot has
 * finished all figures are undefined. To ask again at each answer is a loop without end.
 *
 * ```
 * response           -a-b----|      a: a bid is accepted, b: two markets tell their figures
 * eachMarketStats()  ---(BC)-|
 * ```
 *
 * @example
 * response$.pipe(
 *   eachMarketStats(),
 *   chargeFee(({ stats }) => ((stats.importKWh ?? 0) > 10 ? 4 : 1)),
 * );
 */
export const eachMarketStats = (): OperatorFunction<BatchResponse, StatsMoment> =>
  mergeMap((response) =>
    [...response.replies].flatMap(([uuid, replies]) => {
      const market = response.grid.byUuid(uuid);
      const stats = replies.map(statsIn).find((told) => told !== undefined);
      return market === undefined || !isMarketArea(market) || stats === undefined
        ? []
        : [extended(response, { market, stats })];
    }),
  );

const statsIn = (reply: CommandReply): DsoMarketStats | undefined =>
  reply.status === 'ready' && reply.granted.command === 'dso-market-stats' ? reply.granted.stats : undefined;
