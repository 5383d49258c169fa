import {
  asyncScheduler,
  concat,
  defer,
  filter,
  finalize,
  ignoreElements,
  merge,
  NEVER,
  Observable,
  type SchedulerLike,
} from 'rxjs';
import { register } from './asset.ts';
import { eventStreams } from './events.ts';
import { linkOver } from './link.ts';
import type { AreaEvent } from './model/areaEvents.ts';
import type { DecodeFailure, Failure } from './model/failures.ts';
import type { Transport } from './transport/transport.ts';
import { slugOf } from './wire/channels.ts';

/** Which areas to watch, and over what. */
export interface AreaEventsOptions {
  readonly transport: Transport;
  /** Names of assets, verbatim. */
  readonly assets?: readonly string[];
  /** Names of markets. */
  readonly markets?: readonly string[];
  /** The only clock; real time unless said otherwise. */
  readonly scheduler?: SchedulerLike;
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
  transport,
  assets = [],
  markets = [],
  scheduler = asyncScheduler,
}: AreaEventsOptions): Observable<AreaEvent | DecodeFailure> =>
  defer(() => {
    const streams = eventStreams({
      frame$: transport.frame$,
      outcome$: NEVER,
      scheduler,
      report: () => undefined,
      feeUnit: 'cents/kWh',
      configurationId: '',
    });
    const link = linkOver(transport, streams, scheduler);
    const registering = [...assets, ...markets.map(slugOf)].map((name) => register(link, name));
    const event$ = streams.link$.pipe(filter((message) => message.kind === 'area-event'));
    const failure$ = streams.failure$.pipe(filter(isDecodeFailure));
    // The registrations only tell of failure; once they are done the events go on.
    const registered$ = concat(merge(...registering).pipe(ignoreElements()), NEVER);
    // Last of all: everything listens by then.
    const connected$ = new Observable<never>(() => streams.connect());
    return merge(event$, failure$, registered$, connected$).pipe(finalize(() => transport.close()));
  });

const isDecodeFailure = (failure: Failure): failure is DecodeFailure => failure.kind === 'decode-failure';
