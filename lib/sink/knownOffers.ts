import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import type { Trade } from '../model/events.ts';
import type { ListedOrder } from '../model/replies.ts';

/** An offer, and what of it is not sold. */
type Offer = Pick<ListedOrder, 'id' | 'energyKWh'>;

/** The offers of one area. */
interface OffersOfArea {
  /** All that were accepted in the running slot, the newest last; replaced ones can still trade. */
  unsold: Offer[];
  /** The ids of those that are certain to stand in the market. */
  standing: string[];
}

/** The offers of the running slot, as far as replies and trades tell of them. */
export interface KnownOffers {
  /** An offer was accepted. */
  accept(areaUuid: string, offer: Offer): void;
  /** The exchange has told what stands there. */
  list(areaUuid: string, offers: readonly Offer[]): void;
  /** Something was traded; whether nothing is left of the offer that it was. */
  sell(trade: Trade): boolean;
  /** What stands there is no longer certain; anywhere, where no area is named. */
  doubt(areaUuid?: string): void;
  /** The offer may be gone. */
  doubtOne(areaUuid: string, offerId: string): void;
  /** Whether it is certain that this offer stands. */
  isStanding(areaUuid: string, offerId: string): boolean;
  /** A slot begins. */
  clear(): void;
}

/**
 * Starts with none. They are kept in arrays: an area has about one offer a tick, and each of thousands of areas gets one
 * in every batch, so that to add one has to be cheap.
 */
export const knownOffers = (): KnownOffers => {
  const areas = new Map<string, OffersOfArea>();

  const of = (areaUuid: string): OffersOfArea => {
    const known = areas.get(areaUuid);
    if (known !== undefined) return known;
    const none: OffersOfArea = { unsold: [], standing: [] };
    areas.set(areaUuid, none);
    return none;
  };
  const accept = (areaUuid: string, { id, energyKWh }: Offer) => {
    const known = of(areaUuid);
    known.unsold.push({ id, energyKWh });
    known.standing.push(id);
  };

  return {
    accept,
    list: (areaUuid, offers) => {
      const known = of(areaUuid);
      const listed = new Set(offers.map(({ id }) => id));
      known.unsold = known.unsold.filter(({ id }) => !listed.has(id));
      known.standing = [];
      for (const offer of offers) accept(areaUuid, offer);
    },
    // When the match happened in a higher market the residual's id is not told: its later sales are then counted to the
    // asset's newest offer.
    sell: ({ assetUuid, offerId, residualOfferId, energyKWh }) => {
      const known = areas.get(assetUuid);
      const sold = known?.unsold.find(({ id }) => id === offerId) ?? known?.unsold.at(-1);
      if (known === undefined || sold === undefined) return false;
      known.unsold = known.unsold.filter((offer) => offer !== sold);
      known.standing = known.standing.filter((id) => id !== sold.id);
      const leftKWh = sold.energyKWh - energyKWh;
      if (leftKWh <= SMALLEST_ENERGY_KWH) return true;
      known.unsold.push({ id: residualOfferId ?? sold.id, energyKWh: leftKWh });
      if (residualOfferId !== undefined) known.standing.push(residualOfferId);
      return false;
    },
    doubt: (areaUuid) => {
      const doubted = areaUuid === undefined ? areas.values() : [areas.get(areaUuid)];
      for (const known of doubted) if (known !== undefined) known.standing = [];
    },
    doubtOne: (areaUuid, offerId) => {
      const known = areas.get(areaUuid);
      if (known !== undefined) known.standing = known.standing.filter((id) => id !== offerId);
    },
    isStanding: (areaUuid, offerId) => areas.get(areaUuid)?.standing.includes(offerId) ?? false,
    clear: () => areas.clear(),
  };
};
