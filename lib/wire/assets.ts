import type * as t from 'io-ts';
import type { OwnedAsset, OwnedAssetBase, UnsettledDeviations } from '../model/grid.ts';
import type { AssetInfo } from '../model/replies.ts';
import { chosenBy, mapOf, strict } from './combinators.ts';
import { toAssetBill, WireAssetBill } from './figures.ts';
import { Finite, optional, orEmpty, type JsonObject } from './scalars.ts';

const traded = { energy_traded: Finite, total_cost: Finite };
const unsettled = { unsettled_deviation_kWh: optional(mapOf(optional(Finite))) };

const LoadInfo = strict(
  { energy_requirement_kWh: Finite, energy_active_in_bids: Finite, ...traded, ...unsettled },
  'the figures of a load',
);
const PvInfo = strict(
  { available_energy_kWh: Finite, energy_active_in_offers: Finite, ...traded, ...unsettled },
  'the figures of a PV',
);
const StorageInfo = strict(
  {
    energy_to_buy: Finite,
    energy_to_sell: Finite,
    energy_active_in_bids: Finite,
    energy_active_in_offers: Finite,
    free_storage: Finite,
    used_storage: Finite,
    ...traded,
  },
  'the figures of a storage',
);
const SmartMeterInfo = strict(
  { energy_requirement_kWh: Finite, available_energy_kWh: Finite },
  'the figures of a smart meter',
);

// No message names the kind of an asset: its keys tell (exchange protocol, the grid tree).
const codecOfKeys = (info: JsonObject) => {
  if (Object.hasOwn(info, 'energy_to_buy')) return StorageInfo;
  const consumes = Object.hasOwn(info, 'energy_requirement_kWh');
  const produces = Object.hasOwn(info, 'available_energy_kWh');
  if (consumes && produces) return SmartMeterInfo;
  if (consumes) return LoadInfo;
  return produces ? PvInfo : undefined;
};

/** The energies of an asset of any kind. */
export const WireAssetInfo = chosenBy('the figures of a load, PV, storage or smart meter', codecOfKeys);
export type WireAssetInfo = t.TypeOf<typeof WireAssetInfo>;

const toTraded = (info: { energy_traded: number; total_cost: number }) => ({
  energyTradedKWh: info.energy_traded,
  totalCostCents: info.total_cost,
});

const toUnsettled = ({
  unsettled_deviation_kWh: deviations,
}: {
  unsettled_deviation_kWh: UnsettledDeviations | undefined;
}) => deviations && { unsettledDeviationsKWh: deviations };

// The exchange checks a storage's orders exactly, and a sum of two numbers may come out a hair above what it reckons.
const tradable = (openKWh: number, inOrdersKWh: number): number =>
  inOrdersKWh === 0 ? openKWh : Math.floor((openKWh + inOrdersKWh) * 1e9) / 1e9;

/** The energies, with the kind of the asset and the tradable sums of a storage. */
export const toAssetInfo = (info: WireAssetInfo): AssetInfo => {
  if ('free_storage' in info)
    return {
      kind: 'storage',
      energyToBuyKWh: info.energy_to_buy,
      energyToSellKWh: info.energy_to_sell,
      energyActiveInBidsKWh: info.energy_active_in_bids,
      energyActiveInOffersKWh: info.energy_active_in_offers,
      tradableToBuyKWh: tradable(info.energy_to_buy, info.energy_active_in_bids),
      tradableToSellKWh: tradable(info.energy_to_sell, info.energy_active_in_offers),
      freeStorageKWh: info.free_storage,
      usedStorageKWh: info.used_storage,
      ...toTraded(info),
    };
  if ('energy_active_in_bids' in info)
    return {
      kind: 'load',
      energyRequirementKWh: info.energy_requirement_kWh,
      energyActiveInBidsKWh: info.energy_active_in_bids,
      ...toTraded(info),
      ...toUnsettled(info),
    };
  if ('energy_active_in_offers' in info)
    return {
      kind: 'pv',
      availableEnergyKWh: info.available_energy_kWh,
      energyActiveInOffersKWh: info.energy_active_in_offers,
      ...toTraded(info),
      ...toUnsettled(info),
    };
  return {
    kind: 'smart-meter',
    energyRequirementKWh: info.energy_requirement_kWh,
    availableEnergyKWh: info.available_energy_kWh,
  };
};

/** What the grid tree tells of an asset that this client controls. */
export const WireOwnedAsset = strict(
  {
    asset_info: WireAssetInfo,
    last_slot_asset_info: orEmpty(strict(traded, 'the figures of the last slot')),
    asset_bill: orEmpty(WireAssetBill),
  },
  'an asset under control',
);
export type WireOwnedAsset = t.TypeOf<typeof WireOwnedAsset>;

type Place = Pick<OwnedAssetBase, 'uuid' | 'name' | 'parentUuid'>;

/** The asset at its place in the grid. */
export const toOwnedAsset = (place: Place, asset: WireOwnedAsset): OwnedAsset => {
  const { last_slot_asset_info: lastSlot, asset_bill: bill } = asset;
  return {
    ...toAssetInfo(asset.asset_info),
    ...place,
    ...(lastSlot && { lastSlot: toTraded(lastSlot) }),
    ...(bill && { bill: toAssetBill(bill) }),
  };
};
