import { defer, type OperatorFunction } from 'rxjs';
import { extended } from '../extended.ts';
import { mapDefined } from './mapDefined.ts';

/**
 * Adds the slot that follows: `nextSlot`, `YYYY-MM-DDTHH:mm`, UTC.
 *
 * No message tells how long a slot is. It is measured as the shortest time between two slots, so nothing comes before
 * the second slot that is seen.
 *
 * ```
 * slot            -a-b-c-|
 * withNextSlot()  ---B-C-|      B: b with the name of c
 * ```
 *
 * @example
 * marketSlot$.pipe(
 *   withNextSlot(),
 *   eachAsset(isLoad),
 *   map(({ asset, nextSlot }) => setEnergyForecast(asset.uuid, { [nextSlot]: 1.2 })),
 * );
 */
export const withNextSlot =
  <M extends { readonly slot: string }>(): OperatorFunction<M, M & { readonly nextSlot: string }> =>
  (source) =>
    defer(() => {
      let lengthMs = Infinity;
      let begin: number | undefined;
      return source.pipe(
        mapDefined((moment) => {
          const now = Date.parse(`${moment.slot}Z`);
          if (begin !== undefined && now > begin) lengthMs = Math.min(lengthMs, now - begin);
          begin = now;
          return Number.isFinite(lengthMs)
            ? extended(moment, { nextSlot: slotAt(now + lengthMs) })
            : undefined;
        }),
      );
    });

const slotAt = (ms: number): string => new Date(ms).toISOString().slice(0, 'YYYY-MM-DDTHH:mm'.length);
