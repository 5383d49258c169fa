import type { AssetArea, Delivery } from './areas.ts';
import { TOLERANCE } from './book.ts';
import { rounded, type JsonObject } from './json.ts';
import type { Random } from './random.ts';
import type { Session } from './sessions.ts';
import type { UsualRates } from './templates.ts';

/** Where nobody measures, what was forecast is off by this share, as the standard deviation of a normal distribution. */
const MEASUREMENT_SPREAD = 0.1;

/** Whether what an asset took or gave can differ from what it traded, and be settled. */
const isSettled = ({ spec }: AssetArea): boolean => spec.type === 'load' || spec.type === 'pv';

/**
 * What an asset must still buy, or sell when it is below 0, for what it took or gave in a past slot, kWh; undefined when
 * nobody has measured it, or all is settled.
 */
export const deviationKWh = ({ tradedKWh, measuredKWh }: Delivery): number | undefined => {
  if (measuredKWh === undefined) return undefined;
  const deviation = rounded(measuredKWh - tradedKWh);
  return Math.abs(deviation) <= TOLERANCE ? undefined : deviation;
};

/** An asset's own deviation in a past slot, kWh. */
export const deviationOf = ({ deliveries }: AssetArea, slot: string): number | undefined => {
  const delivery = deliveries?.get(slot);
  return delivery && deviationKWh(delivery);
};

/** What an asset's info says of it: all slots that can still be settled, the oldest first; nothing where none can. */
export const unsettledJson = ({ deliveries }: AssetArea): JsonObject => {
  if (deliveries === undefined) return {};
  const deviations = [...deliveries].map(([slot, delivery]) => [slot, deviationKWh(delivery) ?? null]);
  return { unsettled_deviation_kWh: Object.fromEntries(deviations) as JsonObject };
};

/** Takes down what assets did in a slot that is over, before its figures are closed. */
export const recordDeliveries = (assets: readonly AssetArea[], slot: string, random: Random): void => {
  for (const asset of assets) {
    if (!isSettled(asset)) continue;
    asset.deliveries ??= new Map();
    const { energy, spec } = asset;
    const sign = spec.type === 'pv' ? -1 : 1;
    const forecastKWh = energy.demandKWh() - energy.productionKWh();
    asset.deliveries.set(slot, {
      tradedKWh: sign * asset.slot.energyKWh,
      measuredKWh: energy.told === undefined ? altered(forecastKWh, random) : undefined,
    });
  }
};

const altered = (energyKWh: number, random: Random): number =>
  energyKWh * Math.max(0, 1 + MEASUREMENT_SPREAD * random.normal());

/** Lets go of slots that can no longer be settled, and takes over what clients have measured since. */
export const updateDeliveries = (assets: readonly AssetArea[], settlements: readonly Session[]): void => {
  const open = new Set(settlements.map(({ slot }) => slot));
  for (const { deliveries, energy, spec } of assets) {
    if (deliveries === undefined) continue;
    for (const [slot, delivery] of deliveries) {
      if (!open.has(slot)) deliveries.delete(slot);
      const measuredKWh = energy.told?.measuredKWh.get(slot);
      if (measuredKWh !== undefined) delivery.measuredKWh = spec.type === 'pv' ? -measuredKWh : measuredKWh;
    }
  }
};

/**
 * What the exchange does for assets that nobody controls: in each slot one order for what each past slot left to be
 * settled. From slot to slot bids rise and offers fall, between the rates that are usual for assets at their place.
 */
export const settleForThem = (
  assets: readonly AssetArea[],
  settlements: readonly Session[],
  urgencyOf: (session: Session) => number,
  ratesOf: (asset: AssetArea) => UsualRates,
): void => {
  for (const asset of assets) {
    for (const session of settlements) {
      const { bids, offers } = session.book.at(asset);
      for (const order of [...bids, ...offers]) session.book.withdraw(order);
      const deviation = deviationOf(asset, session.slot);
      if (deviation === undefined) continue;
      const { low, high, cheapest, dearest } = ratesOf(asset);
      const urgency = urgencyOf(session);
      if (deviation > 0) session.book.post(asset, 'bid', low + (dearest - low) * urgency, deviation);
      else session.book.post(asset, 'offer', high + (cheapest - high) * urgency, -deviation);
    }
  }
};
