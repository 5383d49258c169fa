import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { areaOf, type AreaMoment } from './areaMoment.ts';

/**
 * Lets only the moments of the areas within this market through, however deep they lie in it.
 *
 * ```
 * moment              -(abc)-|      of the assets a and b in the home, and c in the farm
 * inMarket('home')    -(ab)--|
 * ```
 *
 * @param nameOrUuid of a market area
 * @throws GsyError `ERR_GSY_UNKNOWN_AREA` or `ERR_GSY_AMBIGUOUS_NAME` into the stream, as `Grid.area` does
 * @example tick$.pipe(eachAsset(isPv), inMarket('House 1'))
 */
export const inMarket = <M extends AreaMoment>(nameOrUuid: string): MonoTypeOperatorFunction<M> =>
  filter((moment) => {
    const { grid } = moment;
    const market = grid.area(nameOrUuid);
    const [, ...above] = grid.pathToRoot(areaOf(moment).uuid);
    return above.some(({ uuid }) => uuid === market.uuid);
  });
