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

/** The orders of one place, in the order in which they came: nearly always one. */
type Orders = readonly StandingOrder[];
const NONE: Orders = [];

/** Starts with no order; `ended` is told the id of each order whose end was heard, but for those that end with their slot. */
export const openOrders = (ended: (id: string) => void): OpenOrders => {
  const places = { bid: new Map<string, Orders>(), offer: new Map<string, Orders>() };
  let slot: string | undefined;

  const at = ({ areaUuid, side }: Place): Orders => places[side].get(areaUuid) ?? NONE;
  const put = ({ areaUuid, side }: Place, orders: Orders): void => {
    places[side].set(areaUuid, orders);
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
    for (const [side, tradedId, residualId] of sides) {
      const place = { areaUuid: assetUuid, side };
      const order = at(place).find(({ id }) => id === tradedId);
      if (order === undefined) continue;
      const leftKWh = order.energyKWh - energyKWh;
      const priceCents = (order.priceCents / order.energyKWh) * leftKWh;
      const left = { ...order, id: residualId ?? order.id, energyKWh: leftKWh, priceCents };
      const rest = leftKWh > SMALLEST_ENERGY_KWH ? [left] : [];
      put(
        place,
        at(place).flatMap((other) => (other === order ? rest : other)),
      );
      if (rest.length === 0 || residualId !== undefined) ended(order.id);
    }
  };
  const conclude = (outcome: Outcome) => {
    if (outcome.kind !== 'accepted') return;
    const { command, granted } = outcome;
    const { areaUuid } = command;
    if ('order' in granted && 'replaceExisting' in command) {
      const { side, id, energyKWh, priceCents, slot: its } = granted.order;
      if (its !== slot) return;
      const order = { side, areaUuid, id, energyKWh, priceCents, slot };
      // The exchange may have told of it already, when it was asked what stands there.
      const others = at(order).filter((other) => other.id !== id);
      put(order, command.replaceExisting ? [order] : [...others, order]);
      if (command.replaceExisting) for (const other of others) ended(other.id);
    }
    if ('deletedIds' in granted && 'orders' in command && command.timeSlot === undefined) {
      const { orders } = command;
      const place = { areaUuid, side: command.kind === 'delete-bid' ? 'bid' : 'offer' } as const;
      const isOver = ({ id }: StandingOrder) => orders === 'all' || id === orders.id;
      const former = at(place);
      put(
        place,
        former.filter((order) => !isOver(order)),
      );
      for (const order of former) if (isOver(order)) ended(order.id);
    }
  };

  return {
    hear: (event) => {
      if (event.kind === 'market-slot' || event.kind === 'tick') enterSlot(event.slot);
      if (event.kind === 'trade') trade(event);
    },
    conclude,
    all: () => [...places.bid.values(), ...places.offer.values()].flat(),
    at,
    correct: (place, listed) => {
      if (slot === undefined) return;
      const inSlot = slot;
      put(
        place,
        listed.map((order) => ({ ...place, ...order, slot: inSlot })),
      );
    },
  };
};
