import { map, timer, type Observable, type SchedulerLike } from 'rxjs';
import { deleteBid, deleteOffer } from './commands.ts';
import { orderSidesOf } from './grid/sides.ts';
import type { Command } from './model/commands.ts';
import type { Grid } from './model/grid.ts';

/** What is done before a run ends on demand. */
export interface StopOptions {
  /**
   * How long outcomes are waited for, ms; 5 s unless said otherwise. What has no reply by then is `unanswered`. A reply
   * takes up to two ticks, which on an exchange in real time are minutes.
   */
  readonly withinMs?: number;
  /** Whether the open bids and offers of the running slot are deleted first; else they end with their slot. */
  readonly cancelOrders?: boolean;
  /** Whether all areas are let go afterwards, which takes until the second market slot from then. */
  readonly release?: boolean;
}

/** Less than the 10 s that service managers commonly leave a process, ms. */
const STOP_WITHIN_MS = 5_000;
/** No timer can wait longer, ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Why replies are not waited for any more, as soon as that is so. */
export const withinOf = (
  { withinMs = STOP_WITHIN_MS }: StopOptions,
  scheduler: SchedulerLike,
): Observable<string> =>
  timer(Math.min(withinMs, LONGEST_MS), scheduler).pipe(
    map(() => `no reply within ${withinMs} ms of the stop`),
  );

/** The commands that delete every open order of these areas in the running slot. */
export const cancelOrders = (areaUuids: Iterable<string>, grid: Grid): readonly Command[] =>
  [...areaUuids].flatMap((uuid) =>
    orderSidesOf(grid.byUuid(uuid)).map((side) =>
      side === 'bid' ? deleteBid(uuid, 'all') : deleteOffer(uuid, 'all'),
    ),
  );
