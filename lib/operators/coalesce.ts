import type { Command } from '../model/commands.ts';
import type { Superseded } from '../model/outcomes.ts';
import { isSoundOrder } from './soundOrders.ts';

/** A burst of commands without those that a newer one made pointless. */
export interface Coalesced {
  /** The commands that remain, in their order. */
  readonly remaining: readonly Command[];
  /** One outcome for each of the others. */
  readonly superseded: readonly Superseded[];
}

/**
 * Takes out the orders that a newer one in the same burst replaces: same asset, side and slot.
 *
 * An order that adds to the standing ones (`replaceExisting: false`) replaces nothing, and neither does one whose
 * energy or price is no sound number: the exchange would never get it.
 */
export const coalesce = (commands: readonly Command[]): Coalesced => {
  const newest = new Map<string, Command>();
  const remaining: Command[] = [];
  const superseded: Superseded[] = [];
  for (const command of commands.toReversed()) {
    if (!isSoundOrder(command)) {
      remaining.push(command);
      continue;
    }
    const key = JSON.stringify([command.areaUuid, command.kind, command.timeSlot]);
    const by = newest.get(key);
    if (by === undefined) {
      remaining.push(command);
      if (command.replaceExisting) newest.set(key, command);
    } else {
      superseded.push({ kind: 'superseded', command, by });
    }
  }
  return { remaining: remaining.reverse(), superseded: superseded.reverse() };
};
