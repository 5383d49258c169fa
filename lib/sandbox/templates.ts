import { ordersOf, type AssetArea, type MarketArea, type Order } from './areas.ts';
import { TOLERANCE, type Book } from './book.ts';
import type { Fees } from './fees.ts';
import type { MakerRates } from './makerRates.ts';

interface Ramp {
  readonly side: Order['side'];
  readonly initialRate: number;
  readonly finalRate: number;
}

/** What the exchange does for an asset that nobody controls. */
export interface Template {
  readonly asset: AssetArea;
  /** Begins the ramps of a slot, between rates that come from the grid beyond where the community names none. */
  readonly begin: (slot: number, beyond: MakerRates) => void;
  /** Posts or replaces the asset's orders at this step of their ramps, with the energy that is left. */
  readonly post: (step: number) => void;
}

/** Steps to the final rate: one less than the update intervals of a slot, but one at least. */
export const stepsPerSlot = (slotLengthMinutes: number, updateIntervalMinutes: number): number =>
  Math.max(Math.floor(slotLengthMinutes / updateIntervalMinutes) - 1, 1);

/** The exchange's own strategy for an asset: bids rise and offers fall in even steps; a market maker's stand still. */
export const template = (book: Book, fees: Fees, asset: AssetArea, steps: number): Template => {
  let ramps: readonly Ramp[] = [];
  const posted = new Map<Order['side'], number>();
  return {
    asset,
    begin: (slot, beyond) => {
      ramps = rampsOf(asset, slot, usualRates(fees, asset, beyond));
      posted.clear();
    },
    post: (step) => {
      for (const ramp of ramps) {
        const taken = Math.min(step, steps);
        const rate = ramp.initialRate + ((ramp.finalRate - ramp.initialRate) / steps) * taken;
        if (posted.get(ramp.side) === rate) continue;
        posted.set(ramp.side, rate);
        for (const order of [...ordersOf(asset, ramp.side)]) book.withdraw(order);
        const energyKWh = ramp.side === 'bid' ? asset.energy.toBuyKWh() : asset.energy.toSellKWh();
        if (energyKWh > TOLERANCE) book.post(asset, ramp.side, rate, energyKWh);
      }
    },
  };
};

const rampsOf = (asset: AssetArea, slot: number, usual: UsualRates): readonly Ramp[] => {
  const { spec } = asset;
  const { low, high, cheapest, dearest } = usual;
  switch (spec.type) {
    case 'load':
      return [ramp('bid', spec.initialRate ?? low, spec.finalRate ?? dearest)];
    case 'pv':
      return [ramp('offer', spec.initialRate ?? high, spec.finalRate ?? cheapest)];
    case 'storage': {
      const middle = (low + high) / 2;
      return [
        ramp('bid', spec.initialBuyRate ?? low, spec.finalBuyRate ?? middle - STORAGE_MARGIN),
        ramp('offer', spec.initialSellRate ?? high, spec.finalSellRate ?? middle + STORAGE_MARGIN),
      ];
    }
    case 'smart-meter':
      return [
        ramp('bid', spec.initialBuyRate ?? low, spec.finalBuyRate ?? dearest),
        ramp('offer', spec.initialSellRate ?? high, spec.finalSellRate ?? cheapest),
      ];
    case 'market-maker': {
      const { buyRate = null, sellRate = null } = asset.makerRates?.(slot) ?? {};
      return [
        ...(buyRate === null ? [] : [ramp('bid', buyRate, buyRate)]),
        ...(sellRate === null ? [] : [ramp('offer', sellRate, sellRate)]),
      ];
    }
  }
};

const ramp = (side: Order['side'], initialRate: number, finalRate: number): Ramp => ({
  side,
  initialRate,
  finalRate,
});

/** How far a storage's final rates keep from the middle between feed-in tariff and market maker rate, cents/kWh. */
const STORAGE_MARGIN = 1;

/** Rates for assets whose community does not name them: between those of the grid beyond, and the fees on the way. */
export interface UsualRates {
  /** What the grid beyond pays. */
  readonly low: number;
  /** What the grid beyond asks. */
  readonly high: number;
  /** What of `low` is left for an asset that sells there. */
  readonly cheapest: number;
  /** What `high` comes to for an asset that buys there. */
  readonly dearest: number;
}

/** The usual rates at an asset's place, cents/kWh. */
export const usualRates = (fees: Fees, asset: AssetArea, { buyRate, sellRate }: MakerRates): UsualRates => {
  const path: number[] = [];
  for (let area: MarketArea | undefined = asset.parent; area !== undefined; area = area.parent)
    path.push(area.slotFee);
  const [low, high] = [buyRate ?? 0, sellRate ?? RATE_WITHOUT_MAKER];
  return { low, high, cheapest: fees.net(low, path), dearest: fees.gross(high, path) };
};

/** What the grid beyond would ask where there is none, cents/kWh. */
const RATE_WITHOUT_MAKER = 30;
