/**
 * The embedded exchange.
 * @module gsy-rx/sandbox
 */

import { merge, Subject, timer, type Observable, type SchedulerLike } from 'rxjs';
import { GsyError } from '../errors.ts';
import { every } from '../every.ts';
import { HEARTBEAT } from '../wire/channels.ts';
import { ticksPerSlot, type Community } from './community.ts';
import { openExchange } from './exchange.ts';
import type { ExchangeBus } from './exchangeBus.ts';
import { openPace } from './pace.ts';
import { seededRandom } from './random.ts';
import { resultsOf, type Results } from './results.ts';
import type { Steering } from './steering.ts';

export type {
  AreaSpec,
  AssetSpec,
  Community,
  EvenProfile,
  ForecastProfile,
  HoursProfile,
  LoadSpec,
  MarketMakerSpec,
  MeasuredProfile,
  PanelProfile,
  Profile,
  PvSpec,
  ShapedProfile,
  SmartMeterSpec,
  SpotMarketType,
  StorageSpec,
} from './community.ts';
export type { MarketType } from './areas.ts';
export type { ExchangeBus } from './exchangeBus.ts';
export type { RateByTime, TimedProfile, TimedValues } from './profile.ts';
export type { ShapeName } from './shapes.ts';
export type { AssetResult, MarketResult, Results, TradeResult } from './results.ts';
export { defaultCommunity } from './defaultCommunity.ts';
export { parseCommunity, type ReadProfileFile } from './parseCommunity.ts';
export { redisBus, type RedisBus } from './redis.ts';
export { traitsOf } from './traits.ts';
export type { RedisPubSubOptions } from '../transport/redisPubSub.ts';

/** What an exchange runs on. */
export interface SandboxOptions {
  /** The only clock: virtual time for a day at once, `asyncScheduler` for a day as it passes. */
  readonly scheduler: SchedulerLike;
  /** Where clients are; the exchange speaks the channels and texts of the real one. */
  readonly bus: ExchangeBus;
  /** Decides who goes first where the real exchange draws lots, and all ids; 0 unless said otherwise. */
  readonly seed?: number;
  /**
   * How long a slot takes on the scheduler; its true length unless said otherwise. When it is given somebody watches,
   * so a heartbeat goes out every 5 s until the run ends.
   */
  readonly realTimePerSlotMs?: number;
  /** Stands in the channels of batches and events, as with an exchange that has been given one; none unless said. */
  readonly configurationId?: string;
  /**
   * Whether the exchange speaks as it does behind a web service: areas go by uuid under the configuration id, which
   * aggregator commands must tell and events bear. It needs a configuration id.
   */
  readonly webMode?: boolean;
  /**
   * Whether what ends or deafens the real exchange does so here, for tests of that. Unless it is said, the exchange
   * counts it, answers with an error where there is somebody to answer, and goes on.
   */
  readonly strict?: boolean;
}

/** A slot has finished. */
export interface Progress {
  /** `YYYY-MM-DDTHH:mm`, UTC. */
  readonly slot: string;
  /** Counted from 0. */
  readonly index: number;
  /** The slots of the whole run. */
  readonly count: number;
}

/** An exchange that runs inside the program. */
export interface Sandbox {
  /** Begins the run: the first tick comes one tick length later. */
  start(): void;
  /** Ends the run where it stands; nobody is told. */
  stop(): void;
  /**
   * Each finished slot; completes at the end of the run. It errors with a GsyError `ERR_GSY_EXCHANGE_DIED` where a strict
   * exchange was sent what ends it: then no finish event is said, and the heart stops.
   */
  readonly progress$: Observable<Progress>;
  /** What the run has come to so far. */
  results(): Results;
}

/**
 * An exchange for a community, listening on the bus from now on. Aggregators and registrations are answered before
 * the start too, so a client that connects first hears the very first market event. Clients can pause, resume and stop
 * the run (exchange protocol, control and health).
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for web mode without a configuration id.
 */
export const openSandbox = (community: Community, options: SandboxOptions): Sandbox => {
  const { scheduler, bus, seed = 0, realTimePerSlotMs, configurationId = '', webMode = false } = options;
  if (webMode && configurationId === '')
    throw new GsyError('ERR_GSY_OPTIONS', 'Web mode needs a configurationId: it stands in every channel.');
  const progress = new Subject<Progress>();
  const publish = (channel: string, data: string): unknown => bus.publish(channel, data);
  const steer = (command: Steering): void => {
    if (command === 'stop') end();
    else pace[command]();
  };
  const naming = { configurationId, web: webMode };
  const { strict = false } = options;
  const exchange = openExchange(community, seededRandom(seed), publish, { steer, naming, strict });
  const ticks = ticksPerSlot(community);
  const slotMs = realTimePerSlotMs ?? community.slotLengthMinutes * 60_000;

  const fallSilent = (): void => {
    pace.stop();
    alive.unsubscribe();
  };
  const stop = (): void => {
    fallSilent();
    progress.complete();
  };
  const die = (): void => {
    fallSilent();
    progress.error(new GsyError('ERR_GSY_EXCHANGE_DIED', DIED));
  };
  const end = (): void => {
    exchange.finish();
    stop();
  };
  const tick = (): boolean => {
    if (exchange.trading.finished()) {
      end();
      return false;
    }
    const moment = exchange.tick();
    if (moment === undefined) {
      die();
      return false;
    }
    const { slot, slotText, tick: index } = moment;
    if (index === ticks - 1) progress.next({ slot: slotText, index: slot, count: community.slots });
    return true;
  };

  const pace = openPace(scheduler, slotMs / ticks, tick);
  const alive = bus.frames(exchange.channels).subscribe((frame) => exchange.receive(frame));
  if (realTimePerSlotMs !== undefined) {
    alive.add(
      merge(timer(0, scheduler), every(HEARTBEAT_MS, scheduler)).subscribe(() =>
        publish(HEARTBEAT, heartbeat(scheduler.now())),
      ),
    );
  }
  return {
    start: () => pace.start(),
    stop,
    progress$: progress.asObservable(),
    results: () => resultsOf(exchange.trading, exchange.dangers()),
  };
};

const HEARTBEAT_MS = 5_000;
const DIED = 'The exchange was sent a message that ends it, as the real one would have ended.';

const heartbeat = (nowMs: number): string => JSON.stringify({ time: Math.floor(nowMs / 1000) });
