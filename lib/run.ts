import {
  catchError,
  concat,
  defer,
  delay,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  pipe,
  ReplaySubject,
  share,
  Subject,
  Subscription,
  switchMap,
  take,
  takeUntil,
  tap,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { aggregatorUuidOf, type AreaChoice, type AreaControl } from './aggregator.ts';
import { GsyError } from './errors.ts';
import { eventStreams, type EventStreams, type Market } from './events.ts';
import { exchangeHealth, type ExchangeHealth } from './health.ts';
import { indexGrid } from './grid/grid.ts';
import { linkOver } from './link.ts';
import { openReconciler } from './reconcile.ts';
import { keepControl } from './recovery.ts';
import { release, type AreaRelease } from './release.ts';
import type { Failure } from './model/failures.ts';
import type { FeeUnit } from './model/grid.ts';
import type { Outcome } from './model/outcomes.ts';
import type { Reconciliation } from './model/reconciliation.ts';
import { realTime } from './operators/realTime.ts';
import type { BatchingOptions } from './sink/options.ts';
import type { ExchangeTraits } from './sink/refusal.ts';
import { executeBatchCommands } from './sink/sink.ts';
import { cancelOrders, withinOf, type StopOptions } from './stop.ts';
import { combineStrategies, type Strategy } from './strategy.ts';
import type { Transport, TransportStatus } from './transport/transport.ts';

/** What to run, where, and for which areas. */
export interface RunOptions extends BatchingOptions, Partial<ExchangeTraits> {
  readonly transport: Transport;
  /** One strategy, or several that trade beside each other, each isolated from the failures of the others. */
  readonly strategy: Strategy | readonly Strategy[];
  /** The aggregator's name; under the same name a restarted client finds its areas again. */
  readonly aggregator: string;
  /** Names or uuids of the assets and markets to control; every area of the grid unless said otherwise. */
  readonly areas?: AreaChoice;
  /** The only clock; real time unless said otherwise. */
  readonly scheduler?: SchedulerLike;
  /** The unit of the grid fees in this run; cents/kWh unless said otherwise. No message tells it. */
  readonly feeUnit?: FeeUnit;
}

/** How a run ended. */
export type RunEnd =
  | { readonly reason: 'finished' }
  /** `releases` where areas were to be let go. */
  | { readonly reason: 'stopped'; readonly releases?: readonly AreaRelease[] }
  | { readonly reason: 'disconnected' }
  | { readonly reason: 'failed'; readonly error: GsyError };

/** A running strategy. Subscribe to its streams in the same turn: nothing has happened yet when `run` returns. */
export interface Run {
  /** What the strategy sees, for ledgers and displays. */
  readonly market: Market;
  /** Which areas are under control: once all have answered, and again whenever some were taken again or lost. */
  readonly control$: Observable<readonly AreaControl[]>;
  /**
   * What changed in the market while this client could not hear of it: after a start under a name whose areas were
   * taken already, after a gap in the connection, and when the exchange was started anew.
   */
  readonly reconciliation$: Observable<Reconciliation>;
  readonly outcome$: Observable<Outcome>;
  readonly failure$: Observable<Failure>;
  /** How the connection is and, while it is open, the exchange at its other end. */
  readonly status$: Observable<TransportStatus | ExchangeHealth>;
  readonly done: Promise<RunEnd>;
  /**
   * Takes no more commands, waits for the outcomes of those given, within bounds, and closes the connection. Areas that
   * are not released stay the aggregator's, idle, and the same name finds them again.
   */
  stop(how?: StopOptions): Promise<RunEnd>;
}

/**
 * Connects a strategy to an exchange and lets it trade: the one place where anything is subscribed.
 *
 * The whole pipeline is built before the connection opens, so no event is missed. The run ends with the simulation, on
 * `stop`, or when the exchange cannot be reached; `done` tells which and never rejects.
 *
 * @example
 * const { done, outcome$ } = run({ transport: memoryTransport(bus), strategy: basic, aggregator: 'me' });
 */
export const run = (options: RunOptions): Run => {
  const { transport, strategy, scheduler = realTime } = options;
  const outcomeSubject = new Subject<Outcome>();
  const failureSubject = new Subject<Failure>();
  const controlSubject = new ReplaySubject<readonly AreaControl[]>(1);
  const statusSubject = new ReplaySubject<TransportStatus | ExchangeHealth>(1);
  const stopSubject = new ReplaySubject<RunEnd>(1);
  const report = (failure: Failure) => failureSubject.next(failure);
  const fail = (error: unknown): RunEnd => ({ reason: 'failed', error: asGsyError(error) });

  const feeUnit = options.feeUnit ?? 'cents/kWh';
  const streams = eventStreams({
    frame$: transport.frame$.pipe(
      catchError((error: unknown) => {
        stopSubject.next(fail(error));
        return EMPTY;
      }),
    ),
    outcome$: outcomeSubject.asObservable(),
    scheduler,
    report,
    feeUnit,
    configurationId: transport.configurationId ?? '',
  });
  const link = linkOver(transport, streams, scheduler);
  const aggregatorUuid = aggregatorUuidOf(options.aggregator);
  const aggregator = { name: options.aggregator, uuid: aggregatorUuid };
  const control = keepControl(link, {
    aggregator,
    areas: options.areas ?? 'all',
    status$: transport.status$,
    marketSlot$: streams.market.marketSlot$,
  });
  const { event$, finished$ } = streams.market;
  const over$ = merge(stopSubject, finished$, event$.pipe(ignoreElements(), endWith(undefined)));
  const heldUuids = () => control.held().map(({ uuid }) => uuid);
  const reconciler = openReconciler({ event$, held: heldUuids });
  const strategies = combineStrategies(...(typeof strategy === 'function' ? [strategy] : strategy));
  let end: RunEnd = { reason: 'disconnected' };
  let stopping: StopOptions = {};
  const end$ = merge(stopSubject, endOf(streams, scheduler)).pipe(
    take(1),
    tap((how) => (end = how)),
    share(),
  );
  // Strategies may complete before the market does; the run goes on for those who watch it.
  const command$ = merge(
    reconciler.question$.pipe(takeUntil(end$)),
    defer(() => strategies(streams.market)).pipe(takeUntil(end$)),
    end$.pipe(mergeMap(() => (stopping.cancelOrders === true ? cancelOrders(heldUuids(), grid) : EMPTY))),
  );
  const giveUp$ = stopSubject.pipe(switchMap(() => withinOf(stopping, scheduler)));
  const sink = executeBatchCommands({
    ...options,
    aggregatorUuid,
    event$: streams.market.event$,
    send: link.send,
    holds: (areaUuid) => control.holds(areaUuid),
    missed$: control.missed$,
    scheduler,
    giveUp$,
    report,
    marketType: options.marketType ?? 'two-sided',
    degreesOfFreedom: options.degreesOfFreedom ?? false,
  });
  const health$ = exchangeHealth(link, transport.status$, aggregator);

  // Of an exchange that has ended no more slots come, and every area is free.
  const ended$ = statusSubject.pipe(filter(({ state }) => state === 'lost' || state === 'absent'));
  let grid = indexGrid([], feeUnit);
  const letGo$ = defer(() =>
    end.reason === 'stopped' && end.releases !== undefined
      ? release(link, {
          aggregator,
          areas: control.held(),
          grid,
          marketSlot$: streams.market.marketSlot$.pipe(takeUntil(merge(streams.market.finished$, ended$))),
        }).pipe(tap((releases) => (end = { reason: 'stopped', releases })))
      : EMPTY,
  );

  const trading$ = command$.pipe(
    reconciler.through(
      pipe(
        sink,
        tap((outcome) => control.conclude(outcome)),
      ),
    ),
    tap((outcome) => outcomeSubject.next(outcome)),
  );
  const life$ = concat(trading$, letGo$).pipe(
    ignoreElements(),
    catchError((error: unknown) => {
      end = fail(error);
      return EMPTY;
    }),
    endWith(undefined),
    mergeMap(() => transport.close()),
    catchError(() => EMPTY),
  );

  // All is built. On the next turn it is subscribed and, last of all, connected; by then the caller listens too.
  const connection = new Subscription();
  const done = new Promise<RunEnd>((resolve) => {
    const closed = () => {
      connection.unsubscribe();
      outcomeSubject.complete();
      failureSubject.complete();
      statusSubject.complete();
      resolve(end);
    };
    const start = () => {
      connection.add(streams.failure$.subscribe(report));
      connection.add(streams.market.event$.subscribe((event) => (grid = event.grid)));
      life$.subscribe({ complete: closed });
      connection.add(merge(transport.status$, health$).subscribe((status) => statusSubject.next(status)));
      connection.add(control.missed$.subscribe(() => reconciler.miss()));
      connection.add(control.regained$.subscribe((cause) => reconciler.ask(cause)));
      connection.add(streams.connect());
      connection.add(
        // What is let go at the end is not to be taken again.
        control.control$.pipe(takeUntil(over$)).subscribe({
          next: (areas) => controlSubject.next(areas),
          error: (error: unknown) => stopSubject.next(fail(error)),
        }),
      );
    };
    scheduler.schedule(start);
  });
  return {
    market: streams.market,
    control$: controlSubject.asObservable(),
    reconciliation$: reconciler.reconciliation$,
    outcome$: outcomeSubject.asObservable(),
    failure$: failureSubject.asObservable(),
    status$: statusSubject.asObservable(),
    done,
    stop: (how = {}) => {
      const { release: releasing = false } = (stopping = how);
      stopSubject.next(releasing ? { reason: 'stopped', releases: [] } : { reason: 'stopped' });
      return done;
    },
  };
};

/** The trades of the last tick come after the finish event; they are waited for so long, ms. */
const LAST_TRADES_MS = 500;

const endOf = ({ market }: EventStreams, scheduler: SchedulerLike): Observable<RunEnd> =>
  merge(
    market.finished$.pipe(
      take(1),
      delay(LAST_TRADES_MS, scheduler),
      map((): RunEnd => ({ reason: 'finished' })),
    ),
    market.event$.pipe(ignoreElements(), endWith<RunEnd>({ reason: 'disconnected' })),
  );

const asGsyError = (error: unknown): GsyError =>
  error instanceof GsyError ? error : new GsyError('ERR_GSY_TRANSPORT', String(error), { cause: error });
