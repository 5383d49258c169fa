import {
  asapScheduler,
  asyncScheduler,
  filter,
  first,
  firstValueFrom,
  lastValueFrom,
  map,
  mergeMap,
  scan,
  tap,
} from 'rxjs';
import {
  bidEnergy,
  isLoad,
  memoryBus,
  redisTransport,
  restTransport,
  run,
  type Outcome,
  type Reconciliation,
  type RunEnd,
  type Strategy,
  type Transport,
} from 'gsy-rx';
import { openSandbox, redisBus, type Community, type ExchangeBus } from 'gsy-rx/sandbox';
import { openHttpDoor } from 'gsy-rx/sandbox/http';
import { batchChannel } from '../lib/wire/channels.ts';
import { startFaultProxy, type FaultProxy } from './fault/faultProxy.ts';
import { startRedisServer } from './redisServer.ts';

/** An exchange that clients reach through proxies of their own. */
export interface Place {
  readonly bus: ExchangeBus;
  /** The port behind the proxies. */
  readonly port: number;
  connect(port: number): Transport;
  close(): Promise<void>;
}

/** Opens a place for the exchange of this community. */
export type OpenPlace = (community: Community) => Promise<Place>;

const done = (nothing$: Parameters<typeof lastValueFrom<never>>[0]): Promise<undefined> =>
  lastValueFrom(nothing$, { defaultValue: undefined });

/** A real Redis of this place alone. */
export const redisPlace: OpenPlace = async () => {
  const server = await startRedisServer();
  const bus = redisBus(server.url);
  return {
    bus,
    port: server.port,
    connect: (port) => redisTransport({ url: `redis://127.0.0.1:${port}` }),
    close: async () => {
      await done(bus.close());
      await server.stop();
    },
  };
};

/** The embedded exchange behind its own HTTP door. */
export const restPlace: OpenPlace = async (community) => {
  const bus = memoryBus(asapScheduler);
  const simulationId = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';
  const user = { username: 'ada', password: 'correct horse battery' };
  const door = openHttpDoor({ bus, community, simulationId, users: { [user.username]: user.password } });
  const { url } = await firstValueFrom(door.opened());
  return {
    bus,
    port: Number(new URL(url).port),
    connect: (port) =>
      restTransport({
        domainName: `http://127.0.0.1:${port}`,
        webSocketDomainName: `ws://127.0.0.1:${port}`,
        simulationId,
        ...user,
      }),
    close: () => done(door.close()),
  };
};

const SLOT_MS = 300;

/** A day of minutes; houses with a load each, whose small bids nobody meets. */
const villageOf = (houses: number): Community => ({
  startDate: '2026-06-21',
  slots: 24 * 60,
  slotLengthMinutes: 1,
  tickLengthSeconds: 6,
  grid: {
    name: 'Grid',
    areas: Array.from({ length: houses }, (_, i) => ({
      name: `House ${i}`,
      assets: [{ type: 'load', name: `Load ${i}`, powerW: [60_000] }],
    })),
  },
});

/** Seeded, even, in 0 to 1 (mulberry32). */
export const chance = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** Several times a slot a bid that adds to the others and that is known by its price. */
const traceable =
  (given: number[]): Strategy =>
  ({ tick$ }) =>
    tick$.pipe(
      filter(({ progress }) => [0.1, 0.4, 0.7].includes(progress)),
      mergeMap(({ grid }) => grid.assets.filter(isLoad)),
      map(({ uuid }) => {
        given.push(given.length + 1);
        return bidEnergy(uuid, 0.001, given.length, { replaceExisting: false });
      }),
    );

/** The exchange's end, with what it has heard and granted. */
const audited = (bus: ExchangeBus) => {
  const transactions: string[] = [];
  /** `area price` of each bid that came into the book. */
  const booked: string[] = [];
  const toll: ExchangeBus = {
    publish: (channel, data) => {
      if (channel.endsWith('/response/batch_commands')) booked.push(...bidsIn(data));
      return bus.publish(channel, data);
    },
    frames: (channels) =>
      bus.frames(channels).pipe(
        tap(({ channel, data }) => {
          if (channel === batchChannel())
            transactions.push(
              (JSON.parse(String(Buffer.from(data))) as { transaction_id: string }).transaction_id,
            );
        }),
      ),
  };
  return { toll, transactions, booked };
};

