import { map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Bid, Command, Offer } from '../model/commands.ts';

/** Whether nothing has been decided of the command yet. What is no object at all is left to the sink, which refuses it. */
export const isUndecided = (command: unknown): command is Command =>
  typeof command === 'object' &&
  command !== null &&
  !('withheld' in command && command.withheld !== undefined);

/** Whether the command is a bid or an offer of which nothing has been decided yet. */
export const isOrder = (command: Command): command is Bid | Offer =>
  isUndecided(command) && (command.kind === 'bid' || command.kind === 'offer');

/** Whether the command is such an order with a finite price for a finite, positive energy. */
export const isSoundOrder = (command: Command): command is Bid | Offer =>
  isOrder(command) &&
  Number.isFinite(command.priceCents) &&
  Number.isFinite(command.energyKWh) &&
  command.energyKWh > 0;

/**
 * Changes sound orders and lets everything else pass as it is: an order that is none stays wrong, so that the sink
 * refuses it with its reason, and is not made right by accident.
 */
export const mapSoundOrders = (
  change: (order: Bid | Offer) => Bid | Offer,
): MonoTypeOperatorFunction<Command> => map((command) => (isSoundOrder(command) ? change(command) : command));
