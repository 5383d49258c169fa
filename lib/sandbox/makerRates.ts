import { startOf, type MarketMakerSpec, type Slots } from './community.ts';
import { DAY_MS, stepsOf, type RateByTime } from './profile.ts';

/** What the grid beyond pays and asks in a slot, cents/kWh; null where it does not. */
export interface MakerRates {
  /** The feed-in tariff. */
  readonly buyRate: number | null;
  /** The market maker rate. */
  readonly sellRate: number | null;
}

/** Where nobody stands for the grid beyond. */
export const NO_RATES: MakerRates = { buyRate: null, sellRate: null };

/** A market maker's rates by slot. */
export const makerRatesOf = (spec: MarketMakerSpec, slots: Slots): ((slot: number) => MakerRates) => {
  const buy = spec.buyRate === undefined ? [] : ratesBySlot(spec.buyRate, slots);
  const sell = ratesBySlot(spec.sellRate, slots);
  return (slot) => ({
    buyRate: buy[slot % buy.length] ?? null,
    sellRate: sell[slot % sell.length] ?? null,
  });
};

/** A rate at the beginning of each slot: one for all slots, one for each slot of a day, or one for each of the run. */
const ratesBySlot = (rate: RateByTime, slots: Slots): readonly number[] => {
  if (typeof rate === 'number') return [rate];
  const { daily, steps } = stepsOf(rate);
  const slotMs = slots.slotLengthMinutes * 60_000;
  const count = daily ? DAY_MS / slotMs : slots.slots;
  const firstMs = daily ? 0 : startOf(slots);
  let at = 0;
  return Array.from({ length: count }, (_, slot) => {
    while ((steps[at + 1]?.fromMs ?? Infinity) <= firstMs + slot * slotMs) at += 1;
    return steps[at]?.value ?? 0;
  });
};
