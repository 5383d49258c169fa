import { asapScheduler, asyncScheduler, Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

/**
 * The clock of a run that was given none: that of `asyncScheduler`, with turns that end by themselves.
 *
 * Within a marble test give a run `asyncScheduler`, the turns of which are virtual there as its time is.
 */
export const realTime: SchedulerLike = {
  now: () => asyncScheduler.now(),
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs?: number, state?: T) {
    return asyncScheduler.schedule(work, delayMs, state);
  },
};

/**
 * Acts when the current turn of a scheduler ends, unless it is called off before.
 *
 * In real time that is a microtask: a timer of 0 ms would come a millisecond later.
 */
export const atEndOfTurn = (scheduler: SchedulerLike, act: () => void): Subscription => {
  // The one whose turns marble tests make virtual; for that it keeps lists of what it has to do.
  if (scheduler === asyncScheduler) return asapScheduler.schedule(act);
  if (scheduler !== realTime) return scheduler.schedule(act);
  const waiting = new Subscription();
  void Promise.resolve().then(() => {
    if (!waiting.closed) act();
  });
  return waiting;
};
