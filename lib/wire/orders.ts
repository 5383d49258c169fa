import type { Order } from '../model/replies.ts';
import { finite, objectAt, sameText, scalarAt, textAt, type Form } from './checked.ts';
import { SlotTime, type JsonObject } from './scalars.ts';

interface Trader {
  readonly name: string;
  readonly uuid: string;
}

const traderForm: Form<Trader> = {
  name: 'a trader',
  read: ({ name, uuid }) => ({ name: textAt(name, 'name'), uuid: textAt(uuid, 'uuid') }),
};

/** Under which key an order tells who gave it. */
export const TRADERS = { bid: 'buyer', offer: 'seller' } as const;

const readOrder = (side: Order['side'], trader: Trader, order: JsonObject): Order => ({
  side,
  id: textAt(order.id, 'id'),
  energyKWh: finite(order.energy, 'energy'),
  rate: finite(order.energy_rate, 'energy_rate'),
  priceCents: finite(order.price, 'price'),
  originalPriceCents: finite(order.original_price, 'original_price'),
  createdAt: textAt(order.creation_time, 'creation_time'),
  slot: scalarAt(SlotTime, order.time_slot, 'time_slot'),
  traderName: trader.name,
  traderUuid: trader.uuid,
});

/** A bid as a reply describes it. */
export const bidOrder: Form<Order> = {
  name: 'a bid',
  read: (order) => {
    sameText('Bid', order.type, 'type');
    return readOrder('bid', objectAt(traderForm, order[TRADERS.bid], TRADERS.bid), order);
  },
};

/** An offer as a reply describes it. */
export const offerOrder: Form<Order> = {
  name: 'an offer',
  read: (order) => {
    sameText('Offer', order.type, 'type');
    return readOrder('offer', objectAt(traderForm, order[TRADERS.offer], TRADERS.offer), order);
  },
};
