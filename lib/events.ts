import { isLeft } from 'fp-ts/lib/Either.js';
import { filter, Subject, Subscription, type Observable, type SchedulerLike } from 'rxjs';
import { extended } from './extended.ts';
import { indexGrid } from './grid/grid.ts';
import type {
  BatchResponse,
  Finished,
  MarketEvent,
  MarketSlot,
  SlotEvent,
  Tick,
  Trade,
} from './model/events.ts';
import type { Failure, StrategyFailure } from './model/failures.ts';
import type { FeeUnit, Grid } from './model/grid.ts';
import type { Outcome } from './model/outcomes.ts';
import { makeDecoder } from './wire/decode.ts';
import type { Frame, MarketSlotMessage, Message, TickMessage } from './wire/messages.ts';
import { present } from './wire/present.ts';

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
 * A frame that cannot be understood becomes a `DecodeFailure` on `failure$` and the events go on. All have heard of a
 * frame before anybody hears of one that came meanwhile. The streams complete with the frames.
 */
export const eventStreams = (options: EventStreamsOptions): EventStreams => {
  const eventSubject = new Subject<MarketEvent>();
  const linkSubject = new Subject<LinkMessage>();
  const failureSubject = new Subject<Failure>();
  const subjects = [eventSubject, linkSubject, failureSubject] as const;
  const tell = ({ failures, events, link }: Told) => {
    for (const failure of failures) failureSubject.next(failure);
    for (const event of events) eventSubject.next(event);
    if (link !== undefined) linkSubject.next(link);
  };
  return {
    market: marketOf(eventSubject.asObservable(), options),
    link$: linkSubject.asObservable(),
    failure$: failureSubject.asObservable(),
    connect: () => {
      const connection = new Subscription();
      const read = reading(options);
      const inTurn = turns(connection, (frame) => tell(read(frame)));
      connection.add(
        options.frame$.subscribe({
          next: inTurn,
          error: (error: unknown) => inTurn(() => subjects.forEach((subject) => subject.error(error))),
          complete: () => inTurn(() => subjects.forEach((subject) => subject.complete())),
        }),
      );
      return connection;
    },
  };
};

/**
 * Takes one frame after the other, also those that come while one is taken, for as long as the connection is open; and
 * what is to be done at their end.
 */
const turns = (connection: Subscription, take: (frame: Frame) => void) => {
  const waiting: (Frame | (() => void))[] = [];
  let isTurn = false;
  return (turn: Frame | (() => void)): void => {
    waiting.push(turn);
    if (isTurn) return;
    isTurn = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (connection.closed) continue;
        if (typeof next === 'function') next();
        else take(next);
      }
    } finally {
      // Should one throw, those after it are not stuck.
      isTurn = false;
    }
  };
};

/** What a frame says, and to whom. */
interface Told {
  readonly failures: readonly Failure[];
  readonly events: readonly MarketEvent[];
  readonly link?: LinkMessage;
}

// Every event carries the grid of its moment; those that bring none carry the newest one.
const reading = ({ feeUnit, configurationId }: EventStreamsOptions) => {
  const decode = makeDecoder({ feeUnit, configurationId });
  let grid = indexGrid([], feeUnit);
  return (frame: Frame): Told => {
    const decoded = decode(frame);
    if (isLeft(decoded)) return { failures: [decoded.left], events: [] };
    const message = decoded.right;
    switch (message.kind) {
      case 'market-slot':
      case 'tick':
        grid = indexGrid(message.areas, feeUnit, grid);
        return { failures: message.unreadable, events: [slotEvent(message, grid)] };
      case 'trades': {
        const shown = (grid = indexGrid(message.areas, feeUnit, grid));
        const trades = message.trades.map((trade): Trade => extended(trade, { grid: shown }));
        return { failures: message.unreadable, events: trades };
      }
      case 'finished':
      case 'batch-response':
        return { failures: [], events: [extended(message, { grid })] };
      default:
        return { failures: [], events: [], link: message };
    }
  };
};

const slotEvent = (message: MarketSlotMessage | TickMessage, grid: Grid): SlotEvent => {
  const { kind, slot, progress, feedInTariffRate, marketMakerRate, simulationId } = message;
  const event = present({ kind, slot, progress, feedInTariffRate, marketMakerRate, grid });
  return simulationId === undefined ? event : extended(event, { simulationId });
};
