import type { AssetArea } from './areas.ts';
import type { AssetSpec } from './community.ts';
import type { JsonObject } from './json.ts';
import { openKWh } from './orderChecks.ts';
import { unsettledJson } from './settlement.ts';

/** One of the energies that an asset tells, or what they cost. */
export interface Figure {
  readonly name: string;
  readonly of: (asset: AssetArea) => number;
}

const openBids = (asset: AssetArea): number => openKWh(asset, 'bid');
const openOffers = (asset: AssetArea): number => openKWh(asset, 'offer');

const inOrder = (figures: Readonly<Record<string, Figure['of']>>): readonly Figure[] =>
  Object.entries(figures).map(([name, of]) => ({ name, of }));

const TRADED: Readonly<Record<string, Figure['of']>> = {
  energy_traded: ({ slot }) => slot.energyKWh,
  total_cost: ({ slot }) => slot.costCents,
};

const FIGURES: Readonly<Record<AssetSpec['type'], readonly Figure[]>> = {
  load: inOrder({
    energy_requirement_kWh: ({ energy }) => energy.toBuyKWh(),
    energy_active_in_bids: openBids,
    ...TRADED,
  }),
  pv: inOrder({
    available_energy_kWh: ({ energy }) => energy.toSellKWh(),
    energy_active_in_offers: openOffers,
    ...TRADED,
  }),
  storage: inOrder({
    energy_to_sell: (asset) => Math.max(0, asset.energy.toSellKWh() - openOffers(asset)),
    energy_active_in_bids: openBids,
    energy_to_buy: (asset) => Math.max(0, asset.energy.toBuyKWh() - openBids(asset)),
    energy_active_in_offers: openOffers,
    free_storage: ({ energy }) => energy.charge?.freeKWh() ?? 0,
    used_storage: ({ energy }) => energy.charge?.usedKWh() ?? 0,
    ...TRADED,
  }),
  'smart-meter': inOrder({
    energy_requirement_kWh: ({ energy }) => energy.toBuyKWh(),
    available_energy_kWh: ({ energy }) => energy.toSellKWh(),
  }),
  'market-maker': inOrder(TRADED),
};

/** What an asset of this kind tells, in the order of the exchange. */
export const figuresOf = ({ spec }: AssetArea): readonly Figure[] => FIGURES[spec.type];

/** What an asset says of its energies (exchange protocol, the grid tree). */
export const assetInfo = (asset: AssetArea): JsonObject => {
  const { type } = asset.spec;
  const info: Record<string, unknown> = type === 'load' || type === 'pv' ? { ...unsettledJson(asset) } : {};
  for (const { name, of } of figuresOf(asset)) info[name] = of(asset);
  return info;
};
