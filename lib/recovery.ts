import {
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  pairwise,
  retry,
  Subject,
  switchMap,
  tap,
  throwError,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import {
  createAggregator,
  selectAreas,
  selectEach,
  type AreaChoice,
  type AreaControl,
} from './aggregator.ts';
import { GsyError } from './errors.ts';
import { recreations } from './health.ts';
import { emptyHoldings, type Holdings } from './holdings.ts';
import type { AggregatorName, Link } from './link.ts';
import type { MarketSlot } from './model/events.ts';
import type { Outcome } from './model/outcomes.ts';
import type { ReconciliationCause } from './model/reconciliation.ts';
import type { AreaName } from './registry.ts';
import type { TransportStatus } from './transport/transport.ts';

/** What an aggregator is to hold, and how to notice that it may hold it no longer. */
export interface RecoveryOptions {
  readonly aggregator: AggregatorName;
  readonly areas: AreaChoice;
  readonly status$: Observable<TransportStatus>;
  readonly marketSlot$: Observable<MarketSlot>;
}

/** The areas of an aggregator, kept under its control for as long as somebody listens to `control$`. */
export interface Recovery {
  /**
   * All areas that are wanted: when all have answered for the first time, and whenever some were taken again or lost.
   * Errors with a `GsyError` when they cannot be had at the start, or when the exchange came back without them.
   */
  readonly control$: Observable<readonly AreaControl[]>;
  /** From now on something may be missed, or has been. */
  readonly missed$: Observable<ReconciliationCause>;
  /** All is under control again: the exchange can be asked what was missed. */
  readonly regained$: Observable<ReconciliationCause>;
  held(): readonly AreaName[];
  holds(areaUuid: string): boolean;
  /** An area whose command was not answered may be lost. */
  conclude(outcome: Outcome): void;
}

/** How long to wait before the exchange is asked again, ms. */
const AGAIN_MS = 10_000;

/**
 * Takes control, and takes it again whenever it may have been lost: after a gap in the connection, when the exchange has
 * been started anew, when commands are not answered, and in each market slot for areas that another aggregator holds.
 *
 * Where control was not lost that costs one CREATE, which changes nothing. After the start it is tried for ever: an
 * exchange that is away comes back or does not, and `exchangeHealth` says so meanwhile. Exchange protocol, taking up
 * again after a client restart.
 */
export const keepControl = (
  link: Link,
  { aggregator, areas, status$, marketSlot$ }: RecoveryOptions,
): Recovery => {
  const missedSubject = new Subject<ReconciliationCause>();
  const regainedSubject = new Subject<ReconciliationCause>();
  const suspicionSubject = new Subject<void>();
  const holdings = emptyHoldings();
  /** What was missed and has not been asked for yet. */
  let due: ReconciliationCause | undefined;
  let state: 'starting' | 'regaining' | 'in control' = 'starting';
  let isCreating = false;

  const miss = (cause: ReconciliationCause) => {
    if (due !== 'returned') due = cause;
    missedSubject.next(cause);
  };
  const create$ = defer(() => {
    isCreating = true;
    return createAggregator(link, aggregator);
  }).pipe(
    tap(({ status }) => {
      isCreating = false;
      if (state === 'starting' && status === 'error') miss('restart');
    }),
    ignoreElements(),
  );
  const select$ = defer(() =>
    holdings.isKnown()
      ? selectEach(link, aggregator.uuid, holdings.lost())
      : selectAreas(link, aggregator.uuid, areas),
  ).pipe(
    map((answer) => holdings.enter(answer)),
    toArray(),
    tap(() => {
      holdings.settle();
      if (state === 'starting') assertSomeHeld(holdings);
    }),
    mergeMap((news) => (news.includes(true) ? of(holdings.all()) : EMPTY)),
  );
  const inControl$ = defer(() => {
    assertSomeHeld(holdings);
    state = 'in control';
    if (due !== undefined) regainedSubject.next(due);
    due = undefined;
    return EMPTY;
  });
  const regain$ = defer(() => {
    if (state === 'in control') state = 'regaining';
    return concat(create$, select$, inControl$);
  }).pipe(
    retry({
      delay: (error: unknown) => {
        const isFinal = state === 'starting' ? isCreating || !isOfConnection(error) : isOfSetUp(error);
        return isFinal ? throwError(() => error) : timer(AGAIN_MS, link.scheduler);
      },
    }),
  );
  const mayBeLost = () => state === 'in control' && holdings.lost().length > 0;
  const trigger$ = merge(
    recreations(link, aggregator.uuid).pipe(
      tap(() => {
        holdings.forget();
        miss('returned');
      }),
      filter(() => !isCreating),
    ),
    status$.pipe(
      map((status) => status.state),
      distinctUntilChanged(),
      tap((connection) => connection === 'gap' && miss('gap')),
      pairwise(),
      filter(([before, now]) => before === 'gap' && now === 'open'),
    ),
    marketSlot$.pipe(
      tap(({ grid }) => holdings.see(grid)),
      filter(mayBeLost),
    ),
    suspicionSubject.pipe(
      exhaustMap(() => timer(AGAIN_MS, link.scheduler)),
      filter(mayBeLost),
    ),
    of('start'),
  );
  return {
    control$: trigger$.pipe(switchMap(() => regain$)),
    missed$: missedSubject.asObservable(),
    regained$: regainedSubject.asObservable(),
    held: () => holdings.held(),
    holds: (areaUuid) => holdings.holds(areaUuid),
    conclude: ({ kind, command }) => {
      if (kind !== 'unanswered') return;
      holdings.suspect(command.areaUuid);
      suspicionSubject.next();
    },
  };
};

const assertSomeHeld = (holdings: Holdings): void => {
  if (holdings.held().length > 0) return;
  const areas = holdings.all();
  const reasons = areas.map(({ name, ...area }) => `${name}: ${'reason' in area ? area.reason : ''}`);
  // Without an answer it may be otherwise the next time.
  const isAnswered = areas.every((area) => area.status === 'held' || area.unanswered !== true);
  throw new GsyError(
    isAnswered ? 'ERR_GSY_AREA_HELD' : 'ERR_GSY_TRANSPORT',
    `no area could be taken over; ${reasons.join('; ')}`,
  );
};

const isOfConnection = (error: unknown): boolean =>
  error instanceof GsyError && error.code === 'ERR_GSY_TRANSPORT';

/** Whether it only changes with the set-up of the exchange or of this client. */
const isOfSetUp = (error: unknown): boolean =>
  !(error instanceof GsyError) ||
  error.code === 'ERR_GSY_UNKNOWN_AREA' ||
  error.code === 'ERR_GSY_AMBIGUOUS_NAME';
