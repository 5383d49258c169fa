import type { Load, MarketStats, OwnedAssetBase, Pv, SmartMeter, Storage, TradeTotals } from './grid.ts';

/** An order as the exchange describes it in a reply. */
export interface Order {
  readonly side: 'bid' | 'offer';
  readonly id: string;
  readonly energyKWh: number;
  /** cents/kWh; with the market's fee for offers. */
  readonly rate: number;
  readonly priceCents: number;
  readonly originalPriceCents: number;
  /** UTC, `YYYY-MM-DDTHH:mm:ss`. */
  readonly createdAt: string;
  /** `YYYY-MM-DDTHH:mm`, UTC. */
  readonly slot: string;
  readonly traderName: string;
  readonly traderUuid: string;
}

/** An order as `listBids` and `listOffers` show it. */
export interface ListedOrder {
  readonly id: string;
  readonly energyKWh: number;
  readonly priceCents: number;
}

/** The energies of an asset, as `assetInfo` gives them. */
export type AssetInfo =
  | Omit<Load, keyof OwnedAssetBase>
  | Omit<Pv, keyof OwnedAssetBase>
  | Omit<Storage, keyof OwnedAssetBase>
  | Omit<SmartMeter, keyof OwnedAssetBase>;

/** A market's figures for its last finished slot, as a grid operator gets them; all undefined before the first. */
export interface DsoMarketStats extends MarketStats {
  readonly feeRevenueCents?: number;
  readonly importKWh?: number;
  readonly exportKWh?: number;
  readonly selfSufficiency?: number;
  readonly selfConsumption?: number;
  readonly accumulatedTrades?: TradeTotals;
}

/** What the exchange granted to one command. */
export type Granted =
  | {
      readonly command: 'bid' | 'offer';
      readonly order: Order;
      readonly marketType: string;
      readonly message: string;
    }
  | { readonly command: 'delete-bid' | 'delete-offer'; readonly deletedIds: readonly string[] }
  | { readonly command: 'list-bids' | 'list-offers'; readonly orders: readonly ListedOrder[] }
  | { readonly command: 'asset-info'; readonly info: AssetInfo }
  | { readonly command: 'set-energy-forecast' | 'set-energy-measurement' }
  | { readonly command: 'grid-fees'; readonly feeConstant?: number; readonly feePercent?: number }
  | { readonly command: 'dso-market-stats'; readonly areaName: string; readonly stats: DsoMarketStats };

/** The exchange's reply to one command: what it granted, or why it refused. */
export type CommandReply =
  | { readonly status: 'ready'; readonly granted: Granted }
  | { readonly status: 'error'; readonly reason: string };
