import { deleteOffer } from '../commands.ts';
import type { Command } from '../model/commands.ts';
import type { BatchResponse } from '../model/events.ts';
import type { Outcome, Unanswered, Unsent } from '../model/outcomes.ts';
import type { BatchCommands } from '../wire/messages.ts';
import type { Knowledge, Learner } from './knowledge.ts';

/** A batch ready to be sent: what goes out per area, and where each command's reply will stand. */
export interface Batch {
  readonly transactionId: string;
  readonly commands: BatchCommands;
  readonly places: readonly { readonly command: Command; readonly index: number }[];
}

/** Lays the commands of each area out in their order, as the exchange will answer them; they are as good as sent. */
export const layOut = (transactionId: string, given: BatchCommands, learner: Learner): Batch => {
  const commands = new Map<string, readonly Command[]>();
  const places: { readonly command: Command; readonly index: number }[] = [];
  for (const [areaUuid, ofArea] of given) {
    const taken: Command[] = [];
    for (const command of ofArea) {
      lay(command, taken, learner);
      learner.sending(command);
      places.push({ command, index: taken.length - 1 });
    }
    commands.set(areaUuid, taken);
  }
  return { transactionId, commands, places };
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
    taken.push(deleteOffer(command.areaUuid, 'all'), { ...command, replaceExisting: false });
  else taken.push(replaces === command.replaceExisting ? command : { ...command, replaceExisting: replaces });
};

/** Reads a batch's reply: one outcome per command, `unanswered` where the exchange left one out. */
export const readReply = (batch: Batch, { replies, transactionId }: BatchResponse): readonly Outcome[] =>
  batch.places.map(({ command, index }): Outcome => {
    const reply = replies.get(command.areaUuid)?.[index];
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
  });

/** Every command of the batch was sent and no reply came. */
export const unanswered = ({ places, transactionId }: Batch, reason: string): readonly Unanswered[] =>
  places.map(({ command }) => ({ kind: 'unanswered', command, transactionId, reason }));

/** No command of the batch could be sent. */
export const unsent = ({ places }: Batch, reason: string): readonly Unsent[] =>
  places.map(({ command }) => ({ kind: 'unsent', command, reason }));
