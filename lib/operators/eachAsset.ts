import type { OperatorFunction } from 'rxjs';
import type { SlotEvent } from '../model/events.ts';
import type { OwnedAsset } from '../model/grid.ts';
import { withAsset } from './moment.ts';
import { operate } from './operate.ts';

/** A slot event as one asset sees it: the event with everything it carries, and the asset. */
export type AssetMoment<A extends OwnedAsset = OwnedAsset> = SlotEvent & { readonly asset: A };

/**
 * Turns each market slot or tick into one moment per asset under this client's control.
 *
 * The guard says which assets: `isLoad`, `isPv`, `isStorage`, `isSmartMeter`, or any type predicate over them; without
 * one every asset is meant. The moments of an event come in the order of the grid, and carry whatever earlier operators
 * have added to it. In a run's first slot the grid is empty, so there are none.
 *
 * ```
 * event          -s-------t----|      s, t: two loads a and b
 * eachAsset()    -(ab)----(ab)-|
 * ```
 *
 * @example
 * const consumes = (asset: OwnedAsset) => isLoad(asset) || isSmartMeter(asset);
 * tick$.pipe(
 *   eachAsset(consumes),
 *   map(({ asset }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh, 24)),
 * );
 */
export function eachAsset<E extends SlotEvent>(): OperatorFunction<E, E & { readonly asset: OwnedAsset }>;
export function eachAsset<E extends SlotEvent, A extends OwnedAsset>(
  guard: (asset: OwnedAsset) => asset is A,
): OperatorFunction<E, E & { readonly asset: A }>;
export function eachAsset<E extends SlotEvent>(
  guard: (asset: OwnedAsset) => boolean = () => true,
): OperatorFunction<E, E & { readonly asset: OwnedAsset }> {
  return operate((event, subscriber) => {
    for (const asset of event.grid.assets) {
      if (subscriber.closed) return;
      if (guard(asset)) subscriber.next(withAsset(event, asset));
    }
  });
}
