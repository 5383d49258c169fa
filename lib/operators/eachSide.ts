import { connect, merge, type Observable, type OperatorFunction } from 'rxjs';
import type { OwnedAsset } from '../model/grid.ts';
import { sizeBid } from './sizeBid.ts';
import { sizeOffer } from './sizeOffer.ts';
import type { Sized } from './sized.ts';

/**
 * Turns each moment of an asset into one per side on which it has energy to trade, the bid first: with the `side` and
 * with all the `energyKWh` of it.
 *
 * Storages stand on both sides, and so do smart meters that consume and produce. The energies are those of `sizeBid` and
 * `sizeOffer`. Where there is nothing to trade the moment is skipped.
 *
 * ```
 * moment      -a----b-|      a: a storage, b: a load
 * eachSide()  -(AO)-B-|      A, B: with `side: 'bid'`, O: with `side: 'offer'`
 * ```
 *
 * @example
 * marketSlot$.pipe(
 *   eachAsset(),
 *   eachSide(),
 *   atRate(({ side }) => (side === 'bid' ? 24 : 12)),
 *   placeOrder(),
 * );
 */
export const eachSide = <M extends { readonly asset: OwnedAsset }>(): OperatorFunction<M, Sized<M>> =>
  connect((moment$: Observable<M>) => merge(moment$.pipe(sizeBid()), moment$.pipe(sizeOffer())));
