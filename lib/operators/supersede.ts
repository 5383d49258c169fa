import { mergeMap, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import type { Command } from '../model/commands.ts';
import { coalesce } from './coalesce.ts';
import { debounceBuffer } from './debounceBuffer.ts';

/**
 * Settles what several strategies want at the same moment: of the orders for one asset, side and slot that come in the
 * same turn of the scheduler, the newest wins.
 *
 * Commands wait for the end of their turn. The orders that lose disappear without an outcome. The sink does the same
 * by itself and tells of each, so this operator is for what stands between: a guard or a log that must see only what
 * will be sent. Orders that add (`replaceExisting: false`) make no other pointless, and nothing but orders is dropped.
 *
 * ```
 * command               -(abc)--a--|      a, b: bids of one load, c: an offer of a PV
 * supersede(scheduler)  -(bc)---a--|
 * ```
 *
 * @param scheduler the market's
 * @example
 * const careful: Strategy = (market) =>
 *   combineStrategies(basic, lastMinute)(market).pipe(supersede(market.scheduler), limitRate({ max: 30 }));
 */
export const supersede =
  (scheduler: SchedulerLike): MonoTypeOperatorFunction<Command> =>
  (source) =>
    source.pipe(
      debounceBuffer({ quietMs: 0, maxWaitMs: Infinity, maxValues: Infinity, scheduler }),
      mergeMap((burst) => coalesce(burst).remaining),
    );
