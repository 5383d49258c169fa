import type { Grid } from './grid.ts';
import type { CommandReply } from './replies.ts';

interface EventBase {
  /** The grid as it was at this event. */
  readonly grid: Grid;
  /** Set only on a hosted exchange. */
  readonly simulationId?: string;
}

interface SlotMoment extends EventBase {
  /** The market slot, `YYYY-MM-DDTHH:mm`, UTC. */
  readonly slot: string;
  /** How much of the slot has passed, 0 to 1. */
  readonly progress: number;
  /** What the grid pays for energy, cents/kWh; undefined in the first slot and where nobody buys at the root. */
  readonly feedInTariffRate?: number;
  /** What the grid asks for energy, cents/kWh; undefined in the first slot. */
  readonly marketMakerRate?: number;
}

/** A new market slot has opened. */
export interface MarketSlot extends SlotMoment {
  readonly kind: 'market-slot';
}

/** A tenth of a slot has passed. */
export interface Tick extends SlotMoment {
  readonly kind: 'tick';
}

/** One of the client's assets bought or sold. */
export interface Trade extends EventBase {
  readonly kind: 'trade';
  readonly tradeId: string;
  readonly assetUuid: string;
  readonly assetName: string;
  /** `ambiguous` when both sides carry the asset's own name and its kind does not tell. */
  readonly side: 'bought' | 'sold' | 'ambiguous';
  /** ISO 8601 with offset, simulation time. */
  readonly time: string;
  readonly energyKWh: number;
  /** The whole price, not a rate. */
  readonly priceCents: number;
  /** `priceCents / energyKWh`. */
  readonly rate: number;
  readonly feeCents: number;
  /** The fee rate of the asset's last finished market; undefined in the first slot. */
  readonly localMarketFee?: number;
  readonly sellerOrigin: string;
  readonly buyerOrigin: string;
  /** Undefined when the match happened in a higher market and this is the other side's order. */
  readonly bidId?: string;
  readonly offerId?: string;
  /** What a partly traded order goes on under; it may be the other party's. */
  readonly residualBidId?: string;
  readonly residualOfferId?: string;
}

/** The simulation has ended. */
export interface Finished extends EventBase {
  readonly kind: 'finished';
}

/** The exchange's reply to a batch: per area, one reply per command in the order sent. */
export interface BatchResponse extends EventBase {
  readonly kind: 'batch-response';
  readonly transactionId: string;
  readonly aggregatorUuid: string;
  readonly replies: ReadonlyMap<string, readonly CommandReply[]>;
}

/** Everything a market says, in order of arrival. */
export type MarketEvent = MarketSlot | Tick | Trade | Finished | BatchResponse;
/** The two events at which strategies usually act. */
export type SlotEvent = MarketSlot | Tick;
