import type { Grid } from '../model/grid.ts';

/** The past slots that some asset under this client's control lists as open in the settlement market. */
export const openSettlementSlots = (grid: Grid): ReadonlySet<string> => {
  const slots = new Set<string>();
  for (const asset of grid.assets) {
    if (!('unsettledDeviationsKWh' in asset)) continue;
    for (const slot of asset.unsettledDeviationsKWh.keys()) slots.add(slot);
  }
  return slots;
};
