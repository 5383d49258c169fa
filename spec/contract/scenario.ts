import { readFileSync } from 'node:fs';
import { concatMap, filter, merge, of, tap, VirtualTimeScheduler } from 'rxjs';
import {
  assetInfo,
  bidEnergy,
  deleteBid,
  eachAsset,
  gridFees,
  isLoad,
  lastMarketDsoStats,
  listBids,
  offerEnergy,
  run,
  type AreaControl,
  type Failure,
  type MarketEvent,
  type Outcome,
  type Run,
  type RunEnd,
  type Strategy,
  type Transport,
} from 'gsy-rx';
import { openSandbox, parseCommunity, traitsOf, type Community, type ExchangeBus } from 'gsy-rx/sandbox';
import { batchChannel } from '../../lib/wire/channels.ts';

/** One way to an exchange: the client's end and the exchange's. */
export interface Door {
  readonly bus: ExchangeBus;
  /** The client's end, when the exchange hears all that it listens to. */
  opened(): Promise<Transport>;
  close(): Promise<void>;
}

/** Opens a door to the exchange of this community. */
export type OpenDoor = (community: Community) => Promise<Door>;

/** The name of the aggregator that trades. */
export const AGGREGATOR = 'contract';

/** All that can be seen of a run from both ends. */
export interface Seen {
  readonly end: RunEnd;
  readonly held: readonly string[] | undefined;
  readonly events: readonly unknown[];
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
  /** The batches as the exchange heard them, to the byte. */
  readonly batches: readonly string[];
  /** How many messages would have ended or deafened the real exchange. */
  readonly dangers: number;
}

const community = parseCommunity(
  readFileSync(new URL('../fixtures/communities/every-asset.json', import.meta.url), 'utf8'),
);
const TICK_MS = community.tickLengthSeconds * 1_000;

/** One command of every kind, sound and unsound, in each slot. */
export const everything: Strategy = ({ marketSlot$ }) =>
  marketSlot$.pipe(
    filter(({ grid }) => grid.root !== undefined),
    concatMap((slot) => {
      const house = slot.grid.area('House').uuid;
      return merge(
        of(slot).pipe(
          eachAsset(isLoad),
          concatMap(({ asset: { uuid } }) => [
            listBids(uuid),
            deleteBid(uuid, 'all'),
            assetInfo(uuid),
            bidEnergy(uuid, NaN, 1),
            bidEnergy(uuid, 0.01, 0.1),
            bidEnergy(uuid, 0.01, 0.2),
            offerEnergy(uuid, 0.1, 1),
            bidEnergy(uuid, 1_000, 1, { replaceExisting: false }),
          ]),
        ),
        of(lastMarketDsoStats(house), gridFees(house, 0.5), assetInfo(house), assetInfo('nobody')),
      );
    }),
  );

/** How long messages may be under way before something is lost, ms. */
const PATIENCE_MS = 20_000;

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** An event as a value. Its simulation id is left out: a hosted exchange has one, and others have none. */
const plain = ({ grid, ...event }: MarketEvent): unknown => ({
  ...event,
  simulationId: undefined,
  areas: grid.areas.map((area) => ({ ...area })),
});

/** What both ends have said and heard so far; when all is heard and nobody has more to say, all is still. */
interface Tally {
  /** Batches by the client, messages to aggregators by the exchange. */
  readonly said: { client: number; exchange: number };
  readonly heard: { client: number; exchange: number };
}

const TO_AGGREGATORS = /^external-aggregator\/.*\/(events|response)\//;

const isStill = ({ said, heard }: Tally): boolean =>
  said.client === heard.exchange && said.exchange === heard.client;

/** The client's end, counted. */
const counted = (transport: Transport, { said, heard }: Tally): Transport => ({
  ...transport,
  frame$: transport.frame$.pipe(
    tap(({ channel }) => {
      if (TO_AGGREGATORS.test(channel)) heard.client += 1;
    }),
  ),
  send: (request) => {
    if (request.kind === 'batch') said.client += 1;
    return transport.send(request);
  },
});

/** The exchange's end, counted. */
const countedBus = (bus: ExchangeBus, { said, heard }: Tally, batches: string[]): ExchangeBus => ({
  publish: (channel, data) => {
    if (TO_AGGREGATORS.test(channel)) said.exchange += 1;
    return bus.publish(channel, data);
  },
  frames: (channels) =>
    bus.frames(channels).pipe(
      tap(({ channel, data }) => {
        if (channel !== batchChannel()) return;
        heard.exchange += 1;
        batches.push(Buffer.from(data).toString());
      }),
    ),
});

const namesHeld = (areas: readonly AreaControl[]): readonly string[] =>
  areas
    .filter(({ status }) => status === 'held')
    .map(({ name }) => name)
    .sort();

/** Keeps what can be seen of a run. */
const watch = ({ market, outcome$, failure$, control$ }: Run) => {
  const seen = {
    events: [] as unknown[],
    outcomes: [] as Outcome[],
    failures: [] as Failure[],
    held: undefined as readonly string[] | undefined,
  };
  market.event$.subscribe((event) => seen.events.push(plain(event)));
  outcome$.subscribe((outcome) => seen.outcomes.push(outcome));
  failure$.subscribe((failure) => seen.failures.push(failure));
  control$.subscribe((areas) => (seen.held = namesHeld(areas)));
  return seen;
};

/** Virtual time, and the real time in which it stands still. */
const clockOf = (scheduler: VirtualTimeScheduler, tally: Tally) => {
  const passUntil = (time: number) => {
    scheduler.maxFrames = time;
    scheduler.flush();
    scheduler.frame = time;
  };
  const standUntil = async (isSo: () => boolean) => {
    const latestMs = performance.now() + PATIENCE_MS;
    for (;;) {
      // What is due at this time waits for all that is under way: else two events that the network happens to part
      // would be answered apart.
      if (isStill(tally)) passUntil(scheduler.frame);
      if (isStill(tally) && isSo()) return;
      if (performance.now() > latestMs) throw new Error(`it does not settle: ${JSON.stringify(tally)}`);
      await nextTurn();
    }
  };
  return { passUntil, standUntil };
};

/**
 * Lets one strategy trade a few slots through a door. Time is virtual and stands still until both ends have heard all
 * that the other has said, so that what is seen does not depend on how fast messages travel.
 */
export const playScenario = async (openDoor: OpenDoor, strategy: Strategy): Promise<Seen> => {
  const scheduler = new VirtualTimeScheduler();
  const door = await openDoor(community);
  const tally: Tally = { said: { client: 0, exchange: 0 }, heard: { client: 0, exchange: 0 } };
  const batches: string[] = [];
  const sandbox = openSandbox(community, { scheduler, bus: countedBus(door.bus, tally, batches) });
  const transport = counted(await door.opened(), tally);
  const running = run({ transport, strategy, aggregator: AGGREGATOR, scheduler, ...traitsOf(community) });
  const seen = watch(running);
  const exchange = { isOver: false };
  sandbox.progress$.subscribe({ complete: () => (exchange.isOver = true) });

  const { passUntil, standUntil } = clockOf(scheduler, tally);
  await standUntil(() => seen.held !== undefined);
  sandbox.start();
  while (!exchange.isOver) {
    passUntil(scheduler.frame + TICK_MS);
    await standUntil(() => true);
  }
  passUntil(Infinity);
  const end = await running.done;
  await door.close();
  return { end, batches, dangers: sandbox.results().dangers, ...seen };
};
