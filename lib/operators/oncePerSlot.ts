import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs';

/**
 * Lets the first value of each slot through, or with a key the first of each slot and key.
 *
 * It remembers the keys of the running slot alone: a value of another slot begins anew. Because it does not depend on
 * the market slot event itself, a client that joins in the middle of a slot acts too, at its first tick.
 *
 * ```
 * moment         -a-b-A-B-|      small letters: one slot, capitals: the next
 * oncePerSlot()  -a---A---|
 * ```
 *
 * @param key what makes a value another one, compared with `===`; the same for all unless said otherwise
 * @example
 * merge(marketSlot$, tick$).pipe(
 *   eachAsset(isPv),
 *   oncePerSlot(({ asset }) => asset.uuid),
 * );
 */
export const oncePerSlot =
  <M extends { readonly slot: string }>(
    key: (moment: M) => unknown = () => undefined,
  ): MonoTypeOperatorFunction<M> =>
  (source) =>
    defer(() => {
      let slot: string | undefined;
      const seen = new Set<unknown>();
      return source.pipe(
        filter((moment) => {
          if (moment.slot !== slot) seen.clear();
          slot = moment.slot;
          const before = seen.size;
          return seen.add(key(moment)).size > before;
        }),
      );
    });
