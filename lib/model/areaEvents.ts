import type { AssetBill, MarketStats } from './grid.ts';
import type { AssetInfo } from './replies.ts';

interface AreaEventBase {
  readonly kind: 'area-event';
  /** What the area's channels begin with: an asset's name, a market's slug. */
  readonly channelName: string;
  readonly areaUuid?: string;
}

/** A new slot has opened for an asset that is connected without an aggregator; sent before the slot's first tick. */
export interface AreaMarketSlot extends AreaEventBase {
  readonly event: 'market-slot';
  /** `YYYY-MM-DDTHH:mm`, UTC. */
  readonly slot: string;
  readonly info: AssetInfo;
  /** What the grid asked for energy in the last slot, cents/kWh; undefined in the first. */
  readonly marketMakerRate?: number;
  readonly lastStats?: MarketStats;
  readonly bill?: AssetBill;
}

/** A tenth of a slot has passed. */
export interface AreaTick extends AreaEventBase {
  readonly event: 'tick';
  readonly slot: string;
  /** How much of the slot has passed, 0 to 1. */
  readonly progress: number;
  readonly info: AssetInfo;
}

/** The asset bought or sold. */
export interface AreaTrade extends AreaEventBase {
  readonly event: 'trade';
  readonly info: AssetInfo;
  readonly tradeId: string;
  readonly side: 'bought' | 'sold';
  /** ISO 8601 with offset, simulation time. */
  readonly time: string;
  readonly energyKWh: number;
  /** The whole price, not a rate. */
  readonly priceCents: number;
  readonly feeCents: number;
  readonly bidId?: string;
  readonly offerId?: string;
  /** What a partly traded order goes on under; it may be the other party's. */
  readonly residualId?: string;
}

/** The simulation has ended; markets without an aggregator hear only this. */
export interface AreaFinished extends AreaEventBase {
  readonly event: 'finished';
}

/** An event of one asset or market that is connected without an aggregator. */
export type AreaEvent = AreaMarketSlot | AreaTick | AreaTrade | AreaFinished;
