import {
  catchError,
  concat,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  filter,
  map,
  merge,
  of,
  skip,
  startWith,
  switchMap,
  take,
  takeUntil,
  timer,
  withLatestFrom,
  type Observable,
} from 'rxjs';
import { every } from './every.ts';
import { ask, isReplyTo, type AggregatorName, type Link } from './link.ts';
import type { TransportStatus } from './transport/transport.ts';
import { AGGREGATOR_COMMANDS } from './wire/channels.ts';

/** How the exchange at the other end of an open connection is. */
export type ExchangeHealth =
  | { readonly state: 'alive' }
  /** Nobody listens where an exchange would: none runs there, or not yet. Where the connection cannot tell, it is not said. */
  | { readonly state: 'absent'; readonly reason: string }
  /** It did not know this client's aggregator any more: it has been started anew. What it holds is taken again. */
  | { readonly state: 'returned'; readonly reason: string }
  /** No heartbeat: it has died, without a word. */
  | { readonly state: 'lost'; readonly reason: string }
  /** It lives and no longer reads commands: one malformed message of anybody does that, until it is started anew. */
  | { readonly state: 'deaf'; readonly reason: string };

/** The exchange sends a heartbeat every 5 s; other parts of its system call it dead after so long, ms. */
const SILENCE_MS = 16_000;
/** An exchange that is just starting has so long before it is called absent, ms. */
const ABSENCE_MS = 3_000;
const PROBE_EVERY_MS = 10_000;
const PROBE_AGAIN_MS = 1_000;
/** Longer than the time between two heartbeats, so that one falls into it while the exchange lives. */
const PROBE_PATIENCE_MS = 6_000;

/**
 * Watches whether the exchange is there, lives and listens; the first value comes with its first heartbeat, or when it
 * is still absent after 3 s.
 *
 * A dead exchange says nothing, and a deaf one goes on sending events. So the heartbeat is watched, and every 10 s a
 * CREATE of the aggregator that exists already is sent, which changes nothing and must be answered at once. Where it
 * creates the aggregator again, the exchange has been started anew. While the connection itself is interrupted nothing
 * else is said of the exchange. Exchange protocol, control and health.
 */
export const exchangeHealth = (
  link: Link,
  status$: Observable<TransportStatus>,
  aggregator: AggregatorName,
): Observable<ExchangeHealth> => {
  const heartbeat$ = link.link$.pipe(filter(({ kind }) => kind === 'heartbeat'));
  const watch$ = heartbeat$.pipe(
    take(1),
    switchMap(() => beating(heartbeat$, link)),
    distinctUntilChanged(),
    // One that has come back is asked anew: what was sent while it was away says nothing of it.
    switchMap((beats) => (beats ? listening(heartbeat$, link, aggregator) : of(LOST))),
  );
  return merge(
    recreations(link, aggregator.uuid).pipe(map(() => RETURNED)),
    // A gap in the connection silences a living exchange too.
    status$.pipe(switchMap(({ state }) => (state === 'open' ? merge(absent(link), watch$) : EMPTY))),
  ).pipe(distinctUntilChanged((one, other) => one.state === other.state && one.state !== 'returned'));
};

/**
 * A value each time that the exchange creates an aggregator which it has told before to be there, whoever asked for it:
 * it has been started anew, and whatever was selected into that aggregator is not any more.
 */
export const recreations = ({ link$ }: Link, aggregatorUuid: string): Observable<unknown> =>
  link$.pipe(
    filter(isReplyTo(aggregatorUuid)),
    skip(1),
    filter(({ status }) => status === 'ready'),
  );

// Whoever says anything is there.
const absent = ({ link$, listeners, scheduler }: Link): Observable<ExchangeHealth> =>
  timer(ABSENCE_MS, scheduler).pipe(
    takeUntil(link$),
    switchMap(() => listeners([AGGREGATOR_COMMANDS]).pipe(catchError(() => EMPTY))),
    filter((counts) => counts?.[0] === 0),
    map(() => ABSENT),
  );

const beating = (heartbeat$: Observable<unknown>, { scheduler }: Link): Observable<boolean> =>
  heartbeat$.pipe(
    startWith(undefined),
    switchMap(() => concat(of(true), timer(SILENCE_MS, scheduler).pipe(map(() => false)))),
  );

// Only an exchange that lives can be deaf: one that does not answer and does not beat either is lost.
const listening = (
  heartbeat$: Observable<unknown>,
  link: Link,
  { name, uuid }: AggregatorName,
): Observable<ExchangeHealth> =>
  every(PROBE_EVERY_MS, link.scheduler).pipe(
    exhaustMap(() =>
      ask(link, {
        request: { kind: 'create-aggregator', name, aggregatorUuid: uuid },
        isAnswer: isReplyTo(uuid),
        // It may be that the exchange is just being started.
        askAgainMs: PROBE_AGAIN_MS,
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
        map(([answered, lives]) => (answered || !lives ? ALIVE : DEAF)),
      ),
    ),
    startWith(ALIVE),
  );

const ALIVE: ExchangeHealth = { state: 'alive' };
const ABSENT: ExchangeHealth = {
  state: 'absent',
  reason:
    'no exchange listens there: start it, with external connections enabled, or check which Redis and which of its exchanges is meant',
};
const RETURNED: ExchangeHealth = {
  state: 'returned',
  reason: 'the exchange has been started anew; its areas are taken again',
};
const LOST: ExchangeHealth = {
  state: 'lost',
  reason: `the exchange has sent no heartbeat for ${SILENCE_MS / 1_000} s: it has ended without a word; look at its log and start it again`,
};
const DEAF: ExchangeHealth = {
  state: 'deaf',
  reason:
    'the exchange lives but reads no commands any more: some client has sent it a malformed message; start it again',
};
