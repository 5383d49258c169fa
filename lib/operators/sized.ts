import { defer, type OperatorFunction } from 'rxjs';
import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import type { OwnedAsset, Storage } from '../model/grid.ts';
import { mapDefined } from './mapDefined.ts';
import { withSize, type OrderSize } from './moment.ts';
import { numberWithin } from './options.ts';

/** A moment that says how much to order, on which side. */
export type Sized<M> = M & OrderSize;

/** How much of what could be ordered. */
export interface SizeOptions {
  /** This share of it, 0 to 1; all unless said otherwise. */
  readonly share?: number;
  /** No more than this. */
  readonly maxKWh?: number;
}

/** What an asset can trade on one side, kWh. */
export interface Tradable {
  readonly side: 'bid' | 'offer';
  /** By its own figures. */
  readonly energyKWh: (asset: OwnedAsset) => number;
  /** Of a storage of this capacity, so that it stays within its state of charge; no limit where it is left out. */
  readonly withinChargeKWh?: ((storage: Storage, capacityKWh: number) => number) | undefined;
}

/** Sizes one order per moment; moments of assets that have nothing to trade are skipped. */
export const sizedBy = <M extends { readonly asset: OwnedAsset }>(
  operator: string,
  { side, energyKWh, withinChargeKWh }: Tradable,
  { share = 1, maxKWh = Number.MAX_VALUE }: SizeOptions,
): OperatorFunction<M, Sized<M>> => {
  const part = numberWithin(`${operator}: share`, share, 0, 1);
  const most = numberWithin(`${operator}: maxKWh`, maxKWh, 0, Number.MAX_VALUE);
  return (source) =>
    defer(() => {
      const capacityOf = capacities();
      const chargeLimit = (asset: OwnedAsset): number => {
        if (withinChargeKWh === undefined || asset.kind !== 'storage') return Infinity;
        const capacityKWh = capacityOf(asset);
        return capacityKWh === undefined ? 0 : withinChargeKWh(asset, capacityKWh);
      };
      return source.pipe(
        mapDefined((moment) => {
          const { asset } = moment;
          const size = Math.min(energyKWh(asset) * part, chargeLimit(asset), most);
          return size <= SMALLEST_ENERGY_KWH ? undefined : withSize(moment, { side, energyKWh: size });
        }),
      );
    });
};

/*
 * The exchange takes what is traded off a storage's free energy at once, and puts it to the used one when the slot is
 * over: the two sum up to the capacity as long as nothing is traded in the slot.
 */
const capacities = () => {
  const known = new Map<string, number>();
  return ({ uuid, freeStorageKWh, usedStorageKWh, energyTradedKWh }: Storage): number | undefined => {
    if (energyTradedKWh === 0) known.set(uuid, freeStorageKWh + usedStorageKWh);
    return known.get(uuid);
  };
};
