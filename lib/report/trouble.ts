import { defer, endWith, ignoreElements, map, merge, takeUntil, tap, type Observable } from 'rxjs';
import type { AreaControl } from '../aggregator.ts';
import type { Failure } from '../model/failures.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Run } from '../run.ts';
import { missedSlots } from './missedSlots.ts';
import { outages, type Outage } from './outages.ts';

/** All outages of one kind together. */
export interface Outages extends Outage {
  readonly count: number;
}

/** The outcomes that tell of trouble: refused by the exchange, not answered, not sent. */
export type TroubledKind = 'rejected' | 'unanswered' | 'unsent';

/** How many commands ended in one way for one reason. */
export interface TroubledCommands {
  readonly kind: TroubledKind;
  /** Without its figures and ids, so that equal reasons count as one. */
  readonly reason: string;
  readonly count: number;
}

/** What went wrong in a run that went on all the same. */
export interface Trouble {
  /** How often, by kind. */
  readonly failures: ReadonlyMap<Failure['kind'], number>;
  /** The most frequent first. */
  readonly commands: readonly TroubledCommands[];
  /** Of the connection and of the exchange, where there were any. */
  readonly outages: readonly Outages[];
  /** How often the exchange was started anew. */
  readonly restarts: number;
  readonly missedSlots: number;
  /** The areas that never came, or did not come back, under control. */
  readonly refusedAreas: readonly Extract<AreaControl, { readonly status: 'refused' }>[];
}

/**
 * Watches what goes wrong in a run; one value, when its outcomes complete.
 *
 * What comes after the end of the simulation is no trouble: nothing answers commands any more, and the exchange goes.
 */
export const trouble = (run: Run): Observable<Trouble> =>
  defer(() => {
    const sums = new Sums();
    return entries(run, sums).pipe(
      ignoreElements(),
      endWith(undefined),
      map(() => sums.close()),
    );
  });

// Each stream is entered until the outcomes end, and not all together: an outage that lasts is told at that moment.
const entries = ({ market, outcome$, failure$, status$, control$ }: Run, sums: Sums): Observable<unknown> => {
  const over$ = outcome$.pipe(ignoreElements(), endWith(undefined));
  const until = <T>(stream$: Observable<T>): Observable<T> => stream$.pipe(takeUntil(over$));
  const states$ = until(status$).pipe(takeUntil(market.finished$));
  return merge(
    until(market.finished$).pipe(tap(() => sums.finish())),
    until(failure$).pipe(tap((failure) => sums.enterFailure(failure))),
    until(control$).pipe(
      takeUntil(market.finished$),
      tap((areas) => (sums.areas = areas)),
    ),
    missedSlots(until(market.event$)).pipe(tap((missed) => (sums.missedSlots += missed))),
    states$.pipe(tap(({ state }) => (sums.restarts += Number(state === 'returned')))),
    outages(states$, market.scheduler).pipe(tap((outage) => sums.enterOutage(outage))),
    outcome$.pipe(tap((outcome) => sums.enterOutcome(outcome))),
  );
};

/** Beyond so many different reasons the rest is counted as one. */
const MOST_REASONS = 100;

/** Sums as they run; one instance per subscription. */
class Sums {
  restarts = 0;
  missedSlots = 0;
  areas: readonly AreaControl[] = [];
  readonly #outages = new Map<Outage['of'], Outages>();
  readonly #failures = new Map<Failure['kind'], number>();
  readonly #commands = new Map<string, TroubledCommands>();
  #finished = false;

  finish(): void {
    this.#finished = true;
  }

  enterFailure({ kind }: Failure): void {
    this.#failures.set(kind, (this.#failures.get(kind) ?? 0) + 1);
  }

  // An exchange that tells of the end is there.
  enterOutage({ of, seconds, over }: Outage): void {
    const before = this.#outages.get(of) ?? { count: 0, seconds: 0, over: true };
    this.#outages.set(of, {
      of,
      count: before.count + 1,
      seconds: before.seconds + seconds,
      over: before.over && (over || this.#finished),
    });
  }

  enterOutcome(outcome: Outcome): void {
    const { kind } = outcome;
    if (kind !== 'rejected' && kind !== 'unanswered' && kind !== 'unsent') return;
    if (kind === 'unanswered' && this.#finished) return;
    const reason = patternOf(outcome.reason);
    const known = this.#commands.has(`${kind} ${reason}`) || this.#commands.size < MOST_REASONS;
    this.#count(kind, known ? reason : 'other reasons');
  }

  #count(kind: TroubledKind, reason: string): void {
    const key = `${kind} ${reason}`;
    const count = (this.#commands.get(key)?.count ?? 0) + 1;
    this.#commands.set(key, { kind, reason, count });
  }

  close(): Trouble {
    return {
      failures: this.#failures,
      commands: [...this.#commands.values()].sort((one, other) => other.count - one.count),
      outages: [...this.#outages.values()],
      restarts: this.restarts,
      missedSlots: this.missedSlots,
      refusedAreas: this.areas.filter((area) => area.status === 'refused'),
    };
  }
}

/** The reason with … for what differs from one command to the next: uuids, times and figures. */
const patternOf = (reason: string): string =>
  reason.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\d[\d:T.e-]*/gi, '…');
