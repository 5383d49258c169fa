import { identity, mergeMap, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { extended } from '../extended.ts';
import type { Command } from '../model/commands.ts';
import { debounceBuffer } from './debounceBuffer.ts';
import { successors } from './successors.ts';

/**
 * Settles what several strategies want at the same moment: of the orders for one asset, side and slot that come in the
 * same turn of the scheduler, the newest wins.
 *
 * Commands wait for the end of their turn. An order that loses is marked and passes: guards leave it alone, and the sink
 * ends it as `superseded`. The sink settles by itself what it gets; this operator is for the guards before it, so that
 * an order that will never be sent uses up no limit. Orders that add (`replaceExisting: false`) make no other pointless.
 *
 * ```
 * command               -(abc)--a--|      a, b: bids of one load, c: an offer of a PV
 * supersede(scheduler)  -(Abc)--a--|      A: marked as superseded by b
 * ```
 *
 * @param scheduler the market's
 * @example
 * const careful: Strategy = (market) =>
 *   combineStrategies(basic, lastMinute)(market).pipe(
 *     supersede(market.scheduler),
 *     limitSpend(market, { perSlotCents: 50 }),
 *   );
 */
export const supersede =
  (scheduler: SchedulerLike): MonoTypeOperatorFunction<Command> =>
  (source) =>
    source.pipe(
      debounceBuffer({
        quietMs: 0,
        maxWaitMs: Infinity,
        maxValues: Infinity,
        scheduler,
        kept: identity<Command>,
      }),
      mergeMap((burst) => {
        const successor = successors(burst);
        return burst.map((command, i): Command => {
          const by = successor[i];
          return by === undefined ? command : extended(command, { withheld: { kind: 'superseded', by } });
        });
      }),
    );
