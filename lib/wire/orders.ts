import type { Order } from '../model/replies.ts';
import { finite, objectAt, sameText, scalarAt, textAt, type Form } from './checked.ts';
import { SlotTime } from './scalars.ts';

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

const orderForm = (side: Order['side'], name: string, type: string): Form<Order> => ({
  name,
  read: (order) => {
    sameText(type, order.type, 'type');
    const trader = objectAt(traderForm, order[TRADERS[side]], TRADERS[side]);
    return {
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
    };
  },
});

/** Bids and offers as replies describe them. */
export const orderForms: Readonly<Record<Order['side'], Form<Order>>> = {
  bid: orderForm('bid', 'a bid', 'Bid'),
  offer: orderForm('offer', 'an offer', 'Offer'),
};
