import type { OperatorFunction } from 'rxjs';
import { extended } from '../extended.ts';
import { isOwnedAsset } from '../grid/grid.ts';
import type { Trade } from '../model/events.ts';
import type { OwnedAsset } from '../model/grid.ts';
import { mapDefined } from './mapDefined.ts';

/**
 * Adds to each trade the asset of yours that made it, with its energies after the trade; the guard says of which kind.
 *
 * Trades of a run's first slot, where the grid is empty, are skipped. An asset that trades with another of yours, or in
 * parts, makes several trades.
 *
 * ```
 * trade                -a-b-c-|      a, c: of a storage, b: of a load
 * tradesOf(isStorage)  -A---C-|      with the storage
 * ```
 *
 * @example
 * // Sells on what a storage has bought, two cents dearer.
 * trade$.pipe(
 *   tradesOf(isStorage),
 *   filter(({ side }) => side === 'bought'),
 *   map(({ asset, energyKWh, rate }) =>
 *     offerEnergyRate(asset.uuid, energyKWh, rate + 2, { replaceExisting: false }),
 *   ),
 * );
 */
export function tradesOf(): OperatorFunction<Trade, Trade & { readonly asset: OwnedAsset }>;
export function tradesOf<A extends OwnedAsset>(
  guard: (asset: OwnedAsset) => asset is A,
): OperatorFunction<Trade, Trade & { readonly asset: A }>;
export function tradesOf(
  guard: (asset: OwnedAsset) => boolean = () => true,
): OperatorFunction<Trade, Trade & { readonly asset: OwnedAsset }> {
  return mapDefined((trade) => {
    const asset = trade.grid.byUuid(trade.assetUuid);
    return asset !== undefined && isOwnedAsset(asset) && guard(asset)
      ? extended(trade, { asset })
      : undefined;
  });
}
