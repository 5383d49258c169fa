import {
  catchError,
  concat,
  defer,
  filter,
  from,
  map,
  merge,
  mergeMap,
  Observable,
  of,
  take,
  tap,
  timer,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { v5 as uuidV5 } from 'uuid';
import { messageOf } from '../errors.ts';
import type { Command } from '../model/commands.ts';
import type { BatchResponse, MarketEvent } from '../model/events.ts';
import type { UnexpectedReply } from '../model/failures.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Delivery } from '../transport/transport.ts';
import type { Request } from '../wire/messages.ts';
import { layOut, readReply, unanswered, unsent, type Batch } from './batch.ts';
import { debounceBuffer } from '../operators/debounceBuffer.ts';
import { successors } from '../operators/successors.ts';
import { invalid } from './invalid.ts';
import { makeLearner, type Learner } from './knowledge.ts';
import { refusal, type ExchangeTraits } from './refusal.ts';

/** How commands are gathered into batches and how long their replies are waited for. */
export interface BatchingOptions {
  /** A batch goes out when the commands have been quiet for so long, ms; 0, the default, is the end of the turn. */
  readonly quietMs?: number;
  /** It goes out at the latest when its oldest command has waited so long, ms; 250 unless said otherwise. */
  readonly maxWaitMs?: number;
  /** It goes out at once when it holds so many commands; 50,000 unless said otherwise. */
  readonly maxCommands?: number;
  /** How long a reply is waited for, ms; unless said otherwise three ticks as measured, at least 10 s. */
  readonly patienceMs?: number;
}

/** What the sink needs to know and to reach. */
export interface SinkOptions extends BatchingOptions, ExchangeTraits {
  readonly aggregatorUuid: string;
  /** The market's events, subscribed before any strategy subscribes. */
  readonly event$: Observable<MarketEvent>;
  /** Sends when it is called, once. */
  readonly send: (request: Request) => Observable<Delivery>;
  /** Whether the area is under this aggregator's control. */
  readonly holds: (areaUuid: string) => boolean;
  readonly scheduler: SchedulerLike;
  /** Hears of replies that nobody waits for. */
  readonly report: (failure: UnexpectedReply) => void;
}

/**
 * Sends commands in batches and says what became of each: every command that comes in leaves as exactly one outcome.
 *
 * One message goes out per burst, however many assets it concerns; batches go out in order and are answered
 * concurrently; nothing is ever sent twice. On complete and on error of the commands the last burst is flushed and
 * the open replies are awaited first. Outcomes of one burst need not come in the order of its commands.
 * Exchange protocol, batch commands and messages that must never be sent.
 */
export const executeBatchCommands =
  (options: SinkOptions): OperatorFunction<Command, Outcome> =>
  (command$) =>
    new Observable((subscriber) => {
      const sink: Sink = {
        options,
        learner: makeLearner(),
        inFlight: new Set(),
        namespace: uuidV5(options.aggregatorUuid, NAMESPACE),
        connected: true,
      };
      // First, so that the sink knows of an event before a strategy answers it.
      subscriber.add(
        options.event$.subscribe({
          next: (event) => {
            sink.learner.hear(event, options.scheduler.now());
            if (event.kind === 'batch-response' && !sink.inFlight.has(event.transactionId))
              options.report(strayReply(event));
          },
          complete: () => (sink.connected = false),
        }),
      );
      subscriber.add(
        keepError(command$, (commands) =>
          commands.pipe(
            map((command): Stamped => ({ command, slot: sink.learner.slot })),
            debounceBuffer({ ...bursts(options), scheduler: options.scheduler }),
            // Sends happen in order as bursts end; replies are awaited concurrently.
            mergeMap((burst, index) => execute(burst, index, sink)),
            tap((outcome) => sink.learner.conclude(outcome)),
          ),
        ).subscribe(subscriber),
      );
    });

/** The state of one subscription. */
interface Sink {
  readonly options: SinkOptions;
  readonly learner: Learner;
  /** The transactions that wait for a reply. */
  readonly inFlight: Set<string>;
  /** Under which the ids of its transactions are derived. */
  readonly namespace: string;
  connected: boolean;
}

interface Stamped {
  readonly command: Command;
  /** The slot that ran when the command was given. */
  readonly slot: string | undefined;
}

const bursts = ({ quietMs = 0, maxWaitMs = 250, maxCommands = 50_000 }: BatchingOptions) => ({
  quietMs,
  maxWaitMs,
  maxValues: maxCommands,
});

const strayReply = ({ transactionId }: BatchResponse): UnexpectedReply => ({
  kind: 'unexpected-reply',
  transactionId,
  reason: 'no batch of this client waits for this reply: it is late, doubled or for somebody else',
});

// An error of the commands comes out after the outcomes of what was given before it.
const keepError = <T, R>(
  source: Observable<T>,
  through: (source: Observable<T>) => Observable<R>,
): Observable<R> =>
  defer(() => {
    let failed: { readonly error: unknown } | undefined;
    const quiet = source.pipe(
      catchError((error: unknown) => {
        failed = { error };
        return [];
      }),
    );
    const rest = new Observable<never>((subscriber) => {
      if (failed === undefined) subscriber.complete();
      else subscriber.error(failed.error);
    });
    return concat(through(quiet), rest);
  });

const execute = (burst: readonly Stamped[], index: number, sink: Sink): Observable<Outcome> => {
  const { options, learner } = sink;
  const stopped: Outcome[] = [];
  const sendable: Command[] = [];
  for (const stamped of burst) {
    const outcome = stoppedBeforeSending(stamped, sink);
    if (outcome === undefined) sendable.push(stamped.command);
    else stopped.push(outcome);
  }
  const successor = successors(sendable);
  const remaining = sendable.filter((_, i) => successor[i] === undefined);
  const superseded = sendable.flatMap((command, i): readonly Outcome[] => {
    const by = successor[i];
    return by === undefined ? [] : [{ kind: 'superseded', command, by }];
  });
  if (remaining.length === 0) return from([...stopped, ...superseded]);
  const transactionId = uuidV5(`${options.scheduler.now()} ${index}`, sink.namespace);
  const batch = layOut(transactionId, remaining, learner);
  for (const command of remaining) learner.sending(command);
  return concat(from([...stopped, ...superseded]), exchange(batch, sink));
};

const stoppedBeforeSending = (
  { command, slot }: Stamped,
  { options, learner, connected }: Sink,
): Outcome | undefined => {
  const problem = invalid(command);
  if (problem !== undefined) return { kind: 'refused', command, reason: problem };
  if (command.withheld !== undefined) {
    const { withheld, ...given } = command;
    return { ...withheld, command: given };
  }
  if (!connected) return { kind: 'unsent', command, reason: 'the connection has ended' };
  if (learner.finished) return { kind: 'expired', command, reason: 'the simulation has finished' };
  if (slot !== undefined && slot !== learner.slot && isForRunningSlot(command))
    return { kind: 'expired', command, reason: `its slot ${slot} ended before it was sent` };
  const reason = options.holds(command.areaUuid)
    ? refusal(command, learner, options)
    : `this aggregator does not hold the area ${command.areaUuid}; select it first`;
  return reason === undefined ? undefined : { kind: 'refused', command, reason };
};

const isForRunningSlot = (command: Command): boolean => {
  switch (command.kind) {
    case 'bid':
    case 'offer':
    case 'delete-bid':
    case 'delete-offer':
    case 'list-bids':
    case 'list-offers':
      return command.timeSlot === undefined;
    default:
      return false;
  }
};

const exchange = (batch: Batch, { options, learner, inFlight }: Sink): Observable<Outcome> => {
  const { event$, scheduler, aggregatorUuid } = options;
  const { transactionId, commands } = batch;
  const reply$ = event$.pipe(
    filter((event) => event.kind === 'batch-response'),
    filter((response) => response.transactionId === transactionId),
    map((response) => readReply(batch, response)),
  );
  const ended$ = event$.pipe(
    filter((event) => event.kind === 'finished'),
    map(() => unanswered(batch, 'the simulation finished before the exchange answered')),
  );
  const patienceMs = patience(options, learner);
  const lost$ = timer(patienceMs, scheduler).pipe(
    map(() => unanswered(batch, `no reply within ${patienceMs} ms; ask with listBids or listOffers`)),
  );
  const disconnected$ = of(unanswered(batch, 'the connection ended before the exchange answered'));
  const unsent$ = defer(() => options.send({ kind: 'batch', aggregatorUuid, transactionId, commands })).pipe(
    filter(({ receivers }) => receivers === 0),
    map(() => unsent(batch, 'nobody listens where batches go; is the exchange running?')),
    catchError((error: unknown) => of(unsent(batch, messageOf(error)))),
  );
  return defer(() => {
    inFlight.add(transactionId);
    // Listen, then send: the reply may come before the send returns.
    return merge(concat(reply$, disconnected$), ended$, lost$, unsent$).pipe(
      take(1),
      tap(() => inFlight.delete(transactionId)),
      mergeMap((outcomes) => outcomes),
    );
  });
};

const patience = ({ patienceMs }: SinkOptions, { tickMs }: Learner): number =>
  patienceMs ?? (tickMs === undefined ? 120_000 : Math.max(10_000, 3 * tickMs));

/** Transaction ids are derived from the aggregator, the time and the batch's number. */
const NAMESPACE = '5f0a7c1e-6d43-4f0b-9a4e-2c7b8f5d1e90';
