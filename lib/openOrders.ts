import type { MarketEvent, Trade } from './model/events.ts';
import type { Outcome } from './model/outcomes.ts';
import type { ListedOrder } from './model/replies.ts';
import type { StandingOrder } from './model/reconciliation.ts';
import { SMALLEST_ENERGY_KWH } from './commands.ts';

/** Where the orders of one asset and side stand. */
type Place = Pick<StandingOrder, 'areaUuid' | 'side'>;

/** The orders of the running slot that stand, as far as this client has heard. */
export interface OpenOrders {
  hear(event: MarketEvent): void;
  conclude(outcome: Outcome): void;
  all(): readonly StandingOrder[];
  at(place: Place): readonly StandingOrder[];
  /** The exchange has told what stands there. */
  correct(place: Place, orders: readonly ListedOrder[]): void;
}

type ById = Map<string, StandingOrder>;

/** Starts with no order; `ended` is told the id of each order whose end was heard, but for those that end with their slot. */
export const openOrders = (ended: (id: string) => void): OpenOrders => {
  const places = { bid: new Map<string, ById>(), offer: new Map<string, ById>() };
  let slot: string | undefined;

  const placeOf = ({ areaUuid, side }: Place): ById => {
    const known = places[side].get(areaUuid);
    if (known !== undefined) return known;
    const orders: ById = new Map();
    places[side].set(areaUuid, orders);
    return orders;
  };
  const end = (orders: ById, ids: Iterable<string>) => {
    // What is deleted on the way is not come to again.
    for (const id of ids) if (orders.delete(id)) ended(id);
  };
  const enterSlot = (next: string) => {
    if (next === slot) return;
    slot = next;
    places.bid.clear();
    places.offer.clear();
  };
  // What is left of an order goes on under a new id, which is not told when the match happened in a higher market.
  const trade = ({ assetUuid, energyKWh, ...event }: Trade) => {
    const sides = [
      ['bid', event.bidId, event.residualBidId],
      ['offer', event.offerId, event.residualOfferId],
    ] as const;
    for (const [side, id, residualId] of sides) {
      const orders = placeOf({ areaUuid: assetUuid, side });
      const order = id === undefined ? undefined : orders.get(id);
      if (order === undefined) continue;
      const leftKWh = order.energyKWh - energyKWh;
      if (leftKWh <= SMALLEST_ENERGY_KWH || residualId !== undefined) end(orders, [order.id]);
      if (leftKWh <= SMALLEST_ENERGY_KWH) continue;
      const left = {
        ...order,
        id: residualId ?? order.id,
        energyKWh: leftKWh,
        priceCents: (order.priceCents / order.energyKWh) * leftKWh,
      };
      orders.set(left.id, left);
    }
  };
  const conclude = (outcome: Outcome) => {
    if (outcome.kind !== 'accepted') return;
    const { command, granted } = outcome;
    const { areaUuid } = command;
    if ('order' in granted && 'replaceExisting' in command) {
      const { side, id, energyKWh, priceCents, slot: its } = granted.order;
      if (its !== slot) return;
      const orders = placeOf({ areaUuid, side });
      orders.set(id, { side, areaUuid, id, energyKWh, priceCents, slot });
      // Afterwards: a map that becomes empty on the way is made anew.
      if (command.replaceExisting) for (const other of orders.keys()) if (other !== id) end(orders, [other]);
    }
    if ('deletedIds' in granted && 'orders' in command && command.timeSlot === undefined) {
      const orders = placeOf({ areaUuid, side: command.kind === 'delete-bid' ? 'bid' : 'offer' });
      end(orders, command.orders === 'all' ? orders.keys() : [command.orders.id]);
    }
  };

  return {
    hear: (event) => {
      if (event.kind === 'market-slot' || event.kind === 'tick') enterSlot(event.slot);
      if (event.kind === 'trade') trade(event);
    },
    conclude,
    all: () => [...places.bid.values(), ...places.offer.values()].flatMap((orders) => [...orders.values()]),
    at: (place) => [...placeOf(place).values()],
    correct: (place, listed) => {
      if (slot === undefined) return;
      const orders = placeOf(place);
      orders.clear();
      for (const order of listed) orders.set(order.id, { ...place, ...order, slot });
    },
  };
};
