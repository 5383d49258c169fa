import { v5 as uuidV5 } from 'uuid';
import { announcement, type Announcement, type SlotEventsDue } from './announcements.ts';
import type { AssetArea, Grid } from './areas.ts';
import { assetInfo } from './assetInfo.ts';
import { billJson, partsOf, tradeElement, type Part } from './events.ts';
import type { JsonObject } from './json.ts';
import { statisticsJson } from './marketCommands.ts';
import type { Deal } from './deals.ts';
import { isConnected } from './registration.ts';

// What assets hear that are connected by name without an aggregator (exchange protocol, direct asset events).

/** What a market event says of the slot. */
export interface SlotBegun {
  readonly slotText: string;
  readonly slotLengthMinutes: number;
}

/** The beginning of a slot, before anything has happened in it. */
export const assetMarketEvents = (grid: Grid, begun: SlotBegun): readonly Announcement[] =>
  hearers(grid).map((asset) => about(asset, 'market', marketEvent(grid, asset, begun)));

/** A tick event for each asset, if one is due. */
export const assetTickEvents = (
  grid: Grid,
  { tick, percent, slotText }: SlotEventsDue,
): readonly Announcement[] => {
  if (!tick) return [];
  return hearers(grid).map((asset) =>
    about(asset, 'tick', {
      slot_completion: `${percent}%`,
      market_slot: slotText,
      event: 'tick',
      area_uuid: asset.uuid,
      device_info: assetInfo(asset),
    }),
  );
};

/** Each trade by itself. */
export const assetTradeEvents = (deals: readonly Deal[]): readonly Announcement[] =>
  deals
    .flatMap(partsOf)
    .filter(({ asset }) => hearsItself(asset))
    .map((part) => about(part.asset, 'trade', tradeEvent(part)));

/** The end of the run. */
export const assetFinishEvents = (grid: Grid): readonly Announcement[] =>
  hearers(grid).map((asset) => about(asset, 'finish', { event: 'finish', area_uuid: asset.uuid }));

/** Whether an asset is told what happens on channels of its own. */
const hearsItself = (asset: AssetArea): boolean => isConnected(asset) && asset.aggregatorUuid === undefined;

const hearers = ({ assets }: Grid): readonly AssetArea[] => assets.filter(hearsItself);

const about = (asset: AssetArea, event: string, message: JsonObject): Announcement =>
  announcement(`${asset.channelName}/events/${event}`, message);

const marketEvent = (
  grid: Grid,
  asset: AssetArea,
  { slotText, slotLengthMinutes }: SlotBegun,
): JsonObject => {
  const { parent } = asset;
  return {
    name: parent.name,
    // Each slot has a market of its own, the same for all who trade in it.
    id: uuidV5(slotText, parent.uuid),
    start_time: slotText,
    // The exchange leaves out the hours.
    duration_min: slotLengthMinutes % 60,
    time_slots: [slotText],
    type_name: 'Spot Market',
    device_info: assetInfo(asset),
    event: 'market',
    area_uuid: asset.uuid,
    device_bill: parent.last === undefined ? null : billJson(asset),
    last_market_maker_rate: grid.lastRates.sellRate,
    last_market_stats: parent.last === undefined ? null : statisticsJson(parent),
  };
};

const tradeEvent = (part: Part): JsonObject => {
  const { trade_id, time, trade_price, traded_energy, ...trade } = tradeElement(part);
  return {
    device_info: assetInfo(part.asset),
    event: 'trade',
    trade_id,
    time,
    trade_price,
    traded_energy,
    fee_price: trade.total_fee,
    area_uuid: part.asset.uuid,
    seller: trade.seller,
    buyer: trade.buyer,
    residual_id: part.selling ? trade.residual_offer_id : trade.residual_bid_id,
    ...(part.selling
      ? { event_type: 'sell', offer_id: trade.offer_id }
      : { event_type: 'buy', bid_id: trade.bid_id }),
  };
};
