import { catchError, concat, defer, from, mergeMap, Observable, tap, type OperatorFunction } from 'rxjs';
import { v5 as uuidV5 } from 'uuid';
import type { Command } from '../model/commands.ts';
import type { Outcome } from '../model/outcomes.ts';
import { layOut } from './batch.ts';
import { debounceBuffer } from '../operators/debounceBuffer.ts';
import { successors } from '../operators/successors.ts';
import { invalid } from './invalid.ts';
import { makeLearner, type Learner } from './knowledge.ts';
import { openBatches, type OpenBatches } from './openBatches.ts';
import type { BatchingOptions, SinkOptions } from './options.ts';
import { refusal } from './refusal.ts';

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
      const learner = makeLearner();
      const sink: Sink = {
        options,
        learner,
        batches: openBatches(options, learner),
        nextTransactionId: transactionIds(options),
        connected: true,
      };
      // First, so that the sink knows of an event before a strategy answers it.
      subscriber.add(
        options.event$.subscribe({
          next: (event) => sink.learner.hear(event, options.scheduler.now()),
          complete: () => (sink.connected = false),
        }),
      );
      subscriber.add(options.missed$?.subscribe((cause) => sink.learner.miss(cause)));
      subscriber.add(
        keepError(command$, (commands) =>
          commands.pipe(
            debounceBuffer({
              ...bursts(options),
              scheduler: options.scheduler,
              kept: (command): Stamped => ({ command, slot: sink.learner.slot }),
            }),
            // Sends happen in order as bursts end; replies are awaited concurrently.
            mergeMap((burst) => execute(burst, sink)),
            tap((outcome) => sink.learner.conclude(outcome)),
          ),
        ).subscribe(subscriber),
      );
      // Last, so that a strategy sees a reply before it hears what came of its commands.
      subscriber.add(sink.batches.hear());
    });

/** The state of one subscription. */
interface Sink {
  readonly options: SinkOptions;
  readonly learner: Learner;
  readonly batches: OpenBatches;
  readonly nextTransactionId: () => string;
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

const execute = (burst: readonly Stamped[], sink: Sink): Observable<Outcome> => {
  const settled: Outcome[] = [];
  const byArea = new Map<string, Command[]>();
  for (const stamped of burst) {
    const { command } = stamped;
    const outcome = stoppedBeforeSending(stamped, sink);
    const ofArea = outcome === undefined ? byArea.get(command.areaUuid) : undefined;
    if (outcome !== undefined) settled.push(outcome);
    else if (ofArea !== undefined) ofArea.push(command);
    else byArea.set(command.areaUuid, [command]);
  }
  for (const [areaUuid, ofArea] of byArea)
    if (ofArea.length > 1) byArea.set(areaUuid, withoutSuperseded(ofArea, settled));
  if (byArea.size === 0) return from(settled);
  const answered$ = sink.batches.send(layOut(sink.nextTransactionId(), byArea, sink.learner));
  return settled.length === 0 ? answered$ : concat(from(settled), answered$);
};

/** The commands of one area that are to be sent; what became of the others is settled. */
const withoutSuperseded = (commands: Command[], settled: Outcome[]): Command[] => {
  // Nearly always one bid and one offer.
  if (commands.length === 2 && commands[0]?.kind !== commands[1]?.kind) return commands;
  const successor = successors(commands);
  return commands.filter((command, i) => {
    const by = successor[i];
    if (by !== undefined) settled.push({ kind: 'superseded', command, by });
    return by === undefined;
  });
};

const stoppedBeforeSending = (
  { command, slot }: Stamped,
  { options, learner, connected, batches }: Sink,
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
  const { maxUnderWay = 1_000_000 } = options;
  if (batches.commands() >= maxUnderWay)
    return { kind: 'refused', command, reason: `${maxUnderWay} commands wait for their replies already` };
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

/** Derived from the aggregator and the time of its first batch, and then counted on. */
const transactionIds = ({ aggregatorUuid, scheduler }: SinkOptions): (() => string) => {
  let beginning: string | undefined;
  let count = 0;
  return () => {
    beginning ??= uuidV5(String(scheduler.now()), uuidV5(aggregatorUuid, NAMESPACE)).slice(0, -12);
    return beginning + (count++).toString(16).padStart(12, '0');
  };
};

const NAMESPACE = '5f0a7c1e-6d43-4f0b-9a4e-2c7b8f5d1e90';
