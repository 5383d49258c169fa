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
  const maker = grid.root.last === undefined ? undefined : marketMaker(grid.root);
  return {
    grid_tree: grid.root.last === undefined ? {} : { [grid.root.uuid]: node(grid.root, aggregatorUuid) },
    feed_in_tariff_rate: maker?.buyRate ?? null,
    market_maker_rate: maker?.sellRate ?? null,
  };
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

const KIND_NAMES = {
  load: 'Load',
  pv: 'PV',
  storage: 'Storage',
  'smart-meter': 'SmartMeter',
  'market-maker': 'InfiniteBus',
} as const;

const billJson = ({ bill, spec }: AssetArea): JsonObject => ({
  bought: bill.boughtKWh,
  sold: bill.soldKWh,
  spent: bill.spentCents / 100,
  earned: bill.earnedCents / 100,
  total_energy: bill.boughtKWh - bill.soldKWh,
  total_cost: (bill.spentCents + bill.feesCents - bill.earnedCents) / 100,
  market_fee: bill.feesCents / 100,
  type: KIND_NAMES[spec.type],
});

/** The elements of a trade event that a deal gives to the assets of an aggregator: the seller's, then the buyer's. */
export const tradesFor = (deal: Deal, aggregatorUuid: string): readonly JsonObject[] => {
  const ours = (asset: AssetArea): boolean => asset.external && asset.aggregatorUuid === aggregatorUuid;
  const [bought, sold] = [deal.trades[0], deal.trades.at(-1)];
  return [
    ...(sold !== undefined && ours(sold.sellerOrigin) ? [element(deal, sold, sold.sellerOrigin)] : []),
    ...(bought !== undefined && ours(bought.buyerOrigin) ? [element(deal, bought, bought.buyerOrigin)] : []),
  ];
};

/** The order ids are told only where they stand in the asset's own market, and its residual only if both do. */
const element = (deal: Deal, trade: Trade, asset: AssetArea): JsonObject => {
  const selling = asset === trade.seller;
  const here = deal.bid.market === trade.market;
  const own = selling ? deal.trades.at(-1) : deal.trades[0];
  const residual = selling ? deal.offerResidual : deal.bidResidual;
  const residualId = here && residual !== undefined ? residual.id : NONE;
  return {
    event: 'trade',
    asset_id: asset.uuid,
    trade_id: own?.id,
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
