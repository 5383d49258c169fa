import {
  concat,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  ReplaySubject,
  Subject,
  Subscription,
  tap,
  type Observable,
} from 'rxjs';
import * as constructors from './commands.ts';
import type { Market } from './events.ts';
import type { Command } from './model/commands.ts';
import type { BatchResponse, Finished, MarketEvent, MarketSlot, Tick, Trade } from './model/events.ts';
import type { Outcome } from './model/outcomes.ts';
import type { Strategy } from './strategy.ts';

type Constructors = typeof constructors;

/**
 * Adds commands one after the other: each method takes what the command constructor of its name takes.
 *
 * @example addToBatchCommands.bidEnergyRate(load.uuid, 0.5, 24).listBids(load.uuid);
 */
export type CommandChain = {
  readonly [
    Name in keyof Constructors as Constructors[Name] extends (...args: never) => Command ? Name : never
  ]: Constructors[Name] extends (...args: infer Args) => Command ? (...args: Args) => CommandChain : never;
};

/** What callbacks trade with. */
export interface CallbackAggregator {
  /** The same market that strategies see, for its streams and its clock. */
  readonly market: Market;
  /** Gathers commands; nothing is sent before `executeBatchCommands`, or before there are 50,000 of them. */
  readonly addToBatchCommands: CommandChain;
  /**
   * Sends what has been gathered, in one batch, once. The Observable gives the commands' outcomes when all are there,
   * in their order of arrival; nobody has to subscribe. It completes without a value when nothing was gathered.
   * Commands that an operator behind this strategy changes are not known again: theirs never come, and a batch that
   * waits for them gives those that came when 1,000 later ones wait, or the market ends.
   */
  readonly executeBatchCommands: () => Observable<readonly Outcome[]>;
}

/** What to do on which event; each is called with the event and with what to trade with. */
export interface Callbacks {
  /** A new slot opened. */
  readonly onMarketSlot?: (slot: MarketSlot, aggregator: CallbackAggregator) => void;
  /** Each tenth of a slot. */
  readonly onTick?: (tick: Tick, aggregator: CallbackAggregator) => void;
  /** One of the client's assets traded. */
  readonly onTrade?: (trade: Trade, aggregator: CallbackAggregator) => void;
  /** The exchange answered a batch. */
  readonly onBatchResponse?: (response: BatchResponse, aggregator: CallbackAggregator) => void;
  /** The simulation ended. */
  readonly onFinish?: (finished: Finished, aggregator: CallbackAggregator) => void;
  /** Every event, after the callback of its kind. */
  readonly onEvent?: (event: MarketEvent, aggregator: CallbackAggregator) => void;
}

/**
 * A strategy out of callbacks, for those who come from the official client: it trades, and is run and tested, as any
 * other strategy.
 *
 * Callbacks are called one at a time, in the order of the events. One that throws ends this strategy, is reported as
 * its failure, and leaves the others and the connection alone. Commands that were gathered and never executed are
 * handed on when the market ends, so that they have an outcome like all others.
 *
 * @example
 * export default fromCallbacks({
 *   onMarketSlot: ({ grid }, { addToBatchCommands, executeBatchCommands }) => {
 *     for (const load of grid.assets.filter(isLoad)) addToBatchCommands.bidEnergyRate(load.uuid, load.energyRequirementKWh, 30);
 *     executeBatchCommands();
 *   },
 * });
 */
export const fromCallbacks =
  (callbacks: Callbacks): Strategy =>
  (market) =>
    defer(() => {
      const { command$, aggregator, close } = open(market);
      const calling$ = market.event$.pipe(
        tap((event) => call(callbacks, event, aggregator)),
        ignoreElements(),
      );
      const closing$ = defer(() => {
        close();
        return EMPTY;
      });
      return merge(command$, concat(calling$, closing$));
    });

/** A batch of more goes out by itself. */
const MOST_GATHERED = 50_000;

const open = (market: Market) => {
  const commandSubject = new Subject<Command>();
  const outcomesOf = outcomesFrom(market.outcome$);
  let gathered: Command[] = [];
  const executeBatchCommands = () => {
    const batch = gathered;
    gathered = [];
    const outcomes = outcomesOf(batch);
    for (const command of batch) commandSubject.next(command);
    return outcomes;
  };
  const addToBatchCommands = chain((command) => {
    gathered.push(command);
    if (gathered.length === MOST_GATHERED) executeBatchCommands();
  });
  return {
    command$: commandSubject.asObservable(),
    aggregator: { market, addToBatchCommands, executeBatchCommands },
    close: () => {
      executeBatchCommands();
      commandSubject.complete();
    },
  };
};

const chain = (add: (command: Command) => void): CommandChain => {
  const added: Record<string, (...args: unknown[]) => unknown> = {};
  for (const [name, construct] of Object.entries<unknown>(constructors))
    if (typeof construct === 'function')
      added[name] = (...args) => {
        add((construct as (...args: unknown[]) => Command)(...args));
        return added;
      };
  return added as CommandChain;
};

/** A batch whose outcomes are not all there. */
interface Waiting {
  readonly commands: readonly Command[];
  readonly came: Outcome[];
  readonly outcomes: ReplaySubject<readonly Outcome[]>;
}

/** So many batches wait for their outcomes; the oldest then goes without those that are missing. */
const MOST_WAITING = 1_000;

// It listens before the commands go out, whether anybody subscribes or not, and only while a batch waits.
const outcomesFrom = (outcome$: Observable<Outcome>) => {
  const batchOf = new Map<Command, Waiting>();
  const waiting = new Set<Waiting>();
  let listening = Subscription.EMPTY;
  const conclude = (batch: Waiting) => {
    waiting.delete(batch);
    for (const command of batch.commands) batchOf.delete(command);
    if (waiting.size === 0) listening.unsubscribe();
    batch.outcomes.next(batch.came);
    batch.outcomes.complete();
  };
  const hear = (outcome: Outcome) => {
    const batch = batchOf.get(outcome.command);
    if (batch === undefined) return;
    batch.came.push(outcome);
    if (batch.came.length === batch.commands.length) conclude(batch);
  };
  return (commands: readonly Command[]): Observable<readonly Outcome[]> => {
    if (commands.length === 0) return EMPTY;
    const batch: Waiting = { commands, came: [], outcomes: new ReplaySubject(1) };
    const [oldest] = waiting;
    if (oldest !== undefined && waiting.size === MOST_WAITING) conclude(oldest);
    waiting.add(batch);
    for (const command of commands) batchOf.set(command, batch);
    if (listening.closed)
      listening = outcome$.subscribe({ next: hear, complete: () => waiting.forEach(conclude) });
    return batch.outcomes.asObservable();
  };
};

const call = (callbacks: Callbacks, event: MarketEvent, aggregator: CallbackAggregator): void => {
  switch (event.kind) {
    case 'market-slot':
      callbacks.onMarketSlot?.(event, aggregator);
      break;
    case 'tick':
      callbacks.onTick?.(event, aggregator);
      break;
    case 'trade':
      callbacks.onTrade?.(event, aggregator);
      break;
    case 'batch-response':
      callbacks.onBatchResponse?.(event, aggregator);
      break;
    case 'finished':
      callbacks.onFinish?.(event, aggregator);
  }
  callbacks.onEvent?.(event, aggregator);
};
