import type { EnergyType, OrderRequirement } from '../model/commands.ts';
import type { Order, Preferences } from './areas.ts';
import { TOLERANCE, type Book } from './book.ts';
import type { AssetSpec } from './community.ts';

/** What a bid and an offer can agree on in the market where both stand. */
export interface Terms {
  /** The most that the bid pays, and the least that the offer takes, cents/kWh. */
  readonly bidRate: number;
  readonly offerRate: number;
  readonly energyKWh: number;
  /** The requirements that were satisfied, where there are any. */
  readonly bidNeed?: OrderRequirement;
  readonly offerNeed?: OrderRequirement;
}

/**
 * The terms of two orders whose rates meet; undefined where no requirement of the one and of the other is satisfied.
 * Of several the first counts. A requirement's rate can only narrow its order's own (degrees of freedom).
 */
export const termsOf = (book: Book, bid: Order, offer: Order): Terms | undefined => {
  const energyKWh = Math.min(bid.energyKWh, offer.energyKWh);
  if (isFree(bid) && isFree(offer)) return { bidRate: bid.rate, offerRate: offer.rate, energyKWh };
  for (const bidNeed of needsOf(bid)) {
    for (const offerNeed of needsOf(offer)) {
      if (!accepts(bidNeed, offer) || !accepts(offerNeed, bid)) continue;
      const terms: Terms = {
        bidRate: Math.min(bid.rate, rateUnder(book, bid, bidNeed)),
        offerRate: Math.max(offer.rate, rateUnder(book, offer, offerNeed)),
        energyKWh: Math.min(energyKWh, bidNeed.energyKWh ?? Infinity, offerNeed.energyKWh ?? Infinity),
        bidNeed,
        offerNeed,
      };
      if (terms.bidRate + TOLERANCE >= terms.offerRate && terms.energyKWh > TOLERANCE) return terms;
    }
  }
  return undefined;
};

/** What an order still asks after energy was traded under one of its requirements. */
export const preferencesLeft = (
  preferences: Preferences,
  need: OrderRequirement | undefined,
  energyKWh: number,
): Preferences => {
  const { requirements } = preferences;
  if (requirements === undefined || need?.energyKWh === undefined) return preferences;
  const left = { ...need, energyKWh: need.energyKWh - energyKWh };
  return { ...preferences, requirements: requirements.map((other) => (other === need ? left : other)) };
};

const ANYTHING: readonly OrderRequirement[] = [{}];

/** Whether an order trades with everybody. */
export const isFree = ({ preferences: { requirements } }: Order): boolean =>
  requirements === undefined || requirements.length === 0;
const needsOf = (order: Order): readonly OrderRequirement[] =>
  isFree(order) ? ANYTHING : (order.preferences.requirements ?? ANYTHING);

const accepts = ({ tradingPartners, energyTypes }: OrderRequirement, other: Order): boolean => {
  if (tradingPartners?.includes(other.origin.uuid) === false) return false;
  if (energyTypes === undefined) return true;
  const type = energyTypeOf(other);
  return type !== undefined && energyTypes.includes(type);
};

const rateUnder = (book: Book, order: Order, { rate }: OrderRequirement): number =>
  rate === undefined ? order.rate : book.rateOf(order, rate);

/** What an order says of its energy, or else what its asset tells; a meter's may be anything. */
const energyTypeOf = ({ preferences: { attributes }, origin: { spec } }: Order): EnergyType | undefined =>
  attributes?.energyType ?? ENERGY_TYPES[spec.type];

const ENERGY_TYPES: Readonly<Record<AssetSpec['type'], EnergyType | undefined>> = {
  load: 'Load',
  pv: 'PV',
  storage: 'Storage',
  'smart-meter': undefined,
  'market-maker': 'Grid',
};
