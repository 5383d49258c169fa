import { extended } from '../extended.ts';
import type { OwnedAsset, OwnedAssetBase, UnsettledDeviations } from '../model/grid.ts';
import type { AssetInfo } from '../model/replies.ts';
import {
  finite,
  finiteOrNull,
  misfit,
  objectAt,
  objectOrEmpty,
  objectOrNull,
  type Form,
  type Writable,
} from './checked.ts';
import { assetBill } from './figures.ts';
import type { JsonObject } from './scalars.ts';

const unsettled: Form<UnsettledDeviations> = {
  name: 'an object, each value a finite number or null',
  read: (deviations) =>
    new Map(Object.entries(deviations).map(([slot, kWh]) => [slot, finiteOrNull(kWh, slot)])),
};

/** The energies with the deviations of slots that are not settled yet; there are none where that market is off. */
const withUnsettled = <T extends AssetInfo>(
  energies: T,
  { unsettled_deviation_kWh: deviations }: JsonObject,
): T => {
  const unsettledDeviationsKWh = objectOrNull(unsettled, deviations, 'unsettled_deviation_kWh');
  return unsettledDeviationsKWh === undefined ? energies : extended(energies, { unsettledDeviationsKWh });
};

const readLoad = (info: JsonObject): AssetInfo =>
  withUnsettled(
    {
      kind: 'load',
      energyRequirementKWh: finite(info.energy_requirement_kWh, 'energy_requirement_kWh'),
      energyActiveInBidsKWh: finite(info.energy_active_in_bids, 'energy_active_in_bids'),
      energyTradedKWh: finite(info.energy_traded, 'energy_traded'),
      totalCostCents: finite(info.total_cost, 'total_cost'),
    },
    info,
  );

const readPv = (info: JsonObject): AssetInfo =>
  withUnsettled(
    {
      kind: 'pv',
      availableEnergyKWh: finite(info.available_energy_kWh, 'available_energy_kWh'),
      energyActiveInOffersKWh: finite(info.energy_active_in_offers, 'energy_active_in_offers'),
      energyTradedKWh: finite(info.energy_traded, 'energy_traded'),
      totalCostCents: finite(info.total_cost, 'total_cost'),
    },
    info,
  );

// The exchange checks a storage's orders exactly, and a sum of two numbers may come out a hair above what it reckons.
const tradable = (openKWh: number, inOrdersKWh: number): number =>
  inOrdersKWh === 0 ? openKWh : Math.floor((openKWh + inOrdersKWh) * 1e9) / 1e9;

const readStorage = (info: JsonObject): AssetInfo => {
  const energyToBuyKWh = finite(info.energy_to_buy, 'energy_to_buy');
  const energyToSellKWh = finite(info.energy_to_sell, 'energy_to_sell');
  const energyActiveInBidsKWh = finite(info.energy_active_in_bids, 'energy_active_in_bids');
  const energyActiveInOffersKWh = finite(info.energy_active_in_offers, 'energy_active_in_offers');
  return {
    kind: 'storage',
    energyToBuyKWh,
    energyToSellKWh,
    energyActiveInBidsKWh,
    energyActiveInOffersKWh,
    tradableToBuyKWh: tradable(energyToBuyKWh, energyActiveInBidsKWh),
    tradableToSellKWh: tradable(energyToSellKWh, energyActiveInOffersKWh),
    freeStorageKWh: finite(info.free_storage, 'free_storage'),
    usedStorageKWh: finite(info.used_storage, 'used_storage'),
    energyTradedKWh: finite(info.energy_traded, 'energy_traded'),
    totalCostCents: finite(info.total_cost, 'total_cost'),
  };
};

const readSmartMeter = (info: JsonObject): AssetInfo => ({
  kind: 'smart-meter',
  energyRequirementKWh: finite(info.energy_requirement_kWh, 'energy_requirement_kWh'),
  availableEnergyKWh: finite(info.available_energy_kWh, 'available_energy_kWh'),
});

/**
 * The energies of an asset, with the tradable sums of a storage. No message names the kind of an asset: its keys tell
 * (exchange protocol, the grid tree).
 */
export const assetInfo: Form<AssetInfo> = {
  name: 'the figures of a load, PV, storage or smart meter',
  read: (info) => {
    if (info.energy_to_buy !== undefined) return readStorage(info);
    const consumes = info.energy_requirement_kWh !== undefined;
    const produces = info.available_energy_kWh !== undefined;
    if (consumes && produces) return readSmartMeter(info);
    if (consumes) return readLoad(info);
    return produces ? readPv(info) : misfit(assetInfo.name, info);
  },
};

const lastSlot: Form<NonNullable<OwnedAssetBase['lastSlot']>> = {
  name: 'the figures of the last slot',
  read: (figures) => ({
    energyTradedKWh: finite(figures.energy_traded, 'energy_traded'),
    totalCostCents: finite(figures.total_cost, 'total_cost'),
  }),
};

/** The asset under this client's control that stands at this place of the grid. */
export const readOwnedAsset = (
  node: JsonObject,
  uuid: string,
  name: string,
  parentUuid: string | undefined,
): OwnedAsset => {
  const info = objectAt(assetInfo, node.asset_info, 'asset_info');
  const last = objectOrEmpty(lastSlot, node.last_slot_asset_info, 'last_slot_asset_info');
  const bill = objectOrEmpty(assetBill, node.asset_bill, 'asset_bill');
  // Fresh and nobody else's yet: a copy of it for each asset of each event would be thrown away at once.
  const asset = info as Writable<OwnedAsset>;
  asset.uuid = uuid;
  asset.name = name;
  if (parentUuid !== undefined) asset.parentUuid = parentUuid;
  if (last !== undefined) asset.lastSlot = last;
  if (bill !== undefined) asset.bill = bill;
  return asset;
};
