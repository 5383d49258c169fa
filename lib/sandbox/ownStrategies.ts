import { ratesIn, type AssetArea, type Grid } from './areas.ts';
import type { Community } from './community.ts';
import type { Fees } from './fees.ts';
import type { Random } from './random.ts';
import { isConnected } from './registration.ts';
import type { Sessions } from './sessions.ts';
import { settleForThem } from './settlement.ts';
import { stepsPerSlot, template, usualRates } from './templates.ts';

/** What the exchange does for the assets that nobody controls. */
export interface OwnStrategies {
  /** Acts for them in a tick of a slot, both counted from 0: one after the other, in an order drawn by lot. */
  act(slot: number, tick: number): void;
}

/** The strategies of a community's assets. */
export const openOwnStrategies = (
  community: Community,
  grid: Grid,
  sessions: Sessions,
  fees: Fees,
  random: Random,
): OwnStrategies => {
  const { book } = sessions.spot();
  const interval = community.updateIntervalMinutes ?? 1;
  const steps = stepsPerSlot(community.slotLengthMinutes, interval);
  const templates = grid.assets.map((asset) => template(book, fees, asset, steps));
  const stepAt = (tick: number): number =>
    Math.min(tick, Math.floor((tick * community.tickLengthSeconds) / (interval * 60) + 1e-9), steps);

  const post = (step: number): void => {
    for (const own of random.shuffled(templates)) if (!isControlled(own.asset)) own.post(step);
  };

  const beginSlot = (slot: number): void => {
    const beyond = ratesIn(grid, slot);
    for (const { begin } of templates) begin(slot, beyond);
    post(0);
    const settlements = sessions.settlements();
    if (settlements.length === 0) return;
    const alone = grid.assets.filter((asset) => !isControlled(asset));
    settleForThem(alone, settlements, sessions.ageOf, (asset) => usualRates(fees, asset, beyond));
  };

  const isOneSided = community.spotMarketType === 'one-sided-pay-as-offer';

  /** In a one-sided market what a buyer would pay is no order: nothing of it stays for those who take the asset over. */
  const forgetWishes = (): void => {
    for (const asset of grid.assets)
      if (isControlled(asset)) for (const wish of [...asset.bids]) book.withdraw(wish);
  };

  return {
    act: (slot, tick) => {
      if (isOneSided) forgetWishes();
      if (tick === 0) beginSlot(slot);
      else if (stepAt(tick) > stepAt(tick - 1)) post(stepAt(tick));
    },
  };
};

/** Nobody controls an asset that no aggregator has selected and nobody has registered. */
const isControlled = (asset: AssetArea): boolean => asset.aggregatorUuid !== undefined || isConnected(asset);
