import type { SchedulerLike, Subscription } from 'rxjs';

/** Lets the ticks of a run come in time. */
export interface Pace {
  /** The first tick comes one tick length later. Once only. */
  start(): void;
  /** No tick comes until `resume`. */
  pause(): void;
  /** The next tick comes one tick length later. */
  resume(): void;
  /** No tick comes any more. */
  stop(): void;
}

/** Calls `tick` every `tickMs` on the scheduler until it says that it was the last. */
export const openPace = (scheduler: SchedulerLike, tickMs: number, tick: () => boolean): Pace => {
  let state: 'waiting' | 'going' | 'over' = 'waiting';
  let paused = false;
  let next: Subscription | undefined;
  const stop = (): void => {
    state = 'over';
    next?.unsubscribe();
  };
  const isGoing = (): boolean => state === 'going' && !paused;

  /** Each tick is scheduled anew against the time when it is due, so that a real clock does not drift. */
  const scheduleTick = (plannedMs: number): void => {
    next?.unsubscribe();
    // A clock that was set back would let it wait for as long; it begins anew from there.
    const dueMs = Math.min(plannedMs, scheduler.now() + tickMs);
    next = scheduler.schedule(
      () => {
        if (!tick()) stop();
        else if (isGoing()) scheduleTick(dueMs + tickMs);
      },
      Math.max(0, dueMs - scheduler.now()),
    );
  };
  const go = (): void => {
    if (isGoing()) scheduleTick(scheduler.now() + tickMs);
  };

  return {
    start: () => {
      if (state !== 'waiting') return;
      state = 'going';
      go();
    },
    pause: () => {
      paused = true;
      next?.unsubscribe();
    },
    resume: () => {
      if (!paused) return;
      paused = false;
      go();
    },
    stop,
  };
};
