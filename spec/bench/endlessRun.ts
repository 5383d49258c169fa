import {
  fromCallbacks,
  isLoad,
  limitOrderRate,
  limitSpend,
  memoryBus,
  memoryTransport,
  retryWithLess,
  run,
  supersede,
  type Run,
  type Strategy,
} from 'gsy-rx';
import { VirtualTimeScheduler } from 'rxjs';
import { ledger } from '../../lib/report/ledger.ts';
import basic from '../../strategies/basic.ts';
import { endlessExchange } from './endlessExchange.ts';

/** The time between two events, ms: with that of the exchange's heartbeat and of the probes of its health. */
const TICK_MS = 1_000;

/** A whole client on an endless exchange, in virtual time. */
export interface EndlessRun {
  readonly running: Run;
  /** How many events its market has told so far. */
  readonly events: () => number;
  /** Actions that still wait for their time. */
  readonly timers: () => number;
  /** Lets time pass until the market has told so many events. */
  readonly passUntil: (events: number) => void;
  /** Stops the client and the exchange. */
  readonly end: () => Promise<void>;
}

/** Starts a client with all that remembers something: strategies, callbacks, guards, books. */
export const endlessRun = (): EndlessRun => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const exchange = endlessExchange(bus, scheduler);
  const running = run({
    ...{
      transport: memoryTransport(bus),
      strategy: [guarded, callbacks, retryWithLess({ times: 2, keep: 0.5 })],
      aggregator: 'endless',
      scheduler,
    },
  });
  let events = 0;
  const counting = running.market.event$.subscribe(() => (events += 1));
  ledger(running.market.event$, running.outcome$).subscribe();
  const pass = () => {
    scheduler.maxFrames = scheduler.frame + TICK_MS;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  return {
    running,
    events: () => events,
    timers: () => scheduler.actions.length,
    passUntil: (wanted) => {
      while (events < wanted) {
        exchange.goOn();
        pass();
      }
    },
    end: async () => {
      const done = running.stop();
      for (let turn = 0; turn < 10; turn += 1) pass();
      await done;
      counting.unsubscribe();
      exchange.close();
    },
  };
};

const guarded: Strategy = (market) =>
  basic(market).pipe(
    supersede(market.scheduler),
    limitOrderRate({ orders: 1_000, withinMs: TICK_MS, scheduler: market.scheduler }),
    limitSpend(market, { perSlotCents: 20, perDayCents: 500 }),
  );

/** Callbacks whose commands a guard changes: their outcomes are waited for in vain. */
const callbacks: Strategy = (market) =>
  fromCallbacks({
    onTick: ({ grid }, { addToBatchCommands, executeBatchCommands }) => {
      for (const { uuid } of grid.assets.filter(isLoad)) addToBatchCommands.bidEnergyRate(uuid, 0.01, 20);
      executeBatchCommands();
    },
  })(market).pipe(limitSpend(market, { perSlotCents: 0.3 }));
