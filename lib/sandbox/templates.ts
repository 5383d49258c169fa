import { ordersOf, type AssetArea, type MarketArea, type Order } from './areas.ts';
import { TOLERANCE, type Book } from './book.ts';
import type { AssetSpec } from './community.ts';

interface Ramp {
  readonly side: Order['side'];
  readonly initialRate: number;
  readonly finalRate: number;
}

/** What the exchange does for an asset that nobody controls. */
export interface Template {
  readonly asset: AssetArea;
  /** Posts or replaces the asset's orders at this step of their ramps, with the energy that is left. */
  readonly post: (step: number) => void;
}

/** Steps to the final rate: one less than the update intervals of a slot, but one at least. */
export const stepsPerSlot = (slotLengthMinutes: number, updateIntervalMinutes: number): number =>
  Math.max(Math.floor(slotLengthMinutes / updateIntervalMinutes) - 1, 1);

/** The exchange's own strategy for an asset: bids rise and offers fall in even steps; a market maker's stand still. */
export const template = (book: Book, asset: AssetArea, steps: number): Template => {
  const ramps = rampsOf(asset);
  const posted = new Map<Order['side'], number>();
  return {
    asset,
    post: (step) => {
      for (const ramp of ramps) {
        const taken = Math.min(step, steps);
        const rate = ramp.initialRate + ((ramp.finalRate - ramp.initialRate) / steps) * taken;
        if (step > 0 && posted.get(ramp.side) === rate) continue;
        posted.set(ramp.side, rate);
        for (const order of [...ordersOf(asset, ramp.side)]) book.withdraw(order);
        const energyKWh = ramp.side === 'bid' ? asset.energy.toBuyKWh() : asset.energy.toSellKWh();
        if (energyKWh > TOLERANCE) book.post(asset, ramp.side, rate, energyKWh);
      }
    },
  };
};

const rampsOf = (asset: AssetArea): readonly Ramp[] => {
  const { spec } = asset;
  switch (spec.type) {
    case 'load':
      return [
        ramp('bid', spec.initialRate ?? defaults(asset).low, spec.finalRate ?? defaults(asset).dearest),
      ];
    case 'pv':
      return [
        ramp('offer', spec.initialRate ?? defaults(asset).high, spec.finalRate ?? defaults(asset).cheapest),
      ];
    case 'storage': {
      const { low, high } = defaults(asset);
      const middle = (low + high) / 2;
      return [
        ramp('bid', spec.initialBuyRate ?? low, spec.finalBuyRate ?? middle - STORAGE_MARGIN),
        ramp('offer', spec.initialSellRate ?? high, spec.finalSellRate ?? middle + STORAGE_MARGIN),
      ];
    }
    case 'smart-meter': {
      const { low, high, cheapest, dearest } = defaults(asset);
      return [
        ramp('bid', spec.initialBuyRate ?? low, spec.finalBuyRate ?? dearest),
        ramp('offer', spec.initialSellRate ?? high, spec.finalSellRate ?? cheapest),
      ];
    }
    case 'market-maker':
      return [ramp('bid', spec.buyRate, spec.buyRate), ramp('offer', spec.sellRate, spec.sellRate)];
  }
};

const ramp = (side: Order['side'], initialRate: number, finalRate: number): Ramp => ({
  side,
  initialRate,
  finalRate,
});

/** How far a storage's final rates keep from the middle between feed-in tariff and market maker rate, cents/kWh. */
const STORAGE_MARGIN = 1;

/** Rates for assets whose community does not name them: between the market maker's, and the fees on the way to it. */
const defaults = (asset: AssetArea): { low: number; high: number; cheapest: number; dearest: number } => {
  const path: MarketArea[] = [];
  for (let area: MarketArea | undefined = asset.parent; area !== undefined; area = area.parent)
    path.push(area);
  const fees = path.reduce((sum, area) => sum + (area.fee ?? 0), 0);
  const maker = marketMaker(path.at(-1));
  const [low, high] = [maker?.buyRate ?? 0, maker?.sellRate ?? 30];
  return { low, high, cheapest: Math.max(0, low - fees), dearest: high + fees };
};

type MarketMaker = Extract<AssetSpec, { type: 'market-maker' }>;

/** The market maker that stands in the root market. */
export const marketMaker = (root: MarketArea | undefined): MarketMaker | undefined =>
  root?.children
    .map((child) => (child.kind === 'asset' ? child.spec : undefined))
    .find((spec) => spec?.type === 'market-maker');
