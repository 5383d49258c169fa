import { defer, Observable, type Subscription } from 'rxjs';
import { messageOf } from '../errors.ts';
import type { BatchResponse } from '../model/events.ts';
import type { UnexpectedReply } from '../model/failures.ts';
import type { Outcome } from '../model/outcomes.ts';
import { readReply, unanswered, unsent, type Batch } from './batch.ts';
import type { Knowledge } from './knowledge.ts';
import type { SinkOptions } from './options.ts';

/** The batches that were sent and wait for their replies. */
export interface OpenBatches {
  /** Sends a batch and says what became of each of its commands. */
  send(batch: Batch): Observable<Outcome>;
  /** How many commands wait. */
  commands(): number;
  /** Listens for what ends the waiting, and reports replies for which nobody waits. */
  hear(): Subscription;
}

interface OpenBatch {
  readonly batch: Batch;
  /** Says what became of its commands, once. */
  readonly conclude: (outcomes: readonly Outcome[]) => void;
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
  const close = ({ transactionId, places }: Batch): boolean => {
    if (!open.delete(transactionId)) return false;
    commands -= places.length;
    return true;
  };

  return {
    send: (batch) =>
      new Observable((subscriber) => {
        const conclude = (outcomes: readonly Outcome[]) => {
          if (!close(batch)) return;
          for (const outcome of outcomes) subscriber.next(outcome);
          subscriber.complete();
        };
        open.set(batch.transactionId, { batch, conclude });
        commands += batch.places.length;
        subscriber.add(() => close(batch));
        if (givenUp !== undefined) {
          conclude(unsent(batch, givenUp));
          return;
        }
        // It is open before it is sent: the reply may come before the send returns.
        subscriber.add(sending(batch, options, conclude));
        if (subscriber.closed) return;
        const patienceMs = patience(options, knowledge);
        const lost = `no reply within ${patienceMs} ms; ask with listBids or listOffers`;
        subscriber.add(options.scheduler.schedule(() => conclude(unanswered(batch, lost)), patienceMs));
      }),
    commands: () => commands,
    hear: () => {
      const heard = options.event$.subscribe({
        next: (event) => {
          if (event.kind === 'finished') giveUp('the simulation finished before the exchange answered');
          if (event.kind !== 'batch-response') return;
          const asked = open.get(event.transactionId);
          if (asked === undefined) options.report(strayReply(event));
          else asked.conclude(readReply(asked.batch, event));
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
  batch: Batch,
  { aggregatorUuid, send }: SinkOptions,
  conclude: OpenBatch['conclude'],
): Subscription => {
  const { transactionId, commands } = batch;
  return defer(() => send({ kind: 'batch', aggregatorUuid, transactionId, commands })).subscribe({
    next: ({ receivers }) => {
      if (receivers === 0)
        conclude(unsent(batch, 'nobody listens where batches go; is the exchange running?'));
    },
    error: (error: unknown) => conclude(unsent(batch, messageOf(error))),
  });
};

const patience = ({ patienceMs }: SinkOptions, { tickMs }: Knowledge): number =>
  patienceMs ?? (tickMs === undefined ? 120_000 : Math.max(10_000, 3 * tickMs));
