import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Grid } from '../model/grid.ts';
import { areaOf, type AreaMoment } from './areaMoment.ts';

/**
 * Lets only the moments of the assets or markets with one of these names or uuids through.
 *
 * Names may repeat: all areas of a name are meant. A name that the grid does not have is a mistake and not silence.
 *
 * ```
 * moment                -(abc)-|      of the assets a, b and c
 * named('a', 'c')       -(ac)--|
 * ```
 *
 * @throws GsyError `ERR_GSY_UNKNOWN_AREA` into the stream, for a name or uuid that the grid does not have
 * @example tick$.pipe(eachAsset(isLoad), named('H1 General Load', 'H2 General Load'))
 */
export const named =
  <M extends AreaMoment>(...namesOrUuids: readonly string[]): MonoTypeOperatorFunction<M> =>
  (source) =>
    defer(() => {
      const wanted = new Set(namesOrUuids);
      let checked: Grid | undefined;
      return source.pipe(
        filter((moment) => {
          if (moment.grid !== checked) requireAll(namesOrUuids, moment.grid);
          checked = moment.grid;
          const { name, uuid } = areaOf(moment);
          return wanted.has(name) || wanted.has(uuid);
        }),
      );
    });

// `area` throws with what there is; several of one name are none of its trouble here.
const requireAll = (namesOrUuids: readonly string[], grid: Grid): void => {
  for (const nameOrUuid of namesOrUuids) if (grid.byName(nameOrUuid).length === 0) grid.area(nameOrUuid);
};
