import { rootOf, type Area, type AssetArea, type Grid, type MarketArea, type Trade } from './areas.ts';
import { assetInfo } from './assetInfo.ts';
import type { JsonObject } from './json.ts';
import { statisticsJson, totalsJson } from './marketCommands.ts';
import type { Deal } from './matching.ts';
import { marketMaker } from './templates.ts';

/** What every event says; a run from the command line has no simulation id, and the number of ticks is always 10. */
const event = (name: string): JsonObject => ({ event: name, simulation_id: null, num_ticks: 10 });

/** What comes with market, tick and trade events; without a finished slot there is nothing to tell. */
export const surroundings = (grid: Grid, aggregatorUuid: string): JsonObject => {
  const { buyRate, sellRate } = lastRates(grid);
  return {
    grid_tree: grid.root.last === undefined ? {} : { [grid.root.uuid]: node(grid.root, aggregatorUuid) },
    feed_in_tariff_rate: buyRate,
    market_maker_rate: sellRate,
  };
};

/** What the market maker paid and asked in the last slot; null in the first. */
export const lastRates = (
  grid: Grid,
): { readonly buyRate: number | null; readonly sellRate: number | null } => {
  const maker = grid.root.last === undefined ? undefined : marketMaker(grid.root);
  return { buyRate: maker?.buyRate ?? null, sellRate: maker?.sellRate ?? null };
};

/** A market or tick event. */
export const slotEvent = (
  name: 'market' | 'tick',
  slot: string,
  percent: number,
  around: JsonObject,
): JsonObject => ({
  slot_completion: `${percent}%`,
  market_slot: slot,
  ...around,
  ...event(name),
});

/** A trade event; there is at least one trade in it. */
export const tradeEvent = (trades: readonly JsonObject[], around: JsonObject): JsonObject => ({
  trade_list: trades,
  ...around,
  ...event('trade'),
});

/** The event that ends a run. */
export const finishEvent = (): JsonObject => event('finish');

const node = (area: Area, aggregatorUuid: string): JsonObject =>
  area.kind === 'market' ? marketNode(area, aggregatorUuid) : assetNode(area, aggregatorUuid);

const marketNode = (market: MarketArea, aggregatorUuid: string): JsonObject => ({
  last_market_bill: {
    accumulated_trades: totalsJson(market.accumulated),
    external_trades: totalsJson(market.beyond),
  },
  last_market_stats: statisticsJson(market),
  last_market_fee: market.last?.fee ?? 0,
  current_market_fee: market.fee ?? null,
  area_name: market.name,
  children: Object.fromEntries(market.children.map((child) => [child.uuid, node(child, aggregatorUuid)])),
});

const assetNode = (asset: AssetArea, aggregatorUuid: string): JsonObject => {
  if (asset.aggregatorUuid !== aggregatorUuid || !asset.external) return { area_name: asset.name };
  return {
    asset_info: assetInfo(asset),
    last_slot_asset_info: { energy_traded: asset.lastSlot.energyKWh, total_cost: asset.lastSlot.costCents },
    asset_bill: billJson(asset),
    area_name: asset.name,
  };
};

/** What the exchange calls the kinds of assets, in bills and in the registry. */
export const KIND_NAMES = {
  load: 'Load',
  pv: 'PV',
  storage: 'Storage',
  'smart-meter': 'SmartMeter',
  'market-maker': 'InfiniteBus',
} as const;

/** All that an asset has bought and sold up to the last finished slot. */
export const billJson = ({ bill, spec }: AssetArea): JsonObject => ({
  bought: bill.boughtKWh,
  sold: bill.soldKWh,
  spent: bill.spentCents / 100,
  earned: bill.earnedCents / 100,
  total_energy: bill.boughtKWh - bill.soldKWh,
  total_cost: (bill.spentCents + bill.feesCents - bill.earnedCents) / 100,
  market_fee: bill.feesCents / 100,
  type: KIND_NAMES[spec.type],
});

/** A part that an asset has in a deal: what was traded, and on which side. */
export interface Part {
  readonly asset: AssetArea;
  readonly selling: boolean;
  readonly deal: Deal;
  readonly trade: Trade;
}

/** The parts of a deal's two assets: the seller's, then the buyer's. */
export const partsOf = (deal: Deal): readonly Part[] => {
  const [bought, sold] = [deal.trades[0], deal.trades.at(-1)];
  return [
    ...(sold === undefined ? [] : [{ asset: sold.sellerOrigin, selling: true, deal, trade: sold }]),
    ...(bought === undefined ? [] : [{ asset: bought.buyerOrigin, selling: false, deal, trade: bought }]),
  ];
};

/** A trade as the asset sees it, whose other side stays anonymous but for the origins. */
export const tradeElement = ({ asset, selling, deal, trade }: Part) => {
  // The order ids are told only where they stand in the asset's own market, and its residual only if both do.
  const here = deal.bid.market === trade.market;
  const residual = selling ? deal.offerResidual : deal.bidResidual;
  const residualId = here && residual !== undefined ? residual.id : NONE;
  return {
    event: 'trade',
    asset_id: asset.uuid,
    trade_id: trade.id,
    time: `${new Date(trade.timeMs).toISOString().slice(0, 19)}+00:00`,
    trade_price: trade.rate * trade.energyKWh,
    traded_energy: trade.energyKWh,
    total_fee: trade.feeRate * trade.energyKWh,
    local_market_fee: trade.market.last?.fee ?? NONE,
    seller: selling ? asset.name : 'anonymous',
    buyer: selling ? 'anonymous' : asset.name,
    seller_origin: trade.sellerOrigin.name,
    buyer_origin: trade.buyerOrigin.name,
    bid_id: here ? deal.bid.id : selling ? NONE : rootOf(deal.bid).id,
    offer_id: here ? deal.offer.id : selling ? rootOf(deal.offer).id : NONE,
    residual_bid_id: residualId,
    residual_offer_id: residualId,
  };
};

const NONE = 'None';
