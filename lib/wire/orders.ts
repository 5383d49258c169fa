import * as t from 'io-ts';
import type { Order } from '../model/replies.ts';
import { strict } from './combinators.ts';
import { Finite, SlotTime } from './scalars.ts';

const Trader = strict({ name: t.string, uuid: t.string }, 'a trader');

const order = {
  id: t.string,
  energy: Finite,
  energy_rate: Finite,
  price: Finite,
  original_price: Finite,
  creation_time: t.string,
  time_slot: SlotTime,
};

/** A bid as a reply describes it. */
export const WireBid = strict({ type: t.literal('Bid'), buyer: Trader, ...order }, 'a bid');
export type WireBid = t.TypeOf<typeof WireBid>;

/** An offer as a reply describes it. */
export const WireOffer = strict({ type: t.literal('Offer'), seller: Trader, ...order }, 'an offer');
export type WireOffer = t.TypeOf<typeof WireOffer>;

/** The order, whichever side it is of. */
export const toOrder = (wire: WireBid | WireOffer): Order => {
  const trader = wire.type === 'Bid' ? wire.buyer : wire.seller;
  return {
    side: wire.type === 'Bid' ? 'bid' : 'offer',
    id: wire.id,
    energyKWh: wire.energy,
    rate: wire.energy_rate,
    priceCents: wire.price,
    originalPriceCents: wire.original_price,
    createdAt: wire.creation_time,
    slot: wire.time_slot,
    traderName: trader.name,
    traderUuid: trader.uuid,
  };
};
