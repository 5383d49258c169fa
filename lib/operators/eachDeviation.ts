import { mergeMap, type OperatorFunction } from 'rxjs';
import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import { extended } from '../extended.ts';
import type { OwnedAsset } from '../model/grid.ts';
import type { Sized } from './sized.ts';

/** A moment that says how much to order in which past slot. */
export type SettlementMoment<M> = Sized<M> & { readonly timeSlot: string };

/**
 * Turns each moment of an asset into one per past slot in which it still has to settle a deviation, oldest first: with
 * the `timeSlot`, the `side` and the `energyKWh` of the order that would settle it.
 *
 * What was consumed beyond what was traded must be bought, what was left over sold. Slots without a measurement and
 * settled ones are skipped, so nothing comes where the exchange has no settlement market. The slots are those that the
 * event lists; in the last fifth of a slot the sink refuses orders for past ones, since they may close meanwhile.
 *
 * ```
 * moment           -a----b-|      a: two open slots, b: none
 * eachDeviation()  -(AB)---|
 * ```
 *
 * @example
 * marketSlot$.pipe(
 *   eachAsset(),
 *   eachDeviation(),
 *   atRate(({ side }) => (side === 'bid' ? 5 : 10)),
 *   placeOrder(),
 * );
 */
export const eachDeviation = <M extends { readonly asset: OwnedAsset }>(): OperatorFunction<
  M,
  SettlementMoment<M>
> =>
  mergeMap((moment) => {
    const { asset } = moment;
    if (!('unsettledDeviationsKWh' in asset)) return [];
    return [...asset.unsettledDeviationsKWh].flatMap(
      ([timeSlot, deviationKWh = 0]): SettlementMoment<M>[] => {
        const energyKWh = Math.abs(deviationKWh);
        const side = deviationKWh > 0 ? 'bid' : 'offer';
        return energyKWh <= SMALLEST_ENERGY_KWH ? [] : [extended(moment, { timeSlot, side, energyKWh })];
      },
    );
  });
