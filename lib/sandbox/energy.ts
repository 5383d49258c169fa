import type { AssetSpec, StorageSpec } from './community.ts';
import { rounded } from './json.ts';
import { energiesBySlot } from './shapes.ts';

/** What an asset can still trade in the running slot. Open orders are not taken off; trades are. */
export interface Energy {
  /** Ends the running slot, if there is one, and begins this one. */
  openSlot(slot: number): void;
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
  /** A storage's charge: what it held when the slot opened, and the room in it after what it traded since. */
  readonly charge?: { usedKWh(): number; freeKWh(): number };
}

/** The energies of an asset, by its kind. */
export const energyOf = (spec: AssetSpec, slotLengthMinutes: number): Energy => {
  switch (spec.type) {
    case 'load':
      return flow(energiesBySlot(spec, slotLengthMinutes), NOTHING);
    case 'pv':
      return flow(NOTHING, energiesBySlot(spec, slotLengthMinutes));
    case 'storage':
      return storage(spec, slotLengthMinutes / 60);
    case 'smart-meter': {
      const net = energiesBySlot(spec, slotLengthMinutes);
      return flow(
        net.map((energyKWh) => Math.max(0, energyKWh)),
        net.map((energyKWh) => Math.max(0, -energyKWh)),
      );
    }
    case 'market-maker':
      return { ...flow(WITHOUT_LIMIT, WITHOUT_LIMIT), demandKWh: () => 0, productionKWh: () => 0 };
  }
};

const NOTHING = [0];
/** What the exchange's infinite bus puts into its orders, kWh. */
const MARKET_MAKER_KWH = 10_000_000;
const WITHOUT_LIMIT = [MARKET_MAKER_KWH];

/**
 * Energies that come from a profile; the day repeats. The exchange counts demand in Wh and production in kWh, which
 * shows in the last digit when a client asks for exactly what is left.
 */
const flow = (demandKWh: readonly number[], productionKWh: readonly number[]): Energy => {
  let [demand, production, boughtWh, soldKWh] = [0, 0, 0, 0];
  return {
    openSlot: (slot) => {
      demand = demandKWh[slot % demandKWh.length] ?? 0;
      production = productionKWh[slot % productionKWh.length] ?? 0;
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
  };
};

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
    charge: {
      usedKWh: () => usedKWh,
      freeKWh: () => spec.capacityKWh - usedKWh - boughtKWh * efficiency + soldKWh,
    },
  };
};
