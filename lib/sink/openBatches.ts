import { Observable, type Subscriber, type Subscription } from 'rxjs';
import { messageOf } from '../errors.ts';
import type { BatchResponse } from '../model/events.ts';
import type { UnexpectedReply } from '../model/failures.ts';
import type { Outcome } from '../model/outcomes.ts';
import { answered, unanswered, unsent, type Batch, type Fate, type LaidOut } from './batch.ts';
import type { Knowledge } from './knowledge.ts';
import type { SinkOptions } from './options.ts';

/** The batches that were sent and wait for their replies. */
export interface OpenBatches {
  /** Sends a batch and says what became of each of its commands. */
  send(laidOut: LaidOut): Observable<Outcome>;
  /** How many commands wait. */
  commands(): number;
  /** Listens for what ends the waiting, and reports replies for which nobody waits. */
  hear(): Subscription;
}

interface OpenBatch {
  readonly batch: Batch;
  /** Says what became of its commands, once. */
  readonly conclude: (fate: Fate) => void;
}

/** No batch waits yet. */
export const openBatches = (options: SinkOptions, knowledge: Knowledge): OpenBatches => {
  const open = new Map<string, OpenBatch>();
  let commands = 0;
  /** Why replies are waited for no longer, once they are not. */
  let givenUp: string | undefined;

  const giveUp = (reason: string) => {
    for (const { batch, conclude } of [...open.values()]) conclude(unanswered(batch, reason));
  };
  const close = ({ transactionId, given }: Batch): boolean => {
    if (!open.delete(transactionId)) return false;
    commands -= given.length;
    return true;
  };
  /** From now on it waits. */
  const wait = (batch: Batch, subscriber: Subscriber<Outcome>): OpenBatch => {
    const conclude = (fate: Fate) => {
      if (!close(batch)) return;
      batch.given.forEach((command, index) => subscriber.next(fate(command, index)));
      subscriber.complete();
    };
    const waiting = { batch, conclude };
    open.set(batch.transactionId, waiting);
    commands += batch.given.length;
    subscriber.add(() => close(batch));
    return waiting;
  };
  /** Until nobody has patience any more. */
  const patiently = ({ batch, conclude }: OpenBatch): Subscription => {
    const patienceMs = patience(options, knowledge);
    const lost = `no reply within ${patienceMs} ms; ask with listBids or listOffers`;
    return options.scheduler.schedule(() => conclude(unanswered(batch, lost)), patienceMs);
  };

  return {
    // What goes out is held by nothing that is made for the time after: it is as much as the batch itself.
    send: ({ batch, commands }) =>
      new Observable((subscriber) => {
        // It is open before it is sent: the reply may come before the send returns.
        const waiting = wait(batch, subscriber);
        if (givenUp === undefined) subscriber.add(sending({ batch, commands }, options, waiting.conclude));
        else waiting.conclude(unsent(givenUp));
        if (!subscriber.closed) subscriber.add(patiently(waiting));
      }),
    commands: () => commands,
    hear: () => {
      const heard = options.event$.subscribe({
        next: (event) => {
          if (event.kind === 'finished') giveUp('the simulation finished before the exchange answered');
          if (event.kind !== 'batch-response') return;
          const asked = open.get(event.transactionId);
          if (asked === undefined) options.report(strayReply(event));
          else asked.conclude(answered(asked.batch, event));
        },
        complete: () => giveUp('the connection ended before the exchange answered'),
      });
      const stopped = options.giveUp$?.subscribe((reason) => {
        givenUp ??= reason;
        giveUp(reason);
      });
      heard.add(stopped);
      return heard;
    },
  };
};

const strayReply = ({ transactionId }: BatchResponse): UnexpectedReply => ({
  kind: 'unexpected-reply',
  transactionId,
  reason: 'no batch of this client waits for this reply: it is late, doubled or for somebody else',
});

const sending = (
  { batch: { transactionId }, commands }: LaidOut,
  { aggregatorUuid, send }: SinkOptions,
  conclude: OpenBatch['conclude'],
): Subscription | undefined => {
  const fail = (error: unknown) => conclude(unsent(messageOf(error)));
  try {
    return send({ kind: 'batch', aggregatorUuid, transactionId, commands }).subscribe({
      next: ({ receivers }) => {
        if (receivers === 0) conclude(unsent('nobody listens where batches go; is the exchange running?'));
      },
      error: fail,
    });
  } catch (error) {
    fail(error);
    return undefined;
  }
};

const patience = ({ patienceMs }: SinkOptions, { tickMs }: Knowledge): number =>
  patienceMs ?? (tickMs === undefined ? 120_000 : Math.max(10_000, 3 * tickMs));
