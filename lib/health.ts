import {
  catchError,
  combineLatest,
  concat,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  filter,
  map,
  of,
  startWith,
  switchMap,
  take,
  timer,
  withLatestFrom,
  type Observable,
} from 'rxjs';
import { ask, isReplyTo, type Link } from './link.ts';
import type { TransportStatus } from './transport/transport.ts';

/** How the exchange at the other end of an open connection is. */
export type ExchangeHealth =
  | { readonly state: 'alive' }
  /** No heartbeat: it has died, without a word. */
  | { readonly state: 'lost'; readonly reason: string }
  /** It lives and no longer reads commands: one malformed message of anybody does that, for good. */
  | { readonly state: 'deaf'; readonly reason: string };

/** The exchange sends a heartbeat every 5 s; other parts of its system call it dead after so long, ms. */
const SILENCE_MS = 16_000;
const PROBE_EVERY_MS = 10_000;
/** Longer than the time between two heartbeats, so that one falls into it while the exchange lives. */
const PROBE_PATIENCE_MS = 6_000;

/**
 * Watches whether the exchange lives and listens; the first value comes with its first heartbeat.
 *
 * A dead exchange says nothing, and a deaf one goes on sending events. So the heartbeat is watched, and every 10 s a
 * CREATE of the aggregator that exists already is sent, which changes nothing and must be answered at once. While the
 * connection itself is interrupted nothing is said of the exchange. Exchange protocol, control and health.
 */
export const exchangeHealth = (
  link: Link,
  status$: Observable<TransportStatus>,
  aggregator: { readonly name: string; readonly uuid: string },
): Observable<ExchangeHealth> => {
  const heartbeat$ = link.link$.pipe(filter(({ kind }) => kind === 'heartbeat'));
  const watch$ = heartbeat$.pipe(
    take(1),
    switchMap(() => combineLatest([beating(heartbeat$, link), listening(heartbeat$, link, aggregator)])),
    map(([beats, listens]) => healthOf(beats, listens)),
  );
  return status$.pipe(
    // A gap in the connection silences a living exchange too.
    switchMap(({ state }) => (state === 'open' ? watch$ : EMPTY)),
    distinctUntilChanged((one, other) => one.state === other.state),
  );
};

const beating = (heartbeat$: Observable<unknown>, { scheduler }: Link): Observable<boolean> =>
  heartbeat$.pipe(
    startWith(undefined),
    switchMap(() => concat(of(true), timer(SILENCE_MS, scheduler).pipe(map(() => false)))),
  );

// Only an exchange that lives can be deaf: one that does not answer and does not beat either is lost.
const listening = (
  heartbeat$: Observable<unknown>,
  link: Link,
  { name, uuid }: { readonly name: string; readonly uuid: string },
): Observable<boolean> =>
  timer(PROBE_EVERY_MS, PROBE_EVERY_MS, link.scheduler).pipe(
    exhaustMap(() =>
      ask(link, {
        request: { kind: 'create-aggregator', name, aggregatorUuid: uuid },
        isAnswer: isReplyTo(uuid),
        patienceMs: PROBE_PATIENCE_MS,
        silence: 'no answer',
      }).pipe(
        map(() => true),
        catchError(() => of(false)),
        withLatestFrom(
          heartbeat$.pipe(
            map(() => true),
            startWith(false),
          ),
        ),
        map(([answered, lives]) => answered || !lives),
      ),
    ),
    startWith(true),
  );

const healthOf = (beats: boolean, listens: boolean): ExchangeHealth => {
  if (!beats)
    return {
      state: 'lost',
      reason: `the exchange has sent no heartbeat for ${SILENCE_MS / 1_000} s: it has ended without a word; look at its log and start it again`,
    };
  return listens
    ? { state: 'alive' }
    : {
        state: 'deaf',
        reason:
          'the exchange lives but reads no commands any more: some client has sent it a malformed message; start it again',
      };
};
