import type { Command } from '../model/commands.ts';
import { orderKey } from './perOrder.ts';
import { isSoundOrder } from './soundOrders.ts';

/**
 * For each command of a burst the newer order that makes it pointless: same asset, side and slot; undefined for those
 * that remain.
 *
 * An order that adds to the standing ones (`replaceExisting: false`) replaces nothing, and neither does one whose
 * energy or price is no sound number, or that a guard has refused: the exchange would never get it.
 */
export const successors = (commands: readonly Command[]): readonly (Command | undefined)[] => {
  const found: (Command | undefined)[] = Array.from(commands, () => undefined);
  const newest = new Map<string, Command>();
  for (let i = commands.length - 1; i >= 0; i -= 1) {
    const command = commands[i];
    if (command === undefined || !isSoundOrder(command)) continue;
    const key = orderKey(command);
    found[i] = newest.get(key);
    if (found[i] === undefined && command.replaceExisting) newest.set(key, command);
  }
  return found;
};