const bidsIn = (text: string): readonly string[] => {
  const { responses } = JSON.parse(text) as {
    readonly responses: Readonly<
      Record<string, readonly { readonly bid?: string; readonly status: string }[]>
    >;
  };
  return Object.entries(responses).flatMap(([areaUuid, replies]) =>
    replies.flatMap(({ bid, status }) =>
      bid === undefined || status !== 'ready'
        ? []
        : [`${areaUuid} ${(JSON.parse(bid) as { original_price: number }).original_price}`],
    ),
  );
};

/** What one client has lived through. */
export interface CutClient {
  readonly given: number;
  readonly outcomes: readonly Outcome[];
  readonly reconciliations: readonly Reconciliation[];
  readonly gaps: number;
  /** From each cut to the next market event that was heard, ms. */
  readonly recoveriesMs: readonly number[];
  readonly end: RunEnd;
}

/** What a day of cuts comes to, at both ends. */
export interface CutDay {
  readonly clients: readonly CutClient[];
  readonly transactions: readonly string[];
  readonly booked: readonly string[];
}

/** How often and how soon after it has come back a connection is cut. */
export interface Cuts {
  readonly clients: number;
  readonly each: number;
  readonly seed: number;
  readonly pauseMs: (random: number) => number;
}

/** Lets clients trade on one exchange, cuts the connection of each again and again, then lets the exchange finish. */
export const playCutDay = async (
  openPlace: OpenPlace,
  { clients: count, each, seed, pauseMs }: Cuts,
): Promise<CutDay> => {
  const community = villageOf(count);
  const place = await openPlace(community);
  const { toll, ...books } = audited(place.bus);
  const sandbox = openSandbox(community, {
    scheduler: asyncScheduler,
    bus: toll,
    realTimePerSlotMs: SLOT_MS,
  });
  if ('opened' in place.bus) await done((place.bus as ReturnType<typeof redisBus>).opened());
  sandbox.start();
  const lives = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const proxy = await startFaultProxy(place.port);
      return { proxy, ...startClient(place.connect(proxy.port), i) };
    }),
  );
  const cutters = lives.map((life, i) => cutAgain(life, each, chance(seed + i), pauseMs));
  const recoveries = await Promise.all(cutters);
  place.bus.publish('/stop', JSON.stringify({ transaction_id: 'the day is over' }));
  const clients = await Promise.all(
    lives.map(async ({ running, seen }, i) => ({
      ...{ end: await running.done, given: seen.given.length, recoveriesMs: recoveries[i]!, gaps: seen.gaps },
      ...{ outcomes: seen.outcomes, reconciliations: seen.reconciliations },
    })),
  );
  for (const { proxy } of lives) await proxy.stop();
  await place.close();
  return { clients, ...books };
};

const startClient = (transport: Transport, i: number) => {
  const seen = {
    given: [] as number[],
    outcomes: [] as Outcome[],
    reconciliations: [] as Reconciliation[],
    gaps: 0,
  };
  const running = run({
    transport,
    strategy: traceable(seen.given),
    aggregator: `client ${i}`,
    areas: [`Load ${i}`],
    patienceMs: 1_000,
  });
  running.outcome$.subscribe((outcome) => seen.outcomes.push(outcome));
  running.reconciliation$.subscribe((found) => seen.reconciliations.push(found));
  // A gap that is told again with another reason is the same one.
  running.status$
    .pipe(
      scan((before, { state }) => ({ state, isNew: state === 'gap' && before.state !== 'gap' }), {
        state: '',
        isNew: false,
      }),
    )
    .subscribe(({ isNew }) => (seen.gaps += Number(isNew)));
  return { running, seen };
};

const cutAgain = async (
  { running, proxy }: ReturnType<typeof startClient> & { readonly proxy: FaultProxy },
  times: number,
  random: () => number,
  pauseMs: (random: number) => number,
): Promise<readonly number[]> => {
  const recoveriesMs: number[] = [];
  const heard = () => firstValueFrom(running.market.event$);
  await heard();
  for (let i = 0; i < times; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs(random())));
    const isCut = firstValueFrom(running.status$.pipe(first(({ state }) => state === 'gap')));
    const reconciled = firstValueFrom(running.reconciliation$);
    const sinceMs = performance.now();
    proxy.cut();
    await isCut;
    await heard();
    recoveriesMs.push(performance.now() - sinceMs);
    await reconciled;
  }
  return recoveriesMs;
};
