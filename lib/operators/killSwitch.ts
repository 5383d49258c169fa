import {
  catchError,
  defer,
  merge,
  mergeMap,
  of,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import type { Market } from '../events.ts';
import type { Command } from '../model/commands.ts';
import { guard } from './guard.ts';
import { hearing } from './hearing.ts';
import { standingOrders } from './standingOrders.ts';

/**
 * Stops trading while a stream says `true`: at once it deletes every order that it has let through and that may still
 * stand, and refuses all orders and grid fees until the stream says `false`.
 *
 * It fails closed: a stream that errors halts for good, and so does anything that is neither. Before the first value
 * nothing is halted. Deletes, questions, forecasts and measurements always pass. After the commands have completed it
 * goes on as long as the stream does, for what stands must still be cancelled then.
 *
 * ```
 * command                      -a-----b-----b-|      a, b: bids of one load
 * halted$                      ---t------f----|      t: true, f: false
 * killSwitch(market, halted$)  -a-d---B-----b-|      d: a delete of the load's bids, B: b, marked as refused
 * ```
 *
 * @example
 * const guarded: Strategy = (market) => basic(market).pipe(killSwitch(market, price$.pipe(map((price) => price > 80))));
 */
export const killSwitch =
  ({ event$ }: Pick<Market, 'event$'>, halted$: Observable<boolean>): MonoTypeOperatorFunction<Command> =>
  (command$) =>
    defer(() => {
      const standing = standingOrders();
      let halted = false;
      const cancel$ = halted$.pipe(
        catchError(() => of(true)),
        mergeMap((value) => {
          halted = (value as unknown) !== false;
          return halted ? standing.cancel() : [];
        }),
      );
      const guarded$ = command$.pipe(
        guard(({ kind }) => (halted && trades(kind) ? 'the kill switch is on' : undefined)),
        tap((command) => standing.given(command)),
      );
      // The switch first: a stream that says `true` at once halts before the first command.
      return merge(cancel$, guarded$).pipe(hearing(event$, (event) => standing.hear(event)));
    });

const trades = (kind: Command['kind']): boolean => kind === 'bid' || kind === 'offer' || kind === 'grid-fees';
