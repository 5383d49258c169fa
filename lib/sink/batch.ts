import { deleteOffer } from '../commands.ts';
import { extended } from '../extended.ts';
import type { Command } from '../model/commands.ts';
import type { BatchResponse } from '../model/events.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { BatchCommands } from '../wire/messages.ts';
import type { Knowledge, Learner } from './knowledge.ts';

/** The commands of a batch, of each of which it has to be said what became of it. */
export interface Batch {
  readonly transactionId: string;
  readonly given: readonly Command[];
  /** Where the reply to each of them will stand, among those of its area. */
  readonly places: readonly number[];
}

/** A batch, and what goes out. */
export interface LaidOut {
  readonly batch: Batch;
  readonly commands: BatchCommands;
}

/**
 * Lays the commands of each area out in their order, as the exchange will answer them; they are as good as sent.
 *
 * @param commands what was given for each area, and what goes out from now on: another map would take as long to fill as
 * all the rest does
 */
export const layOut = (
  transactionId: string,
  commands: Map<string, Command[]>,
  learner: Learner,
): LaidOut => {
  const given: Command[] = [];
  const places: number[] = [];
  for (const [areaUuid, ofArea] of commands) {
    const taken: Command[] = [];
    for (const command of ofArea) {
      lay(command, taken, learner);
      learner.sending(command);
      given.push(command);
      places.push(taken.length - 1);
    }
    // As long as it has to be: thousands of them wait for their replies.
    commands.set(areaUuid, taken.slice());
  }
  return { batch: { transactionId, given, places }, commands };
};

// An order that adds to others adds to those of this client: the first one takes the place of what stands from before.
//
// After an offer of the asset was traded in full, the exchange refuses replacing offers for the rest of the slot; to
// delete all and to add means the same and is accepted. The reply that counts is that of the last.
const lay = (command: Command, taken: Command[], knowledge: Knowledge): void => {
  if ((command.kind !== 'bid' && command.kind !== 'offer') || command.timeSlot !== undefined) {
    taken.push(command);
    return;
  }
  const replaces = command.replaceExisting || knowledge.meetsStrangers(command);
  if (replaces && command.kind === 'offer' && knowledge.hasSoldOut(command.areaUuid))
    taken.push(deleteOffer(command.areaUuid, 'all'), extended(command, { replaceExisting: false }));
  else if (replaces === command.replaceExisting) taken.push(command);
  else taken.push(extended(command, { replaceExisting: replaces }));
};

/** What became of one of the commands of a batch. */
export type Fate = (command: Command, index: number) => Outcome;

/** What the reply says; `unanswered` where the exchange left a command out. */
export const answered =
  ({ transactionId, places }: Batch, { replies }: BatchResponse): Fate =>
  (command, index) => {
    const reply = replies.get(command.areaUuid)?.[places[index] ?? NaN];
    if (reply === undefined) {
      const reason = 'the exchange left the area out of its reply; it is not selected by any aggregator';
      return { kind: 'unanswered', command, transactionId, reason };
    }
    if (reply.status === 'error')
      return {
        kind: 'rejected',
        command,
        transactionId,
        reason: reply.reason,
        formerOrderMayBeGone: 'replaceExisting' in command && command.replaceExisting,
      };
    return { kind: 'accepted', command, transactionId, granted: reply.granted };
  };

/** Each was sent and no reply came. */
export const unanswered =
  ({ transactionId }: Batch, reason: string): Fate =>
  (command) => ({ kind: 'unanswered', command, transactionId, reason });

/** None could be sent. */
export const unsent =
  (reason: string): Fate =>
  (command) => ({ kind: 'unsent', command, reason });
