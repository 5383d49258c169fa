import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { AreaEvent } from '../model/areaEvents.ts';
import { assetInfo } from './assets.ts';
import { readable } from './checked.ts';
import { strict, tagged } from './combinators.ts';
import { assetBill, marketStats } from './figures.ts';
import { present } from './present.ts';
import { Finite, optional, orEmpty, orNone, Percent, Positive, SlotTime } from './scalars.ts';

const area = { area_uuid: optional(t.string) };
const asset = { ...area, device_info: readable(assetInfo) };

const WireAreaEvent = tagged('an event of one area', 'event', {
  market: strict(
    {
      event: t.literal('market'),
      ...asset,
      start_time: SlotTime,
      last_market_maker_rate: optional(Finite),
      last_market_stats: optional(readable(marketStats)),
      device_bill: orEmpty(readable(assetBill)),
    },
    'a market event of one area',
  ),
  tick: strict(
    { event: t.literal('tick'), ...asset, market_slot: SlotTime, slot_completion: Percent },
    'a tick event of one area',
  ),
  trade: strict(
    {
      event: t.literal('trade'),
      ...asset,
      trade_id: t.string,
      time: t.string,
      trade_price: Finite,
      traded_energy: Positive,
      fee_price: Finite,
      event_type: t.keyof({ buy: null, sell: null }, 'buy or sell'),
      bid_id: orNone(t.string),
      offer_id: orNone(t.string),
      residual_id: orNone(t.string),
    },
    'a trade event of one area',
  ),
  finish: strict({ event: t.literal('finish'), ...area }, 'a finish event of one area'),
});

/** An event of an area that is connected without an aggregator (exchange protocol, direct asset events). */
export const readAreaEvent = (content: unknown, channelName: string): t.Validation<AreaEvent> =>
  pipe(
    WireAreaEvent.decode(content),
    E.map((event) => toAreaEvent(event, channelName)),
  );

const toAreaEvent = (event: t.TypeOf<typeof WireAreaEvent>, channelName: string): AreaEvent => {
  const base = present({ kind: 'area-event', channelName, areaUuid: event.area_uuid });
  switch (event.event) {
    case 'market':
      return present({
        ...base,
        event: 'market-slot',
        slot: event.start_time,
        info: event.device_info,
        marketMakerRate: event.last_market_maker_rate,
        lastStats: event.last_market_stats,
        bill: event.device_bill,
      });
    case 'tick':
      return {
        ...base,
        event: 'tick',
        slot: event.market_slot,
        progress: event.slot_completion,
        info: event.device_info,
      };
    case 'trade':
      return present({
        ...base,
        event: 'trade',
        info: event.device_info,
        tradeId: event.trade_id,
        side: event.event_type === 'sell' ? 'sold' : 'bought',
        time: event.time,
        energyKWh: event.traded_energy,
        priceCents: event.trade_price,
        feeCents: event.fee_price,
        bidId: event.bid_id,
        offerId: event.offer_id,
        residualId: event.residual_id,
      });
    case 'finish':
      return { ...base, event: 'finished' };
  }
};
