import type { FeeUnit } from '../model/grid.ts';
import type { RateByTime, TimedProfile } from './profile.ts';
import type { ShapeName } from './shapes.ts';

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

/** The same for what both buys and sells. */
interface BothRateRanges {
  readonly initialBuyRate?: number;
  readonly finalBuyRate?: number;
  readonly initialSellRate?: number;
  readonly finalSellRate?: number;
}

/** Average powers, spread evenly over a day: one is a flat line, 24 are the hours. */
export interface EvenProfile {
  readonly powerW: readonly number[];
}

/** A built-in curve, scaled to a day's energy. */
export interface ShapedProfile {
  readonly shape: ShapeName;
  readonly energyKWhPerDay: number;
}

/** Powers or energies as they were measured or forecast. */
export interface MeasuredProfile {
  readonly profile: TimedProfile;
}

/** What an asset consumes or produces, and when. */
export type Profile = EvenProfile | ShapedProfile | MeasuredProfile;

/** A device that runs at one power, in certain hours (the exchange's load by hours). */
export interface HoursProfile {
  readonly averagePowerW: number;
  /** The hours in which it may run, 0 to 23; all unless said otherwise. */
  readonly hoursOfDay?: readonly number[];
  /** It stops for the day when it has bought the energy of so many hours; without a limit unless said otherwise. */
  readonly hoursPerDay?: number;
}

/** Panels by their peak power, with the exchange's own curve. */
export interface PanelProfile {
  /** Of each panel, or of all if they are one to the community. */
  readonly peakPowerKW: number;
  /** 1 unless said otherwise. */
  readonly panelCount?: number;
}

/** Energies that clients forecast slot by slot, and measure afterwards; none where nobody has. */
export interface ForecastProfile {
  readonly forecast: true;
}

/** A consumer. */
export type LoadSpec = AssetBase &
  RateRange &
  (Profile | HoursProfile | ForecastProfile) & { readonly type: 'load' };
/** A producer. */
export type PvSpec = AssetBase &
  RateRange &
  (Profile | PanelProfile | ForecastProfile) & { readonly type: 'pv' };
/** A connection point: powers above 0 are consumed, below 0 produced. */
export type SmartMeterSpec = AssetBase &
  BothRateRanges &
  (EvenProfile | MeasuredProfile) & { readonly type: 'smart-meter' };

/** A battery. */
export interface StorageSpec extends AssetBase, BothRateRanges {
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
}

/** The grid beyond: sells without limit, and buys too where it says at what rate (then the exchange's infinite bus). */
export interface MarketMakerSpec {
  readonly type: 'market-maker';
  readonly name: string;
  /** What it pays, cents/kWh: the feed-in tariff. Without it, it buys nothing. */
  readonly buyRate?: RateByTime;
  /** What it asks, cents/kWh: the market maker rate. */
  readonly sellRate: RateByTime;
}

/** A leaf of the grid: what consumes, produces, stores, or stands for the grid beyond. */
export type AssetSpec = LoadSpec | PvSpec | StorageSpec | SmartMeterSpec | MarketMakerSpec;

/** How bids and offers meet while a slot runs. */
export type SpotMarketType = 'two-sided-pay-as-bid' | 'two-sided-pay-as-clear' | 'one-sided-pay-as-offer';

/** An area with a market of its own. */
export interface AreaSpec {
  /** Unique beside its siblings. */
  readonly name: string;
  /** Whether clients may select its market; true unless said otherwise. */
  readonly external?: boolean;
  /** In the community's unit of fees; none unless said otherwise. */
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
  /** Two-sided pay-as-bid unless said otherwise. */
  readonly spotMarketType?: SpotMarketType;
  /** What grid fees are given in: cents/kWh unless said otherwise, or percent of what the seller gets. */
  readonly gridFeeUnit?: FeeUnit;
  /** How long the deviations of a slot can be settled after its end; not at all unless said otherwise. */
  readonly settlementHours?: number;
  /** How far ahead slots are open for bids; only the running slot unless said otherwise. */
  readonly futureHours?: number;
  /**
   * Whether orders' attributes and requirements count: true matches by them, false drops them with a word. Unless it is
   * said they would end the exchange, as they do with the real one's defaults.
   */
  readonly degreesOfFreedom?: boolean;
  /** The root of the areas. */
  readonly grid: AreaSpec;
}

/** The slots of a run: which days they are, and how long. */
export type Slots = Pick<Community, 'startDate' | 'slots' | 'slotLengthMinutes'>;

/** Ticks in one slot. */
export const ticksPerSlot = (community: Community): number =>
  Math.round((community.slotLengthMinutes * 60) / community.tickLengthSeconds);

/** When the first slot begins, ms of Unix time. */
export const startOf = ({ startDate }: Slots): number => Date.parse(`${startDate}T00:00:00Z`);
