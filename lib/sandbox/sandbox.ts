import { Subject, type Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { ticksPerSlot, type Community } from './community.ts';
import { openExchange } from './exchange.ts';
import type { ExchangeBus } from './exchangeBus.ts';
import { seededRandom } from './random.ts';
import { resultsOf, type Results } from './results.ts';

export type {
  AreaSpec,
  AssetSpec,
  Community,
  LoadSpec,
  MarketMakerSpec,
  PvSpec,
  SmartMeterSpec,
  StorageSpec,
} from './community.ts';
export type { ExchangeBus } from './exchangeBus.ts';
export type { Profile, ShapeName } from './shapes.ts';
export type { AssetResult, MarketResult, Results, TradeResult } from './results.ts';
export { defaultCommunity } from './defaultCommunity.ts';
export { parseCommunity } from './parseCommunity.ts';

/** What an exchange runs on. */
export interface SandboxOptions {
  /** The only clock: virtual time for a day at once, `asyncScheduler` for a day as it passes. */
  readonly scheduler: SchedulerLike;
  /** Where clients are; the exchange speaks the channels and texts of the real one. */
  readonly bus: ExchangeBus;
  /** Decides who goes first where the real exchange draws lots, and all ids; 0 unless said otherwise. */
  readonly seed?: number;
  /** How long a slot takes on the scheduler; its true length unless said otherwise. */
  readonly realTimePerSlotMs?: number;
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
  /** Each finished slot; completes at the end of the run. */
  readonly progress$: Observable<Progress>;
  /** What the run has come to so far. */
  results(): Results;
}

/**
 * An exchange for a community, listening on the bus from now on. Aggregators and registrations are answered before
 * the start too, so a client that connects first hears the very first market event.
 */
export const openSandbox = (
  community: Community,
  { scheduler, bus, seed = 0, realTimePerSlotMs = community.slotLengthMinutes * 60_000 }: SandboxOptions,
): Sandbox => {
  const progress = new Subject<Progress>();
  const exchange = openExchange(community, seededRandom(seed), (channel, data) => bus.publish(channel, data));
  const listening = bus.frames(exchange.channels).subscribe((frame) => exchange.receive(frame));
  const tickMs = realTimePerSlotMs / ticksPerSlot(community);
  let running: Subscription | undefined;

  const stop = (): void => {
    running?.unsubscribe();
    listening.unsubscribe();
    progress.complete();
  };

  const tick = (): boolean => {
    if (exchange.trading.finished()) {
      exchange.finish();
      stop();
      return false;
    }
    const { slot, slotText, tick: index } = exchange.tick();
    if (index === ticksPerSlot(community) - 1)
      progress.next({ slot: slotText, index: slot, count: community.slots });
    return true;
  };

  /** Each tick is scheduled anew against the time when it is due, so that a real clock does not drift. */
  const scheduleTick = (dueMs: number): void => {
    running = scheduler.schedule(
      () => {
        if (tick()) scheduleTick(dueMs + tickMs);
      },
      Math.max(0, dueMs - scheduler.now()),
    );
  };

  return {
    start: () => {
      if (running === undefined) scheduleTick(scheduler.now() + tickMs);
    },
    stop,
    progress$: progress.asObservable(),
    results: () => resultsOf(exchange.trading, exchange.dangers()),
  };
};
