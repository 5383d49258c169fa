import type { AssetSpec, HoursProfile, Slots, StorageSpec } from './community.ts';
import { energiesBySlot, hourlyEnergies, panelEnergies } from './energies.ts';
import { rounded } from './json.ts';

/** What an asset can still trade in the running slot. Open orders are not taken off; trades are. */
export interface Energy {
  /** Ends the running slot, if there is one, and begins this one, whose name is `YYYY-MM-DDTHH:mm`. */
  openSlot(slot: number, slotText: string): void;
  /** What the asset may still buy, kWh. */
  toBuyKWh(): number;
  /** What the asset may still sell, kWh. */
  toSellKWh(): number;
  bought(energyKWh: number): void;
  sold(energyKWh: number): void;
  /** What the asset needs in all of the running slot, kWh; a storage or market maker needs nothing. */
  demandKWh(): number;
  /** What the asset produces in all of the running slot, kWh; a storage or market maker produces nothing. */
  productionKWh(): number;
  /** What it will need and produce in a slot to come, as far as is known: the most that it may bid and offer, kWh. */
  expected(slot: number, slotText: string): Expected;
  /** A storage's charge: what it held when the slot opened, and the room in it after what it traded since. */
  readonly charge?: { usedKWh(): number; freeKWh(): number };
  /** What clients have said of an asset that lives on their forecasts, kWh by slot. */
  readonly told?: ToldEnergies;
}

/** Energies of a slot, kWh, by the side of the orders for them. */
export interface Expected {
  readonly bid: number;
  readonly offer: number;
}

/** Energies of slots, kWh, as clients told them. */
export interface ToldEnergies {
  /** Of slots that have not begun. */
  readonly forecastKWh: Map<string, number>;
  /** Of slots that have begun, whether they are over or not. */
  readonly measuredKWh: Map<string, number>;
}

/** The energies of an asset, by its kind. */
export const energyOf = (spec: AssetSpec, slots: Slots): Energy => {
  switch (spec.type) {
    case 'load':
      if ('forecast' in spec) return told((energyAt) => flow(energyAt, NOTHING));
      if ('averagePowerW' in spec) return hours(spec, slots);
      return flow(repeating(energiesBySlot(spec, slots)), NOTHING);
    case 'pv':
      if ('forecast' in spec) return told((energyAt) => flow(NOTHING, energyAt));
      if ('peakPowerKW' in spec) return flow(NOTHING, repeating(panelEnergies(spec, slots)));
      return flow(NOTHING, repeating(energiesBySlot(spec, slots)));
    case 'storage':
      return storage(spec, slots.slotLengthMinutes / 60);
    case 'smart-meter': {
      const netKWh = repeating(energiesBySlot(spec, slots));
      return flow(
        (slot) => Math.max(0, netKWh(slot)),
        (slot) => Math.max(0, -netKWh(slot)),
      );
    }
    case 'market-maker':
      return { ...flow(WITHOUT_LIMIT, WITHOUT_LIMIT), demandKWh: () => 0, productionKWh: () => 0 };
  }
};

/** The energy of a slot, kWh, by its number and its name. */
type EnergyAt = (slot: number, slotText: string) => number;

/** What the exchange's infinite bus puts into its orders, kWh. */
const MARKET_MAKER_KWH = 10_000_000;
const NOTHING: EnergyAt = () => 0;
const WITHOUT_LIMIT: EnergyAt = () => MARKET_MAKER_KWH;

const repeating =
  (energiesKWh: readonly number[]) =>
  (slot: number): number =>
    energiesKWh[slot % energiesKWh.length] ?? 0;

/**
 * Energies that are given for each slot. The exchange counts demand in Wh and production in kWh, which shows in the last
 * digit when a client asks for exactly what is left.
 */
