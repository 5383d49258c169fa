import { isLeft } from 'fp-ts/lib/Either.js';
import {
  concatMap,
  connectable,
  defer,
  filter,
  map,
  scan,
  Subject,
  type Observable,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { extended } from './extended.ts';
import { indexGrid } from './grid/grid.ts';
import type { BatchResponse, Finished, MarketEvent, MarketSlot, Tick, Trade } from './model/events.ts';
import type { Failure, StrategyFailure } from './model/failures.ts';
import type { FeeUnit, Grid } from './model/grid.ts';
import type { Outcome } from './model/outcomes.ts';
import { makeDecoder } from './wire/decode.ts';
import type { Frame, Message } from './wire/messages.ts';

/** What a strategy sees of an exchange, whichever way it is connected. All streams are hot. */
export interface Market {
  /** All events, in order of arrival. */
  readonly event$: Observable<MarketEvent>;
  /** A new slot opened. */
  readonly marketSlot$: Observable<MarketSlot>;
  /** Each tenth of a slot; the first one, at 0 %, follows the market slot at once. */
  readonly tick$: Observable<Tick>;
  /** One value per trade of the client's assets. */
  readonly trade$: Observable<Trade>;
  /** The simulation ended. */
  readonly finished$: Observable<Finished>;
  /** Replies to batches, as they came. */
  readonly response$: Observable<BatchResponse>;
  /** What became of each command. */
  readonly outcome$: Observable<Outcome>;
  /** The only clock. */
  readonly scheduler: SchedulerLike;
  /** Where a combinator tells of a strategy that failed; strategies themselves have no need of it. */
  readonly report: (failure: StrategyFailure) => void;
}

/** The market on which these events happen. */
export const marketOf = (
  event$: Observable<MarketEvent>,
  { outcome$, scheduler, report }: Pick<Market, 'outcome$' | 'scheduler' | 'report'>,
): Market => ({
  event$,
  marketSlot$: event$.pipe(filter((event) => event.kind === 'market-slot')),
  tick$: event$.pipe(filter((event) => event.kind === 'tick')),
  trade$: event$.pipe(filter((event) => event.kind === 'trade')),
  finished$: event$.pipe(filter((event) => event.kind === 'finished')),
  response$: event$.pipe(filter((event) => event.kind === 'batch-response')),
  outcome$,
  scheduler,
  report,
});

/** Messages about the connection itself, which no strategy sees: area map, aggregator replies, heartbeat. */
export type LinkMessage = Exclude<
  Message,
  { kind: 'market-slot' | 'tick' | 'trades' | 'finished' | 'batch-response' }
>;

type Signal =
  | { readonly to: 'event'; readonly event: MarketEvent }
  | { readonly to: 'link'; readonly message: LinkMessage }
  | { readonly to: 'failure'; readonly failure: Failure };

/** The input side of a client, built and waiting: nothing flows before `connect`. */
export interface EventStreams {
  readonly market: Market;
  readonly link$: Observable<LinkMessage>;
  readonly failure$: Observable<Failure>;
  /** Opens the connection; to unsubscribe closes it. Everything must have subscribed before. */
  readonly connect: () => Subscription;
}

/** What `eventStreams` needs. */
export interface EventStreamsOptions {
  readonly frame$: Observable<Frame>;
  readonly outcome$: Observable<Outcome>;
  readonly scheduler: SchedulerLike;
  readonly report: (failure: StrategyFailure) => void;
  readonly feeUnit: FeeUnit;
  readonly configurationId: string;
}

/**
 * Turns raw frames into decoded events that carry their grid, and shares them: the one multicast of the input side.
 *
 * A frame that cannot be understood becomes a `DecodeFailure` on `failure$` and the events go on. The streams complete
 * with the frames.
 */
export const eventStreams = (options: EventStreamsOptions): EventStreams => {
  const signal$ = connectable(options.frame$.pipe(toSignals(options)), {
    connector: () => new Subject(),
    resetOnDisconnect: false,
  });
  const event$ = signal$.pipe(
    filter((signal) => signal.to === 'event'),
    map(({ event }) => event),
  );
  return {
    market: marketOf(event$, options),
    link$: signal$.pipe(
      filter((signal) => signal.to === 'link'),
      map(({ message }) => message),
    ),
    failure$: signal$.pipe(
      filter((signal) => signal.to === 'failure'),
      map(({ failure }) => failure),
    ),
    connect: () => signal$.connect(),
  };
};

interface Decoded {
  readonly grid: Grid;
  readonly signals: readonly Signal[];
}

// Every event carries the grid of its moment; those that bring none carry the newest one.
const toSignals = ({ feeUnit, configurationId }: EventStreamsOptions) => {
  const empty = indexGrid([], feeUnit);
  return (frame$: Observable<Frame>): Observable<Signal> =>
    defer(() => frame$.pipe(map(makeDecoder({ feeUnit, configurationId })))).pipe(
      scan(
        ({ grid }: Decoded, decoded): Decoded =>
          isLeft(decoded)
            ? { grid, signals: [{ to: 'failure', failure: decoded.left }] }
            : signalsOf(decoded.right, grid, feeUnit),
        { grid: empty, signals: [] },
      ),
      concatMap(({ signals }) => signals),
    );
};

const signalsOf = (message: Message, last: Grid, feeUnit: FeeUnit): Decoded => {
  switch (message.kind) {
    case 'market-slot':
    case 'tick': {
      const { areas, unreadable, ...rest } = message;
      const grid = indexGrid(areas, feeUnit, last);
      return { grid, signals: [...failuresOf(unreadable), { to: 'event', event: extended(rest, { grid }) }] };
    }
    case 'trades': {
      const grid = indexGrid(message.areas, feeUnit, last);
      const trades = message.trades.map((trade): Signal => ({
        to: 'event',
        event: extended(trade, { grid }),
      }));
      return { grid, signals: [...failuresOf(message.unreadable), ...trades] };
    }
    case 'finished':
    case 'batch-response':
      return { grid: last, signals: [{ to: 'event', event: extended(message, { grid: last }) }] };
    default:
      return { grid: last, signals: [{ to: 'link', message }] };
  }
};

const failuresOf = (failures: readonly Failure[]): readonly Signal[] =>
  failures.map((failure) => ({ to: 'failure', failure }));
