import type { Area, MarketArea, Stand } from './areas.ts';

/** Where the orders of one slot stand, and what its markets charge for it. */
export interface Floor {
  at(area: Area): Stand;
  feeOf(market: MarketArea): number;
}

/** The floor of the running slot: the areas themselves. */
export const SPOT_FLOOR: Floor = { at: (area) => area, feeOf: (market) => market.slotFee };

/** A floor beside that of the running slot. Its fees are those of the moment in which it opens, as long as it lives. */
export const openFloor = (markets: readonly MarketArea[]): Floor => {
  const fees = new Map(markets.map((market) => [market, market.slotFee]));
  const stands = new Map<Area, Stand>();
  return {
    at: (area) => {
      let stand = stands.get(area);
      if (stand === undefined) stands.set(area, (stand = { bids: new Set(), offers: new Set() }));
      return stand;
    },
    feeOf: (market) => fees.get(market) ?? 0,
  };
};
