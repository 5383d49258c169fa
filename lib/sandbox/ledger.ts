import type { Area, AssetArea, MarketArea, Totals, Trade } from './areas.ts';
import type { Deal } from './deals.ts';

/**
 * Enters a deal into the energies of its two assets, and where it is about the running slot into the trades of every
 * market on the way. Settlement counts towards the slot that is settled alone: no figure of a market tells of it.
 */
export const enter = ({ trades, offer, offerResidual }: Deal): void => {
  for (const trade of trades) {
    const isSpot = trade.marketType === 'spot';
    if (isSpot) trade.market.trades.push(trade);
    for (const trader of [trade.buyer, trade.seller]) {
      if (trader.kind !== 'asset') continue;
      if (isSpot) addToSlot(trader, trade);
      else settle(trader, trade);
    }
    if (isSpot && offerResidual === undefined && offer.source === undefined)
      offer.origin.tradedOfferIds.add(offer.id);
  }
};

/** A storage has no deviation to settle: what it buys or sells for a past slot it takes in or gives now. */
const settle = (asset: AssetArea, { buyer, slot, energyKWh }: Trade): void => {
  const delivery = asset.deliveries?.get(slot);
  if (delivery === undefined) addToCharge(asset, buyer === asset, energyKWh);
  else delivery.tradedKWh += buyer === asset ? energyKWh : -energyKWh;
};

/** In a market its children's trades are one account, those of its own agent the other. */
const totalsOf = (trader: Area, market: MarketArea): Totals =>
  trader === market ? market.beyond : market.accumulated;

/** Bills leave the market's fee out of the price; assets have it as a figure of its own. */
const addTo = (totals: Totals, trade: Trade, trader: Area): void => {
  const cents = (trade.rate - trade.feeRate) * trade.energyKWh;
  if (trader === trade.buyer) {
    totals.boughtKWh += trade.energyKWh;
    totals.spentCents += cents;
  } else {
    totals.soldKWh += trade.energyKWh;
    totals.earnedCents += cents;
  }
};

const addToSlot = (asset: AssetArea, { buyer, energyKWh, rate }: Trade): void => {
  asset.slot.energyKWh += energyKWh;
  asset.slot.costCents += rate * energyKWh;
  addToCharge(asset, buyer === asset, energyKWh);
};

const addToCharge = ({ energy }: AssetArea, buys: boolean, energyKWh: number): void => {
  if (buys) energy.bought(energyKWh);
  else energy.sold(energyKWh);
};

const addToBills = (trade: Trade): void => {
  for (const trader of [trade.buyer, trade.seller]) {
    addTo(totalsOf(trader, trade.market), trade, trader);
    if (trader.kind === 'asset') addTo(trader.bill, trade, trader);
  }
  if (trade.buyer.kind === 'asset') trade.buyer.bill.feesCents += trade.feeRate * trade.energyKWh;
};

/** Turns the running slot's figures into those of the last one; bills are made up only now. */
export const closeSlot = (markets: readonly MarketArea[], assets: readonly AssetArea[]): void => {
  for (const market of markets) {
    for (const trade of market.trades) addToBills(trade);
    market.last = { trades: market.trades, fee: market.slotFee };
    market.trades = [];
  }
  for (const asset of assets) {
    asset.lastSlot = asset.slot;
    asset.slot = { energyKWh: 0, costCents: 0 };
    asset.tradedOfferIds.clear();
  }
};

/** What a market's last finished slot was like. */
export interface Statistics {
  readonly minRate: number;
  readonly maxRate: number;
  readonly averageRate: number;
  readonly medianRate: number;
  readonly energyKWh: number;
}

/** Statistics over trades, each trade counting once whatever its energy; undefined when there are none. */
export const statistics = (trades: readonly Trade[]): Statistics | undefined => {
  if (trades.length === 0) return undefined;
  const rates = trades.map((trade) => trade.rate).sort((one, other) => one - other);
  const at = (index: number): number => rates[index] ?? 0;
  const middle = (rates.length - 1) / 2;
  return {
    minRate: at(0),
    maxRate: at(rates.length - 1),
    averageRate: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    medianRate: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    energyKWh: trades.reduce((sum, trade) => sum + trade.energyKWh, 0),
  };
};