const flow = (demandAt: EnergyAt, productionAt: EnergyAt): Energy => {
  let [demand, production, boughtWh, soldKWh] = [0, 0, 0, 0];
  return {
    openSlot: (slot, slotText) => {
      demand = demandAt(slot, slotText);
      production = productionAt(slot, slotText);
      [boughtWh, soldKWh] = [0, 0];
    },
    toBuyKWh: () => Math.max(0, demand * 1000 - boughtWh) / 1000,
    toSellKWh: () => Math.max(0, production - soldKWh),
    bought: (energyKWh) => {
      boughtWh += energyKWh * 1000;
    },
    sold: (energyKWh) => {
      soldKWh += energyKWh;
    },
    demandKWh: () => demand,
    productionKWh: () => production,
    expected: (slot, slotText) => ({ bid: demandAt(slot, slotText), offer: productionAt(slot, slotText) }),
  };
};

/** A forecast holds from the beginning of its slot; what is told of a slot that has begun comes too late. */
const told = (flowOf: (energyAt: EnergyAt) => Energy): Energy => {
  const forecastKWh = new Map<string, number>();
  const energy = flowOf((_, slotText) => forecastKWh.get(slotText) ?? 0);
  return {
    ...energy,
    openSlot: (slot, slotText) => {
      energy.openSlot(slot, slotText);
      forecastKWh.delete(slotText);
    },
    told: { forecastKWh, measuredKWh: new Map() },
  };
};

/** It needs a whole slot's energy as long as anything of the day's hours is left. */
const hours = (spec: HoursProfile, slots: Slots): Energy => {
  const energiesKWh = hourlyEnergies(spec, slots);
  const dayKWh = ((spec.hoursPerDay ?? Infinity) * spec.averagePowerW) / 1000;
  let leftKWh = dayKWh;
  const energy = flow((slot) => {
    if (slot % energiesKWh.length === 0) leftKWh = dayKWh;
    return leftKWh > NEGLIGIBLE_KWH ? repeating(energiesKWh)(slot) : 0;
  }, NOTHING);
  return {
    ...energy,
    expected: (slot) => ({ bid: repeating(energiesKWh)(slot), offer: 0 }),
    bought: (energyKWh) => {
      leftKWh -= energyKWh;
      energy.bought(energyKWh);
    },
  };
};

/** What many sums of parts may come short of the whole. */
const NEGLIGIBLE_KWH = 1e-9;

/**
 * A battery. What it buys in a slot it can sell in the next; the room that a sale makes can be filled in the next.
 * Losses are taken off when charging. What it may trade is rounded once, when the slot opens, as the exchange does.
 */
const storage = (spec: StorageSpec, slotHours: number): Energy => {
  const share = (percent: number): number => (spec.capacityKWh * percent) / 100;
  const [minKWh, maxKWh] = [share(spec.minSocPercent ?? 10), share(spec.maxSocPercent ?? 100)];
  const efficiency = (spec.efficiencyPercent ?? 100) / 100;
  const limitKWh = spec.maxPowerKW * slotHours;
  let usedKWh = share(spec.initialSocPercent ?? 50);
  let [toBuyKWh, toSellKWh, boughtKWh, soldKWh] = [0, 0, 0, 0];
  return {
    openSlot: () => {
      usedKWh += boughtKWh * efficiency - soldKWh;
      [boughtKWh, soldKWh] = [0, 0];
      toBuyKWh = rounded(Math.min(limitKWh, (maxKWh - usedKWh) / efficiency));
      toSellKWh = rounded(Math.min(limitKWh, usedKWh - minKWh));
    },
    toBuyKWh: () => Math.max(0, toBuyKWh - boughtKWh),
    toSellKWh: () => Math.max(0, toSellKWh - soldKWh),
    bought: (energyKWh) => {
      boughtKWh += energyKWh;
    },
    sold: (energyKWh) => {
      soldKWh += energyKWh;
    },
    demandKWh: () => 0,
    productionKWh: () => 0,
    expected: () => ({ bid: 0, offer: 0 }),
    charge: {
      usedKWh: () => usedKWh,
      freeKWh: () => spec.capacityKWh - usedKWh - boughtKWh * efficiency + soldKWh,
    },
  };
};
