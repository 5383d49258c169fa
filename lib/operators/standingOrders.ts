import { deleteBid, deleteOffer } from '../commands.ts';
import type { Command } from '../model/commands.ts';
import type { MarketEvent } from '../model/events.ts';
import { perOrder } from './perOrder.ts';
import { isOrder } from './soundOrders.ts';

/** The orders that a stream of commands has given and that may still stand. */
export interface StandingOrders {
  hear(event: MarketEvent): void;
  /** The command goes out. */
  given(command: Command): void;
  /** What deletes all that stand: one command per asset, side and slot. After it nothing stands. */
  cancel(): readonly Command[];
}

/** Starts with no order. */
export const standingOrders = (): StandingOrders => {
  const deletes = perOrder<Command>();
  return {
    hear: (event) => {
      deletes.hear(event);
    },
    given: (command) => {
      if (!isOrder(command)) return;
      const { areaUuid, kind, timeSlot } = command;
      const remove = kind === 'bid' ? deleteBid : deleteOffer;
      deletes.set(command, remove(areaUuid, 'all', timeSlot === undefined ? {} : { timeSlot }));
    },
    cancel: () => {
      const commands = [...deletes.values()];
      deletes.clear();
      return commands;
    },
  };
};
