import {
  asyncScheduler,
  concat,
  connectable,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  map,
  mergeMap,
  NEVER,
  ReplaySubject,
  Subject,
  take,
  takeUntil,
  throwError,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { validate as isUuid } from 'uuid';
import { selectAreas, type AreaControl } from './aggregator.ts';
import { register, unregister, type Registered, type Unregistered } from './asset.ts';
import { GsyError } from './errors.ts';
import { eventStreams, type LinkMessage } from './events.ts';
import { ask, isReplyTo, linkOver, type Link } from './link.ts';
import { askDsoMarketStats, setGridFees, type GridFees } from './market.ts';
import type { AreaEvent } from './model/areaEvents.ts';
import type { ChangeGridFees } from './model/commands.ts';
import type { DecodeFailure, Failure } from './model/failures.ts';
import type { DsoMarketStats } from './model/replies.ts';
import { once } from './once.ts';
import { unselect } from './release.ts';
import type { Transport, TransportStatus } from './transport/transport.ts';
import { unselectable, type Unselectable } from './unselect.ts';
import { slugOf } from './wire/channels.ts';
import type { AggregatorReply } from './wire/messages.ts';

/** Over what to speak to areas. */
export interface AreasOptions {
  readonly transport: Transport;
  /** The only clock; real time unless said otherwise. */
  readonly scheduler?: SchedulerLike;
}

/**
 * One asset or market, without an aggregator of this client's. Each call is sent when it is made, once; its Observable
 * replays the answer and errors with a `GsyError`.
 */
export interface AreaClient {
  /**
   * Its own events: an asset's from the market slot on that follows its registration, as long as no aggregator has
   * selected it; a market's end.
   */
  readonly event$: Observable<AreaEvent>;
  /**
   * Registers it by name: the exchange no longer trades for it from the next market slot on. `silent`, after 10 s, when
   * it was registered already. Errors with `ERR_GSY_UNKNOWN_AREA` when nobody answers to the name.
   */
  register(): Observable<Registered>;
  /** Unregisters it: from the next market slot on an asset is the exchange's again, and in no aggregator. */
  unregister(): Observable<Unregistered>;
  /**
   * Selects it into somebody's aggregator: `aggregatorUuidOf(name)` for one that `run` controls on a local exchange,
   * the server's uuid for one on a hosted exchange. Errors with `ERR_GSY_UNKNOWN_AGGREGATOR` when there is none.
   */
  select(aggregatorUuid: string): Observable<AreaControl>;
  /**
   * Takes it out of the aggregator that holds it, if that is safe: an asset that this connection has registered and
   * seen connected, before it was selected; a market that it has asked something. Errors with `ERR_GSY_REFUSED`, with
   * nothing sent, otherwise; `unregister` is always safe.
   */
  unselect(aggregatorUuid: string): Observable<void>;
}

/** A market, for grid operators; it has to be registered before it answers. */
export interface MarketClient extends AreaClient {
  /** Sets the grid fee in cents/kWh from the next slot on, for runs with constant fees; `ERR_GSY_REFUSED` in others. */
  gridFees(centsPerKWh: number): Observable<GridFees>;
  /** Sets the grid fee in percent from the next slot on, for runs with percentage fees. */
  changeGridFeesPercent(percent: number): Observable<GridFees>;
  /** Asks for the figures of the last finished slot; all undefined before the first. */
  lastMarketDsoStats(): Observable<DsoMarketStats>;
}

/** A connection to single areas. Its streams are hot: subscribe in the same turn. */
export interface Areas {
  /** The events of all areas that were registered here; errors with a `GsyError` when the connection fails for good. */
  readonly event$: Observable<AreaEvent>;
  /** Messages that were not understood. */
  readonly failure$: Observable<DecodeFailure>;
  readonly status$: Observable<TransportStatus>;
  /** An asset, by its name verbatim; over REST also by its uuid. */
  asset(name: string): AreaClient;
  /** A market, by its name; over REST also by its uuid. */
  market(name: string): MarketClient;
  /** Closes the connection when it is called; completes when it is closed. What is registered stays so. */
  close(): Observable<never>;
}

/**
 * Connects at once to single assets and markets, without an aggregator, over any transport (exchange protocol,
 * finding and registering areas, direct asset events).
 *
 * There are no orders and no forecasts this way: the exchange dies of most of them, so they go through the aggregator
 * of a `run`, or forecasts through `hostedAsset`.
 *
 * @example
 * const areas = connectAreas({ transport: redisTransport({ url: 'redis://localhost' }) });
 * const house = areas.market('House 1');
 * await firstValueFrom(house.register());
 * await firstValueFrom(house.gridFees(2));
 */
export const connectAreas = ({ transport, scheduler = asyncScheduler }: AreasOptions): Areas => {
  const closeSubject = new Subject<void>();
  const streams = eventStreams({
    frame$: transport.frame$.pipe(takeUntil(closeSubject)),
    outcome$: NEVER,
    scheduler,
    report: () => undefined,
    feeUnit: 'cents/kWh',
    configurationId: transport.configurationId ?? '',
  });
  const link = linkOver(transport, streams, scheduler);
  const safe$ = connectable(unselectable(link.link$, transport.status$.pipe(takeUntil(closeSubject))), {
    connector: () => new ReplaySubject<Unselectable>(1),
    resetOnDisconnect: false,
  });
  const event$ = streams.link$.pipe(filter((message) => message.kind === 'area-event'));
  safe$.connect();
  streams.connect();
  return {
    event$,
    failure$: streams.failure$.pipe(filter(isDecodeFailure)),
    status$: transport.status$,
    asset: (name) => areaClient({ link, event$, safe$ }, name, name),
    market: (name) => marketClient({ link, event$, safe$ }, name),
    close: () => once(transport.close().pipe(finalize(() => closeSubject.next()))),
  };
};

/** What all areas of a connection share. */
interface Connection {
  readonly link: Link;
  readonly event$: Observable<AreaEvent>;
  readonly safe$: Observable<Unselectable>;
}

const areaClient = ({ link, event$, safe$ }: Connection, name: string, channelName: string): AreaClient => ({
  event$: event$.pipe(filter((event) => event.channelName === channelName)),
  register: () => once(register(link, channelName)),
  unregister: () => once(unregister(link, channelName)),
  select: (aggregatorUuid) =>
    once(
      concat(sound(aggregatorUuid), found(link, aggregatorUuid), selectAreas(link, aggregatorUuid, [name])),
    ),
  unselect: (aggregatorUuid) =>
    once(
      concat(sound(aggregatorUuid), safe$).pipe(
        take(1),
        map((safe) => provenSafe(safe, name, channelName)),
        mergeMap((uuid) => unselect(link, aggregatorUuid, { uuid, name })),
        map(() => undefined),
      ),
    ),
});

const marketClient = (connection: Connection, name: string): MarketClient => {
  const channelName = slugOf(name);
  const setFee = (fee: ChangeGridFees['fee']) => once(setGridFees(connection.link, channelName, fee));
  return {
    ...areaClient(connection, name, channelName),
    gridFees: (centsPerKWh) => setFee({ centsPerKWh }),
    changeGridFeesPercent: (percent) => setFee({ percent }),
    lastMarketDsoStats: () => once(askDsoMarketStats(connection.link, channelName)),
  };
};

const sound = (aggregatorUuid: string): Observable<never> =>
  isUuid(aggregatorUuid)
    ? EMPTY
    : throwError(
        () =>
          new GsyError(
            'ERR_GSY_OPTIONS',
            `${aggregatorUuid} is not the uuid of an aggregator; that of a name is aggregatorUuidOf(name)`,
          ),
      );

// To select into an aggregator that the exchange does not know takes the area away from its owner.
const found = (link: Link, aggregatorUuid: string): Observable<never> => {
  const isReply = isReplyTo(aggregatorUuid);
  return ask(link, {
    request: { kind: 'find-aggregator', aggregatorUuid },
    // Not the answer to its owner, who may be creating it just now under its own name.
    isAnswer: (message: LinkMessage): message is AggregatorReply =>
      isReply(message) && (message.status === 'error' || message.name === aggregatorUuid),
    patienceMs: 10_000,
    silence: 'the exchange did not answer within 10 s whether there is such an aggregator',
  }).pipe(
    map(({ status }) => {
      if (status !== 'error')
        throw new GsyError('ERR_GSY_UNKNOWN_AGGREGATOR', `there is no aggregator ${aggregatorUuid}`);
    }),
    ignoreElements(),
  );
};

const provenSafe = (safe: Unselectable, name: string, channelName: string): string => {
  const uuid = safe.get(channelName);
  if (uuid !== undefined) return uuid;
  throw new GsyError(
    'ERR_GSY_REFUSED',
    `${name} is not unselected, which could end the simulation. An asset has to be registered here and told of a market slot before it is selected; unregister it instead, and it leaves its aggregator with the next market slot. A market has to have answered something here.`,
  );
};

const isDecodeFailure = (failure: Failure): failure is DecodeFailure => failure.kind === 'decode-failure';
