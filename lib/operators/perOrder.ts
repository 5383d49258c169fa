import { openSettlementSlots } from '../grid/settlement.ts';
import type { Bid, Offer } from '../model/commands.ts';
import type { MarketEvent } from '../model/events.ts';

/** Where an order stands: for which asset, on which side, in which slot. */
export type OrderPlace = Pick<Bid | Offer, 'areaUuid' | 'kind' | 'timeSlot'>;

/** One text for all orders that stand in the same place. */
export const orderKey = ({ areaUuid, kind, timeSlot }: OrderPlace): string =>
  // Nearly all are for the running slot, and none of those looks like the others.
  timeSlot === undefined ? `${kind} ${areaUuid}` : JSON.stringify([areaUuid, kind, timeSlot]);

/** Something remembered of each place for as long as an order can stand there. */
export interface PerOrder<T> {
  get(place: OrderPlace): T | undefined;
  set(place: OrderPlace, value: T): void;
  delete(place: OrderPlace): void;
  clear(): void;
  values(): Iterable<T>;
  /**
   * Forgets, at the first event of a slot, the orders of the slot before, and those of past slots that have closed for
   * settlement. Returns whether it was such an event.
   */
  hear(event: MarketEvent): boolean;
}

/** Starts remembering nothing. */
export const perOrder = <T>(): PerOrder<T> => {
  const entries = new Map<string, { readonly timeSlot: string | undefined; readonly value: T }>();
  let slot: string | undefined;
  return {
    get: (place) => entries.get(orderKey(place))?.value,
    set: (place, value) => entries.set(orderKey(place), { timeSlot: place.timeSlot, value }),
    delete: (place) => entries.delete(orderKey(place)),
    clear: () => entries.clear(),
    values: () => [...entries.values()].map(({ value }) => value),
    hear: (event) => {
      if ((event.kind !== 'market-slot' && event.kind !== 'tick') || event.slot === slot) return false;
      slot = event.slot;
      if (entries.size === 0) return true;
      const open = openSettlementSlots(event.grid);
      for (const [key, { timeSlot }] of entries)
        if (timeSlot === undefined || !open.has(timeSlot)) entries.delete(key);
      return true;
    },
  };
};
