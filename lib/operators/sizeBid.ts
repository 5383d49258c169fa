import type { OperatorFunction } from 'rxjs';
import type { OwnedAsset } from '../model/grid.ts';
import { numberWithin } from './options.ts';
import { sizedBy, type Sized, type SizeOptions } from './sized.ts';

/** How much to buy. */
export interface BidSizeOptions extends SizeOptions {
  /** For storages: the state of charge, 0 to 1, beyond which nothing is bought. */
  readonly maxCharge?: number;
}

/**
 * Adds how much to bid for: `energyKWh`, all that the asset can still buy, or a share of it, or no more than a cap; and
 * the `side`, for `placeOrder`.
 *
 * That is what loads and smart meters need, and what storages can take in the slot. The sizes are those of an order that
 * replaces the former one. Where there is nothing to buy the moment is skipped. With `maxCharge` a storage counts what
 * it has traded in the slot as being there; one that is first seen after a trade waits for the next slot, because its
 * capacity cannot be told.
 *
 * ```
 * moment                   -a-b-c-|      loads that need 2 kWh, 0 kWh and 8 kWh
 * sizeBid({ share: 0.5 })  -A---C-|      1 kWh and 4 kWh
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for options out of their bounds
 * @example storage$.pipe(sizeBid({ maxCharge: 0.9 }), atRate(12), placeOrder())
 */
export const sizeBid = <M extends { readonly asset: OwnedAsset }>({
  maxCharge,
  ...options
}: BidSizeOptions = {}): OperatorFunction<M, Sized<M>> => {
  const full = maxCharge === undefined ? undefined : numberWithin('sizeBid: maxCharge', maxCharge, 0, 1);
  const withinChargeKWh =
    full === undefined
      ? undefined
      : ({ freeStorageKWh }: { readonly freeStorageKWh: number }, capacityKWh: number) =>
          freeStorageKWh - (1 - full) * capacityKWh;
  return sizedBy('sizeBid', { side: 'bid', energyKWh: buyable, withinChargeKWh }, options);
};

const buyable = (asset: OwnedAsset): number => {
  switch (asset.kind) {
    case 'load':
    case 'smart-meter':
      return asset.energyRequirementKWh;
    case 'storage':
      return asset.tradableToBuyKWh;
    case 'pv':
      return 0;
  }
};
