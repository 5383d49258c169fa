import {
  concat,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  merge,
  ReplaySubject,
  Subject,
  take,
  tap,
  toArray,
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
  /** Gathers commands; nothing is sent before `executeBatchCommands`. */
  readonly addToBatchCommands: CommandChain;
  /**
   * Sends what has been gathered, in one batch, once. The Observable gives the commands' outcomes when all are there,
   * in their order of arrival; nobody has to subscribe. It completes without a value when nothing was gathered.
   * Commands that an operator behind this strategy changes are not known again: theirs never come.
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

const open = (market: Market) => {
  const commandSubject = new Subject<Command>();
  let gathered: readonly Command[] = [];
  const executeBatchCommands = () => {
    const batch = gathered;
    gathered = [];
    const outcomes = outcomesOf(batch, market);
    for (const command of batch) commandSubject.next(command);
    return outcomes;
  };
  const addToBatchCommands = chain((command) => (gathered = [...gathered, command]));
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

// It listens before the commands go out, and whether anybody subscribes or not.
const outcomesOf = (batch: readonly Command[], { outcome$ }: Market): Observable<readonly Outcome[]> => {
  if (batch.length === 0) return EMPTY;
  const waiting = new Set(batch);
  const outcomes = new ReplaySubject<readonly Outcome[]>(1);
  outcome$
    .pipe(
      filter(({ command }) => waiting.has(command)),
      take(batch.length),
      toArray(),
    )
    .subscribe(outcomes);
  return outcomes.asObservable();
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
