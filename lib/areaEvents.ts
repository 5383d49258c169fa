import { concat, defer, finalize, ignoreElements, merge, NEVER, type Observable } from 'rxjs';
import { connectAreas, type AreasOptions } from './areas.ts';
import type { AreaEvent } from './model/areaEvents.ts';
import type { DecodeFailure } from './model/failures.ts';

/** Which areas to watch, and over what. */
export interface AreaEventsOptions extends AreasOptions {
  /** Names of assets, verbatim. */
  readonly assets?: readonly string[];
  /** Names of markets. */
  readonly markets?: readonly string[];
}

/**
 * Watches areas without an aggregator: registers them by name and gives their own events. Cold: to subscribe opens the
 * connection, to unsubscribe closes it.
 *
 * An asset's market, tick and trade events come from the next market slot on, when its registration has taken effect; the
 * exchange then no longer trades for it. A market hears only the end. A message that is not understood comes as a
 * `DecodeFailure`. Errors with a `GsyError` `ERR_GSY_UNKNOWN_AREA` when nobody answers to a name. There is no way to
 * give orders here: the exchange dies of most of them. Exchange protocol, direct asset events.
 *
 * @example
 * const trade$ = areaEvents({ transport, assets: ['Tesla Powerwall 3'] }).pipe(filter(isTrade));
 */
export const areaEvents = ({
  assets = [],
  markets = [],
  ...options
}: AreaEventsOptions): Observable<AreaEvent | DecodeFailure> =>
  defer(() => {
    const areas = connectAreas(options);
    const registering = [
      ...assets.map((name) => areas.asset(name).register()),
      ...markets.map((name) => areas.market(name).register()),
    ];
    // The registrations only tell of failure; once they are done the events go on.
    const registered$ = concat(merge(...registering).pipe(ignoreElements()), NEVER);
    return merge(areas.event$, areas.failure$, registered$).pipe(finalize(() => areas.close()));
  });
