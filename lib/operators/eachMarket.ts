import { identity, mergeMap, type OperatorFunction } from 'rxjs';
import { isOwnedAsset } from '../grid/grid.ts';
import type { SlotEvent } from '../model/events.ts';
import type { MarketArea, OwnedAsset } from '../model/grid.ts';
import { named } from './named.ts';

/** A slot event as one market sees it: the event, the market, and the client's own assets directly in it. */
export type MarketMoment<E extends SlotEvent = SlotEvent> = E & {
  readonly market: MarketArea;
  readonly assets: readonly OwnedAsset[];
};

/**
 * Turns each market slot or tick into one moment per market area: a grid, a community, a home; or per one of these names
 * or uuids.
 *
 * The exchange tells of all markets, also of those that another aggregator controls; name those that you command.
 * `assets` are the client's own assets directly in the market and not those in markets below it. A client that controls
 * markets only hears no ticks. In a run's first slot the grid is empty, so there are none.
 *
 * ```
 * event         -s-------t----|      s, t: two markets a and b
 * eachMarket()  -(ab)----(ab)-|
 * ```
 *
 * @throws GsyError `ERR_GSY_UNKNOWN_AREA` into the stream, for a name or uuid that the grid does not have
 * @example
 * marketSlot$.pipe(
 *   eachMarket('Community'),
 *   map(({ market }) => gridFees(market.uuid, 2)),
 * );
 */
export const eachMarket =
  <E extends SlotEvent>(...namesOrUuids: readonly string[]): OperatorFunction<E, MarketMoment<E>> =>
  (source) =>
    source.pipe(
      mergeMap((event) =>
        event.grid.markets.map((market) => ({
          ...event,
          market,
          assets: event.grid.children(market.uuid).filter(isOwnedAsset),
        })),
      ),
      namesOrUuids.length === 0 ? identity : named(...namesOrUuids),
    );
