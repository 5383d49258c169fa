import { Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import { atEndOfTurn } from './realTime.ts';

/** When a burst of values ends, and what is kept of each. */
export interface DebounceBufferOptions<T, R> {
  /** The burst ends when nothing has come for so long, ms; 0 is the end of the current turn. */
  readonly quietMs: number;
  /** It ends at the latest when its oldest value has waited so long, ms. */
  readonly maxWaitMs: number;
  /** It ends at once when it holds so many values. */
  readonly maxValues: number;
  readonly scheduler: SchedulerLike;
  /** Asked for when the value comes: when the burst ends it may be another. */
  readonly kept: (value: T) => R;
}

/**
 * Gathers each burst of values into one array; also on complete and on error, so that nothing is dropped.
 *
 * Written by hand because no composition does it: `buffer` with a debounced notifier starves under a steady stream
 * and loses its values on error.
 *
 * ```
 * source   -ab---c-----|
 * quiet 2  ----(ab)-c--|      (as arrays)
 * ```
 */
export const debounceBuffer =
  <T, R>({
    quietMs,
    maxWaitMs,
    maxValues,
    scheduler,
    kept,
  }: DebounceBufferOptions<T, R>): OperatorFunction<T, readonly R[]> =>
  (source) =>
    new Observable((subscriber) => {
      let burst: R[] = [];
      let deadline = 0;
      let pending: Subscription | undefined;

      // The burst is swapped before it is emitted: a value that the emission provokes starts a new one.
      const end = () => {
        pending = undefined;
        const full = burst;
        burst = [];
        if (full.length > 0) subscriber.next(full);
      };
      const flush = () => {
        pending?.unsubscribe();
        end();
      };
      const wait = () => {
        // With no quiet time to restart, the flush already scheduled for this turn is the right one.
        if (quietMs === 0) {
          pending ??= atEndOfTurn(scheduler, end);
          return;
        }
        const now = scheduler.now();
        if (burst.length === 1) deadline = now + maxWaitMs;
        pending?.unsubscribe();
        pending = scheduler.schedule(end, Math.min(quietMs, Math.max(0, deadline - now)));
      };

      subscriber.add(() => pending?.unsubscribe());
      subscriber.add(
        source.subscribe({
          next: (value) => {
            burst.push(kept(value));
            if (burst.length >= maxValues) flush();
            else wait();
          },
          error: (error: unknown) => {
            flush();
            subscriber.error(error);
          },
          complete: () => {
            flush();
            subscriber.complete();
          },
        }),
      );
    });
