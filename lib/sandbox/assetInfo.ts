import type { AssetArea } from './areas.ts';
import type { JsonObject } from './json.ts';
import { openKWh } from './orderChecks.ts';
import { unsettledJson } from './settlement.ts';

/** What an asset says of its energies (exchange protocol, the grid tree). */
export const assetInfo = (asset: AssetArea): JsonObject => {
  const { energy, slot, spec } = asset;
  const traded = { energy_traded: slot.energyKWh, total_cost: slot.costCents };
  const [bidKWh, offerKWh] = [openKWh(asset, 'bid'), openKWh(asset, 'offer')];
  switch (spec.type) {
    case 'load':
      return {
        ...unsettledJson(asset),
        energy_requirement_kWh: energy.toBuyKWh(),
        energy_active_in_bids: bidKWh,
        ...traded,
      };
    case 'pv':
      return {
        ...unsettledJson(asset),
        available_energy_kWh: energy.toSellKWh(),
        energy_active_in_offers: offerKWh,
        ...traded,
      };
    case 'storage':
      return {
        energy_to_sell: Math.max(0, energy.toSellKWh() - offerKWh),
        energy_active_in_bids: bidKWh,
        energy_to_buy: Math.max(0, energy.toBuyKWh() - bidKWh),
        energy_active_in_offers: offerKWh,
        free_storage: energy.charge?.freeKWh() ?? 0,
        used_storage: energy.charge?.usedKWh() ?? 0,
        ...traded,
      };
    case 'smart-meter':
      return { energy_requirement_kWh: energy.toBuyKWh(), available_energy_kWh: energy.toSellKWh() };
    case 'market-maker':
      return traded;
  }
};
