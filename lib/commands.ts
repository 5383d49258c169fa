import { extended } from './extended.ts';
import type {
  AskAssetInfo,
  AskDsoMarketStats,
  Bid,
  ChangeGridFees,
  DeleteBid,
  DeleteOffer,
  EnergyProfileKWh,
  ListBids,
  ListOffers,
  Offer,
  OrderAttributes,
  OrderChoice,
  OrderRequirement,
  SetEnergyForecast,
  SetEnergyMeasurement,
} from './model/commands.ts';

/** The smallest energy the exchange trades, kWh; an order must be above it (exchange protocol, checks on orders). */
export const SMALLEST_ENERGY_KWH = 2e-5;

/** What may be said of an order beyond its energy and its price. */
export interface OrderOptions {
  /** Whether the asset's open orders of the same side and slot are deleted first; true unless said otherwise. */
  readonly replaceExisting?: boolean;
  /** A past slot that is open in the settlement market, `YYYY-MM-DDTHH:mm`; leave it out for the running slot. */
  readonly timeSlot?: string;
  /** Needs an exchange with degrees of freedom; refused elsewhere. */
  readonly attributes?: OrderAttributes;
  /** Needs an exchange with degrees of freedom; refused elsewhere. */
  readonly requirements?: readonly OrderRequirement[];
}

/** Which slot's orders a command is about. */
export interface SlotOptions {
  /** A past slot that is open in the settlement market, `YYYY-MM-DDTHH:mm`; leave it out for the running slot. */
  readonly timeSlot?: string;
}

/**
 * Bids for energy at a whole price. Exchange protocol, batch commands.
 *
 * The sink refuses it when the energy is not above 0.00002 kWh, the price is negative, or either is not a finite
 * number; so do all constructors below for values that the exchange must not get.
 *
 * @param areaUuid the load, storage or smart meter that buys; a PV only in the settlement market
 * @param energyKWh energy in kWh
 * @param priceCents price of all of it, in cents
 * @example bidEnergy(load.uuid, 0.5, 12) // half a kWh for 12 cents: 24 cents/kWh
 */
export const bidEnergy = (
  areaUuid: string,
  energyKWh: number,
  priceCents: number,
  options?: OrderOptions,
): Bid => optioned({ kind: 'bid', areaUuid, energyKWh, priceCents, replaceExisting: true }, options);

// Most have none, and are made by the thousand.
const optioned = <O extends Bid | Offer>(order: O, options: OrderOptions | undefined): O =>
  options === undefined ? order : extended(order, options);

/**
 * Bids for energy at a rate, in cents/kWh; otherwise as `bidEnergy`.
 * @example bidEnergyRate(load.uuid, load.energyRequirementKWh, 24)
 */
export const bidEnergyRate = (
  areaUuid: string,
  energyKWh: number,
  rate: number,
  options?: OrderOptions,
): Bid => bidEnergy(areaUuid, energyKWh, energyKWh * rate, options);

/**
 * Offers energy at a whole price; the market adds its grid fee to it. Exchange protocol, batch commands.
 *
 * After one of the asset's offers was traded in full the exchange refuses replacing offers for the rest of the slot;
 * the sink then sends a delete of all and an adding offer in its place.
 *
 * @param areaUuid the PV, storage or smart meter that sells; a load only in the settlement market
 * @param energyKWh energy in kWh
 * @param priceCents price of all of it, in cents
 */
export const offerEnergy = (
  areaUuid: string,
  energyKWh: number,
  priceCents: number,
  options?: OrderOptions,
): Offer => optioned({ kind: 'offer', areaUuid, energyKWh, priceCents, replaceExisting: true }, options);

/** Offers energy at a rate, in cents/kWh; otherwise as `offerEnergy`. */
export const offerEnergyRate = (
  areaUuid: string,
  energyKWh: number,
  rate: number,
  options?: OrderOptions,
): Offer => offerEnergy(areaUuid, energyKWh, energyKWh * rate, options);

const choice = (bidOrOfferId: string): OrderChoice => (bidOrOfferId === 'all' ? 'all' : { id: bidOrOfferId });

/**
 * Deletes one bid by its id, or the asset's open bids of the slot with `'all'`. Exchange protocol, batch commands.
 * @example deleteBid(load.uuid, 'all')
 */
export const deleteBid = (areaUuid: string, bidId: string, options: SlotOptions = {}): DeleteBid => ({
  kind: 'delete-bid',
  areaUuid,
  orders: choice(bidId),
  ...options,
});

/**
 * Deletes one offer by its id, or the asset's open offers of the slot with `'all'`.
 *
 * An id that the exchange does not know would end its simulation, so an id is refused unless it is that of an
 * accepted offer of the running slot, and in the last fifth of a slot; `'all'` is always safe. Exchange protocol,
 * messages that must never be sent.
 */
export const deleteOffer = (areaUuid: string, offerId: string, options: SlotOptions = {}): DeleteOffer => ({
  kind: 'delete-offer',
  areaUuid,
  orders: choice(offerId),
  ...options,
});

/** Asks for the asset's open bids: a load, storage or smart meter. */
export const listBids = (areaUuid: string, options: SlotOptions = {}): ListBids => ({
  kind: 'list-bids',
  areaUuid,
  ...options,
});

/** Asks for the asset's open offers: a PV or smart meter; the exchange fails at storages. */
export const listOffers = (areaUuid: string, options: SlotOptions = {}): ListOffers => ({
  kind: 'list-offers',
  areaUuid,
  ...options,
});

/** Asks for an asset's energies of this moment. */
export const assetInfo = (areaUuid: string): AskAssetInfo => ({ kind: 'asset-info', areaUuid });

/** Asks for a market's figures of its last finished slot: rates, energy, fee revenue, import and export. */
export const lastMarketDsoStats = (areaUuid: string): AskDsoMarketStats => ({
  kind: 'dso-market-stats',
  areaUuid,
});

/**
 * Sets a market's constant grid fee from the next slot on, for runs with constant fees.
 * @param areaUuid a market area
 * @param centsPerKWh the fee, cents/kWh, not negative
 */
export const gridFees = (areaUuid: string, centsPerKWh: number): ChangeGridFees => ({
  kind: 'grid-fees',
  areaUuid,
  fee: { centsPerKWh },
});

/** Sets a market's grid fee as a percentage of the price from the next slot on, for runs with percentage fees. */
export const changeGridFeesPercent = (areaUuid: string, percent: number): ChangeGridFees => ({
  kind: 'grid-fees',
  areaUuid,
  fee: { percent },
});

/**
 * Tells what a forecast load or forecast PV will consume or produce.
 * @param energyKWh energies in kWh by slot, `YYYY-MM-DDTHH:mm`; a slot must not have begun
 */
export const setEnergyForecast = (areaUuid: string, energyKWh: EnergyProfileKWh): SetEnergyForecast => ({
  kind: 'set-energy-forecast',
  areaUuid,
  energyKWh,
});

/** Tells what a forecast load or forecast PV has consumed or produced; energies in kWh by slot. */
export const setEnergyMeasurement = (
  areaUuid: string,
  energyKWh: EnergyProfileKWh,
): SetEnergyMeasurement => ({ kind: 'set-energy-measurement', areaUuid, energyKWh });
