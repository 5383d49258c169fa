import type { Area, AssetArea, MarketArea, MarketType, Trade } from './areas.ts';
import type { AssetSpec } from './community.ts';
import type { Trading } from './trading.ts';

/** What an asset has come to: energy in kWh, money in cents. */
export interface AssetResult {
  readonly uuid: string;
  readonly name: string;
  /** From the root: `Grid/House 1/Load`. */
  readonly path: string;
  readonly type: AssetSpec['type'];
  readonly boughtKWh: number;
  readonly soldKWh: number;
  /** What it paid, its market's fee included. */
  readonly paidCents: number;
  /** What it got, after its market's fee. */
  readonly earnedCents: number;
  /** What it needed, and what it produced, in all slots so far; a market maker neither needs nor produces. */
  readonly demandKWh: number;
  readonly productionKWh: number;
}

/** A trade as its market saw it. A deal between distant assets is one trade in each market between them. */
export interface TradeResult {
  readonly id: string;
  /** The market's path. */
  readonly market: string;
  /** Whether it was made while its slot ran, or before or after. */
  readonly marketType: MarketType;
  /** The slot whose energy it is, `YYYY-MM-DDTHH:mm`, UTC. */
  readonly slot: string;
  /** `YYYY-MM-DDTHH:mm:ss`, UTC. */
  readonly time: string;
  /** cents/kWh, the market's fee included. */
  readonly rate: number;
  readonly energyKWh: number;
  readonly feeCents: number;
  /** The asset, or the area whose agent trades for assets beyond it. */
  readonly seller: string;
  readonly sellerOrigin: string;
  readonly buyer: string;
  readonly buyerOrigin: string;
}

/** What a market has come to. */
export interface MarketResult {
  readonly uuid: string;
  readonly name: string;
  readonly path: string;
  readonly feesCents: number;
  readonly trades: readonly TradeResult[];
}

/** What a run has come to so far. */
export interface Results {
  readonly assets: readonly AssetResult[];
  readonly markets: readonly MarketResult[];
  /** How many messages and commands would have ended or deafened the real exchange. */
  readonly dangers: number;
}

/** The results of a run as far as it has gone, summed up from its trades. */
export const resultsOf = ({ grid, trades }: Trading, dangers: number): Results => {
  const byMarket = grouped(trades, ({ market }) => market);
  const byBuyer = grouped(trades, ({ buyer }) => buyer);
  const bySeller = grouped(trades, ({ seller }) => seller);
  return {
    assets: grid.assets.map((asset) =>
      assetResult(asset, byBuyer.get(asset) ?? [], bySeller.get(asset) ?? []),
    ),
    markets: grid.markets.map((market) => marketResult(market, byMarket.get(market) ?? [])),
    dangers,
  };
};

const grouped = (
  trades: readonly Trade[],
  key: (trade: Trade) => Area,
): ReadonlyMap<Area, readonly Trade[]> => {
  const groups = new Map<Area, Trade[]>();
  for (const trade of trades) {
    const group = groups.get(key(trade));
    if (group === undefined) groups.set(key(trade), [trade]);
    else group.push(trade);
  }
  return groups;
};

const pathOf = (area: Area): string =>
  area.parent === undefined ? area.name : `${pathOf(area.parent)}/${area.name}`;

const sum = (trades: readonly Trade[], amount: (trade: Trade) => number): number =>
  trades.reduce((total, trade) => total + amount(trade), 0);
const energyOf = ({ energyKWh }: Trade): number => energyKWh;
const priceOf = ({ rate, energyKWh }: Trade): number => rate * energyKWh;
const feeOf = ({ feeRate, energyKWh }: Trade): number => feeRate * energyKWh;

const assetResult = (asset: AssetArea, bought: readonly Trade[], sold: readonly Trade[]): AssetResult => ({
  uuid: asset.uuid,
  name: asset.name,
  path: pathOf(asset),
  type: asset.spec.type,
  boughtKWh: sum(bought, energyOf),
  soldKWh: sum(sold, energyOf),
  paidCents: sum(bought, priceOf),
  earnedCents: sum(sold, priceOf) - sum(sold, feeOf),
  demandKWh: asset.demandKWh,
  productionKWh: asset.productionKWh,
});

const marketResult = (market: MarketArea, trades: readonly Trade[]): MarketResult => ({
  uuid: market.uuid,
  name: market.name,
  path: pathOf(market),
  feesCents: sum(trades, feeOf),
  trades: trades.map(tradeResult),
});

const tradeResult = (trade: Trade): TradeResult => ({
  id: trade.id,
  market: pathOf(trade.market),
  marketType: trade.marketType,
  slot: trade.slot,
  time: new Date(trade.timeMs).toISOString().slice(0, 19),
  rate: trade.rate,
  energyKWh: trade.energyKWh,
  feeCents: feeOf(trade),
  seller: trade.seller.name,
  sellerOrigin: trade.sellerOrigin.name,
  buyer: trade.buyer.name,
  buyerOrigin: trade.buyerOrigin.name,
});
