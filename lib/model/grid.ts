/*
 * The grid as a strategy sees it. Everything in the model is a readonly value: energies are kWh, money is cents,
 * rates are cents/kWh, and the names say so. Slots are the exchange's own UTC texts, `YYYY-MM-DDTHH:mm`.
 */

/** Sums over trades: energy in kWh, money in cents. */
export interface TradeTotals {
  readonly boughtKWh: number;
  readonly soldKWh: number;
  readonly spentCents: number;
  readonly earnedCents: number;
}

/** An asset's bill since the start of the run; present only where the exchange exports results. */
export interface AssetBill extends TradeTotals {
  readonly totalEnergyKWh: number;
  readonly totalCostCents: number;
  readonly marketFeeCents: number;
}

/** What was traded in a market during its last finished slot. The rates are undefined when nothing was. */
export interface MarketStats {
  readonly minRate?: number;
  readonly maxRate?: number;
  readonly averageRate?: number;
  readonly medianRate?: number;
  readonly tradedEnergyKWh?: number;
}

interface AreaBase {
  readonly uuid: string;
  /** Names may repeat; only uuids are unique. */
  readonly name: string;
  /** Undefined for the root. */
  readonly parentUuid?: string;
}

/** An area with a market of its own: a grid, a community, a house. */
export interface MarketArea extends AreaBase {
  readonly kind: 'market';
  readonly childUuids: readonly string[];
  /** The grid fee now configured, in the unit that `Grid.feeUnit` names; undefined when the market has none. */
  readonly currentFee?: number;
  /** The grid fee of the last finished slot, in the same unit; undefined before the first slot has finished. */
  readonly lastFee?: number;
  readonly lastStats?: MarketStats;
  /** Undefined where the exchange exports no results. */
  readonly accumulatedTrades?: TradeTotals;
  readonly externalTrades?: TradeTotals;
}

/** What every asset under this client's control has. */
export interface OwnedAssetBase extends AreaBase {
  /** What the asset traded in its last finished slot. */
  readonly lastSlot?: { readonly energyTradedKWh: number; readonly totalCostCents: number };
  readonly bill?: AssetBill;
}

/** What a load, PV or storage has traded in the running slot. */
interface TradedSoFar {
  readonly energyTradedKWh: number;
  readonly totalCostCents: number;
}

/**
 * Deviations of past slots still open in the settlement market, in kWh by slot: positive must be bought, negative
 * sold, undefined is not measured yet.
 */
export type UnsettledDeviations = ReadonlyMap<string, number | undefined>;

/** A consumer. Its requirement shrinks with trades, not with bids. */
export interface Load extends OwnedAssetBase, TradedSoFar {
  readonly kind: 'load';
  readonly energyRequirementKWh: number;
  readonly energyActiveInBidsKWh: number;
  readonly unsettledDeviationsKWh?: UnsettledDeviations;
}

/** A producer. */
export interface Pv extends OwnedAssetBase, TradedSoFar {
  readonly kind: 'pv';
  readonly availableEnergyKWh: number;
  readonly energyActiveInOffersKWh: number;
  readonly unsettledDeviationsKWh?: UnsettledDeviations;
}

/** A battery. What it can still buy and sell shrinks with its open orders; the `tradable` sums do not. */
export interface Storage extends OwnedAssetBase, TradedSoFar {
  readonly kind: 'storage';
  readonly energyToBuyKWh: number;
  readonly energyToSellKWh: number;
  readonly energyActiveInBidsKWh: number;
  readonly energyActiveInOffersKWh: number;
  /** What a replacing bid may ask for: `energyToBuyKWh + energyActiveInBidsKWh`. */
  readonly tradableToBuyKWh: number;
  /** What a replacing offer may hold: `energyToSellKWh + energyActiveInOffersKWh`. */
  readonly tradableToSellKWh: number;
  readonly freeStorageKWh: number;
  readonly usedStorageKWh: number;
}

/** A connection point that consumes in one slot and produces in another. */
export interface SmartMeter extends OwnedAssetBase {
  readonly kind: 'smart-meter';
  readonly energyRequirementKWh: number;
  readonly availableEnergyKWh: number;
}

/** An asset that another aggregator or the exchange itself controls: only its name is told. */
export interface ForeignAsset extends AreaBase {
  readonly kind: 'foreign';
}

/** An asset under this client's control. */
export type OwnedAsset = Load | Pv | Storage | SmartMeter;
/** A leaf of the grid. */
export type Asset = OwnedAsset | ForeignAsset;
/** The four kinds of assets that trade. */
export type AssetKind = OwnedAsset['kind'];
/** A node of the grid. */
export type Area = MarketArea | Asset;

/** The unit of every grid fee in a run. */
export type FeeUnit = 'cents/kWh' | 'percent';

/** A snapshot of the grid at the moment of one event. It is empty during the whole first slot. */
export interface Grid {
  readonly feeUnit: FeeUnit;
  /** Parents before children. */
  readonly areas: readonly Area[];
  readonly root: Area | undefined;
  readonly markets: readonly MarketArea[];
  /** The assets under this client's control. */
  readonly assets: readonly OwnedAsset[];
  /** The area of this uuid, if there is one. */
  byUuid(uuid: string): Area | undefined;
  /** All areas of this name: names may repeat. */
  byName(name: string): readonly Area[];
  /**
   * The one area of this name or uuid.
   * @throws GsyError `ERR_GSY_UNKNOWN_AREA` when there is none, `ERR_GSY_AMBIGUOUS_NAME` with all uuids when several.
   */
  area(nameOrUuid: string): Area;
  /** The area's children, in the exchange's order; empty for an asset. */
  children(nameOrUuid: string): readonly Area[];
  /** The area itself, its parent, and so on up to the root. */
  pathToRoot(nameOrUuid: string): readonly Area[];
}
