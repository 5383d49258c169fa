import { rootOf, type AssetArea, type Trade } from './areas.ts';
import type { JsonObject } from './json.ts';
import type { Deal } from './deals.ts';

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
  // A meter's bill calls it an area, as in the real exchange.
  type: spec.type === 'smart-meter' ? 'Area' : KIND_NAMES[spec.type],
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
  const residual = selling || deal.oneSided ? deal.offerResidual : deal.bidResidual;
  const residualId = here && residual !== undefined ? residual.id : NONE;
  const bidId = here ? deal.bid.id : selling ? NONE : rootOf(deal.bid).id;
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
    // In a one-sided market there was none.
    bid_id: deal.oneSided ? NONE : bidId,
    offer_id: here ? deal.offer.id : selling ? rootOf(deal.offer).id : NONE,
    residual_bid_id: deal.oneSided ? NONE : residualId,
    residual_offer_id: residualId,
  };
};

const NONE = 'None';
