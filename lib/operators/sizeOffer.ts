import type { OperatorFunction } from 'rxjs';
import type { OwnedAsset } from '../model/grid.ts';
import { numberWithin } from './options.ts';
import { sizedBy, type Sized, type SizeOptions } from './sized.ts';

/** How much to sell. */
export interface OfferSizeOptions extends SizeOptions {
  /** For storages: the state of charge, 0 to 1, below which nothing is sold. */
  readonly minCharge?: number;
}

/**
 * Adds how much to offer: `energyKWh`, all that the asset can still sell, or a share of it, or no more than a cap; and
 * the `side`, for `placeOrder`.
 *
 * That is what PVs and smart meters have, and what storages can give in the slot; otherwise as `sizeBid`.
 *
 * ```
 * moment                   -a-b-c-|      PVs that have 2 kWh, 0 kWh and 8 kWh
 * sizeOffer({ maxKWh: 3 }) -A---C-|      2 kWh and 3 kWh
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for options out of their bounds
 * @example storage$.pipe(sizeOffer({ minCharge: 0.2 }), atRate(25), placeOrder())
 */
export const sizeOffer = <M extends { readonly asset: OwnedAsset }>({
  minCharge,
  ...options
}: OfferSizeOptions = {}): OperatorFunction<M, Sized<M>> => {
  const reserve = minCharge === undefined ? undefined : numberWithin('sizeOffer: minCharge', minCharge, 0, 1);
  const withinChargeKWh =
    reserve === undefined
      ? undefined
      : ({ freeStorageKWh }: { readonly freeStorageKWh: number }, capacityKWh: number) =>
          (1 - reserve) * capacityKWh - freeStorageKWh;
  return sizedBy('sizeOffer', { side: 'offer', energyKWh: sellable, withinChargeKWh }, options);
};

const sellable = (asset: OwnedAsset): number => {
  switch (asset.kind) {
    case 'pv':
    case 'smart-meter':
      return asset.availableEnergyKWh;
    case 'storage':
      return asset.tradableToSellKWh;
    case 'load':
      return 0;
  }
};
