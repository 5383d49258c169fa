import type { Profile } from './shapes.ts';

interface AssetBase {
  /** Unique beside its siblings. */
  readonly name: string;
  /** Whether clients may control it; true unless said otherwise. */
  readonly external?: boolean;
}

/** Where the exchange's own strategy starts and ends in a slot, cents/kWh; from the market maker's rates by default. */
interface RateRange {
  readonly initialRate?: number;
  readonly finalRate?: number;
}

/** A consumer. */
export type LoadSpec = AssetBase & RateRange & Profile & { readonly type: 'load' };
/** A producer. */
export type PvSpec = AssetBase & RateRange & Profile & { readonly type: 'pv' };

/** A battery. */
export interface StorageSpec extends AssetBase {
  readonly type: 'storage';
  readonly capacityKWh: number;
  readonly maxPowerKW: number;
  /** State of charge at the start, 50 unless said otherwise. */
  readonly initialSocPercent?: number;
  /** Never sold below this, 10 unless said otherwise. */
  readonly minSocPercent?: number;
  /** Never charged above this, 100 unless said otherwise. */
  readonly maxSocPercent?: number;
  /** What of the energy bought can be sold again, 100 unless said otherwise. */
  readonly efficiencyPercent?: number;
  readonly initialBuyRate?: number;
  readonly finalBuyRate?: number;
  readonly initialSellRate?: number;
  readonly finalSellRate?: number;
}

/** A connection point: powers above 0 are consumed, below 0 produced. */
export interface SmartMeterSpec extends AssetBase {
  readonly type: 'smart-meter';
  readonly powerW: readonly number[];
  readonly initialBuyRate?: number;
  readonly finalBuyRate?: number;
  readonly initialSellRate?: number;
  readonly finalSellRate?: number;
}

/** The grid beyond: sells and buys without limit at fixed rates (the exchange's infinite bus). */
export interface MarketMakerSpec {
  readonly type: 'market-maker';
  readonly name: string;
  /** What it pays, cents/kWh: the feed-in tariff. */
  readonly buyRate: number;
  /** What it asks, cents/kWh: the market maker rate. */
  readonly sellRate: number;
}

/** A leaf of the grid: what consumes, produces, stores, or stands for the grid beyond. */
export type AssetSpec = LoadSpec | PvSpec | StorageSpec | SmartMeterSpec | MarketMakerSpec;

/** An area with a market of its own. */
export interface AreaSpec {
  /** Unique beside its siblings. */
  readonly name: string;
  /** Whether clients may select its market; true unless said otherwise. */
  readonly external?: boolean;
  /** cents/kWh; none unless said otherwise. */
  readonly gridFee?: number;
  readonly areas?: readonly AreaSpec[];
  readonly assets?: readonly AssetSpec[];
}

/** A community as data: the grid, and the run that is made of it. */
export interface Community {
  /** `YYYY-MM-DD`; the first slot begins at its midnight, UTC. */
  readonly startDate: string;
  readonly slots: number;
  readonly slotLengthMinutes: number;
  readonly tickLengthSeconds: number;
  /** How often the exchange's own strategies change their rates; every minute unless said otherwise. */
  readonly updateIntervalMinutes?: number;
  /** The root of the areas. */
  readonly grid: AreaSpec;
}

/** Ticks in one slot. */
export const ticksPerSlot = (community: Community): number =>
  Math.round((community.slotLengthMinutes * 60) / community.tickLengthSeconds);
