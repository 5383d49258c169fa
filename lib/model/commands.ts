/** What was decided of a command before it came to the sink, which never sends it and makes this its outcome. */
export type Withheld =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'superseded'; readonly by: Command };

interface CommandBase {
  /** The uuid of the asset or market that the command is for. */
  readonly areaUuid: string;
  /** Set by guards and by `supersede`, which so lose no command; whoever finds it set lets the command pass untouched. */
  readonly withheld?: Withheld;
}

/** The four energy types that degrees of freedom distinguish. */
export type EnergyType = 'PV' | 'Grid' | 'Load' | 'Storage';

/** What an order says of its energy (degrees of freedom). */
export interface OrderAttributes {
  readonly energyType?: EnergyType;
}

/** One acceptable match for an order (degrees of freedom); one satisfied requirement suffices. */
export interface OrderRequirement {
  /** Uuids of acceptable trading partners. */
  readonly tradingPartners?: readonly string[];
  readonly energyTypes?: readonly EnergyType[];
  readonly energyKWh?: number;
  /** The rate at which this requirement may be met, cents/kWh. */
  readonly rate?: number;
}

interface OrderBase extends CommandBase {
  readonly energyKWh: number;
  /** The whole price, not a rate. */
  readonly priceCents: number;
  /** Deletes the asset's open orders of the same side and slot first. */
  readonly replaceExisting: boolean;
  /** A settlement slot that the newest event lists; undefined for the running spot slot. */
  readonly timeSlot?: string;
  /** Sent only to an exchange that declares degrees of freedom. */
  readonly attributes?: OrderAttributes;
  readonly requirements?: readonly OrderRequirement[];
}

/** Buys energy. */
export interface Bid extends OrderBase {
  readonly kind: 'bid';
}
/** Sells energy. */
export interface Offer extends OrderBase {
  readonly kind: 'offer';
}

/** Which of the asset's orders: one by its id, or all of them. */
export type OrderChoice = 'all' | { readonly id: string };

interface SlotBound extends CommandBase {
  readonly timeSlot?: string;
}
/** Deletes one open bid or all of an asset's. */
export interface DeleteBid extends SlotBound {
  readonly kind: 'delete-bid';
  readonly orders: OrderChoice;
}
/** Deletes one open offer or all of an asset's. */
export interface DeleteOffer extends SlotBound {
  readonly kind: 'delete-offer';
  readonly orders: OrderChoice;
}
/** Asks for an asset's open bids. */
export interface ListBids extends SlotBound {
  readonly kind: 'list-bids';
}
/** Asks for an asset's open offers. */
export interface ListOffers extends SlotBound {
  readonly kind: 'list-offers';
}
/** Asks for an asset's energies. */
export interface AskAssetInfo extends CommandBase {
  readonly kind: 'asset-info';
}
/** Asks for a market's figures of its last finished slot. */
export interface AskDsoMarketStats extends CommandBase {
  readonly kind: 'dso-market-stats';
}
/** Sets a market's grid fee, in cents/kWh or in percent as the run has it. */
export interface ChangeGridFees extends CommandBase {
  readonly kind: 'grid-fees';
  readonly fee: { readonly centsPerKWh: number } | { readonly percent: number };
}
/** Energies in kWh by slot, `YYYY-MM-DDTHH:mm`. */
export type EnergyProfileKWh = Readonly<Record<string, number>>;
/** Tells what an asset will consume or produce. */
export interface SetEnergyForecast extends CommandBase {
  readonly kind: 'set-energy-forecast';
  readonly energyKWh: EnergyProfileKWh;
}
/** Tells what an asset has consumed or produced. */
export interface SetEnergyMeasurement extends CommandBase {
  readonly kind: 'set-energy-measurement';
  readonly energyKWh: EnergyProfileKWh;
}

/** Everything a strategy can ask of the exchange. */
export type Command =
  | Bid
  | Offer
  | DeleteBid
  | DeleteOffer
  | ListBids
  | ListOffers
  | AskAssetInfo
  | AskDsoMarketStats
  | ChangeGridFees
  | SetEnergyForecast
  | SetEnergyMeasurement;
