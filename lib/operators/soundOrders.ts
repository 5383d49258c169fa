import { map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Bid, Command, Offer } from '../model/commands.ts';

/** Whether the command is an order with a finite price for a finite, positive energy. */
export const isSoundOrder = (command: Command): command is Bid | Offer =>
  (command.kind === 'bid' || command.kind === 'offer') &&
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
