import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs';

/**
 * Lets all moments of a slot through or none, which is decided at its first one.
 *
 * @param decider makes what decides, anew for each subscription
 */
export const filterSlots =
  <M extends { readonly slot: string }>(
    decider: () => (slot: string) => boolean,
  ): MonoTypeOperatorFunction<M> =>
  (source) =>
    defer(() => {
      const decide = decider();
      let slot: string | undefined;
      let passes = false;
      return source.pipe(
        filter((moment) => {
          if (moment.slot !== slot) passes = decide(moment.slot);
          slot = moment.slot;
          return passes;
        }),
      );
    });
