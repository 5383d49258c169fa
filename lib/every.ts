import { repeat, timer, type Observable, type SchedulerLike } from 'rxjs';

/**
 * A value every so many ms, the first after as many.
 *
 * Each waits by an action of its own. That of `timer(ms, ms)` repeats itself, and in rxjs's virtual time it keeps all that
 * it has been: a million of them fill the memory and, when they end, the stack.
 */
export const every = (ms: number, scheduler: SchedulerLike): Observable<0> =>
  timer(ms, scheduler).pipe(repeat());
