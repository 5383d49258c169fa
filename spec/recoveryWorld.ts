import { readFileSync } from 'node:fs';
import {
  BehaviorSubject,
  filter,
  NEVER,
  throwError,
  VirtualTimeScheduler,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import {
  GsyError,
  memoryBus,
  memoryTransport,
  run,
  type AreaControl,
  type Bus,
  type Failure,
  type Outcome,
  type Reconciliation,
  type Run,
  type RunEnd,
  type RunOptions,
  type Strategy,
  type Transport,
  type TransportStatus,
} from 'gsy-rx';
import {
  openSandbox,
  parseCommunity,
  type Community,
  type ExchangeBus,
  type Sandbox,
  type SandboxOptions,
} from 'gsy-rx/sandbox';
import { buildGrid } from '../lib/sandbox/buildGrid.ts';
import { batchChannel, batchResponseChannel } from '../lib/wire/channels.ts';
import { pass } from './sandbox/httpClients.ts';

export const SLOT_MS = 15 * 60_000;
export const TICK_MS = 90_000;

const small = parseCommunity(
  readFileSync(new URL('fixtures/communities/small.json', import.meta.url), 'utf8'),
);

/** A house with a load and a PV, ten ticks a slot, a day long. */
export const community: Community = { ...small, slots: 96, tickLengthSeconds: 90 };

/** A connection that can be interrupted. */
const breakable = (transport: Transport, scheduler: SchedulerLike) => {
  const statusSubject = new BehaviorSubject<TransportStatus>({ state: 'open' });
  const isOpen = () => statusSubject.value.state === 'open';
  const unlessCut = <T>(act: () => Observable<T>): Observable<T> =>
    isOpen() ? act() : throwError(() => new GsyError('ERR_GSY_TRANSPORT', 'Not connected.'));
  return {
    transport: {
      ...transport,
      frame$: transport.frame$.pipe(filter(isOpen)),
      status$: statusSubject,
      send: (request) => unlessCut(() => transport.send(request)),
      listeners: (channels) => unlessCut(() => transport.listeners(channels)),
    } satisfies Transport,
    cut: () => statusSubject.next({ state: 'gap', sinceMs: scheduler.now(), reason: 'cut' }),
    restore: () => statusSubject.next({ state: 'open' }),
  };
};

/** What can be seen of one client, and what can be done to it. */
export interface Client {
  readonly running: Run;
  readonly statuses: string[];
  readonly controls: (readonly AreaControl[])[];
  readonly reconciliations: Reconciliation[];
  readonly outcomes: Outcome[];
  readonly failures: Failure[];
  /** When all that was wanted was held for the first time, ms. */
  heldAtMs: number | undefined;
  end: RunEnd | undefined;
  /** From now on its messages are lost, both ways. */
  cut(): void;
  restore(): void;
  /** As by `kill -9`: it says nothing any more and hears nothing, and nobody is told. */
  kill(): void;
}

const silenced = (transport: Transport) => {
  let isDead = false;
  return {
    transport: {
      ...transport,
      frame$: transport.frame$.pipe(filter(() => !isDead)),
      send: (request) => (isDead ? NEVER : transport.send(request)),
      listeners: (channels) => (isDead ? NEVER : transport.listeners(channels)),
    } satisfies Transport,
    kill: () => (isDead = true),
  };
};

/** Virtual time with a bus, on which exchanges and clients come and go. */
export const openWorld = () => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);

  const startExchange = (options: Partial<SandboxOptions> = {}, of = community): Sandbox => {
    const sandbox = openSandbox(of, { scheduler, bus, ...options });
    sandbox.start();
    return sandbox;
  };
  const startClient = (strategy: Strategy, options: Partial<RunOptions> = {}): Client => {
    const line = breakable(memoryTransport(bus), scheduler);
    const { transport, kill } = silenced(line.transport);
    const running = run({ transport, strategy, aggregator: 'me', scheduler, ...options });
    const client: Client = {
      ...{ running, statuses: [], controls: [], reconciliations: [], outcomes: [], failures: [] },
      ...{ heldAtMs: undefined, end: undefined, cut: line.cut, restore: line.restore },
      kill: () => {
        kill();
        // Nobody hears of it; only its timers end.
        void running.stop({ withinMs: 0 });
      },
    };
    running.status$.subscribe(({ state }) => client.statuses.push(state));
    running.control$.subscribe((areas) => {
      client.controls.push(areas);
      if (areas.every(({ status }) => status === 'held')) client.heldAtMs ??= scheduler.now();
    });
    running.reconciliation$.subscribe((found) => client.reconciliations.push(found));
    running.outcome$.subscribe((outcome) => client.outcomes.push(outcome));
    running.failure$.subscribe((failure) => client.failures.push(failure));
    void running.done.then((end) => (client.end = end));
    return client;
  };
  return { scheduler, bus, startExchange, startClient, pass: (ms: number) => pass(scheduler, ms) };
};

/** The texts of all messages on a channel. */
export const heardOn = (bus: Bus, channel: string): readonly string[] => {
  const texts: string[] = [];
  bus.frames([channel]).subscribe(({ data }) => texts.push(Buffer.from(data).toString()));
  return texts;
};

type Listed = readonly { readonly energy: number }[];

/** Looks into the order book from outside: whoever asks, the exchange tells. */
export const auditor = (bus: ExchangeBus) => {
  const uuid = 'auditor';
  const open = new Map<string, readonly number[]>();
  let asked = 0;
  let most = 0;
  bus.frames([batchResponseChannel(uuid)]).subscribe(({ data }) => {
    const { responses } = JSON.parse(Buffer.from(data).toString()) as {
      readonly responses: Readonly<Record<string, readonly { bid_list?: Listed; offer_list?: Listed }[]>>;
    };
    for (const [areaUuid, replies] of Object.entries(responses)) {
      const orders = replies.flatMap(({ bid_list = [], offer_list = [] }) => [...bid_list, ...offer_list]);
      most = Math.max(most, orders.length);
      open.set(
        areaUuid,
        orders.map(({ energy }) => energy),
      );
    }
  });
  return {
    /** Asks for the orders of these areas; the answer comes with the end of the next tick. */
    ask: (...areaUuids: readonly string[]) => {
      const lists = [{ type: 'list_bids' }, { type: 'list_offers' }];
      const batch_commands = Object.fromEntries(areaUuids.map((areaUuid) => [areaUuid, lists]));
      asked += 1;
      bus.publish(
        batchChannel(),
        JSON.stringify({ aggregator_uuid: uuid, transaction_id: `audit ${asked}`, batch_commands }),
      );
    },
    /** The energies of the area's open orders, kWh, as last told. */
    open: (areaUuid: string): readonly number[] => open.get(areaUuid) ?? [],
    /** The most orders that an area had at once. */
    most: () => most,
  };
};

/** The uuids of a community's assets. */
export const uuidsOf = (of: Community): readonly string[] => buildGrid(of).assets.map(({ uuid }) => uuid);
