import { readFileSync } from 'node:fs';
import { concatMap, filter, merge, of, tap, VirtualTimeScheduler } from 'rxjs';
import {
  assetInfo,
  bidEnergy,
  combineStrategies,
  deleteBid,
  eachAsset,
  gridFees,
  isLoad,
  lastMarketDsoStats,
  listBids,
  offerEnergy,
  run,
  type Failure,
  type MarketEvent,
  type Outcome,
  type RunEnd,
  type Strategy,
  type Transport,
} from 'gsy-rx';
import { openSandbox, parseCommunity, type ExchangeBus } from 'gsy-rx/sandbox';
import { AREA_MAP_RESPONSE, batchChannel } from '../../lib/wire/channels.ts';
import basic from '../../strategies/basic.ts';

/** One way to an exchange: the client's end and the exchange's. */
export interface Door {
  readonly transport: Transport;
  readonly bus: ExchangeBus;
  /** Resolves when the exchange hears all that it listens to. */
  opened(): Promise<void>;
  close(): Promise<void>;
}

/** All that can be seen of a run from both ends. */
export interface Seen {
  readonly end: RunEnd;
  readonly events: readonly unknown[];
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
  /** The batches as the exchange heard them, to the byte. */
  readonly batches: readonly string[];
}

const community = parseCommunity(
  readFileSync(new URL('../fixtures/communities/small.json', import.meta.url), 'utf8'),
);
const TICK_MS = community.tickLengthSeconds * 1_000;

/** One command of every kind, sound and unsound, in each slot. */
const everything: Strategy = ({ marketSlot$ }) =>
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

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const isFinish = (event: unknown) => (event as MarketEvent).kind === 'finished';

const plain = ({ grid, ...event }: MarketEvent): unknown => ({
  ...event,
  areas: grid.areas.map((area) => ({ ...area })),
});

/**
 * Lets one strategy trade a few slots through a door. Time is virtual and stands still until the door has settled, so
 * that what is seen does not depend on how fast messages travel.
 */
export const playScenario = async (
  openDoor: (scheduler: VirtualTimeScheduler) => Promise<Door>,
): Promise<Seen> => {
  const scheduler = new VirtualTimeScheduler();
  const door = await openDoor(scheduler);
  const batches: string[] = [];
  const listening = door.bus
    .frames([batchChannel()])
    .subscribe(({ data }) => batches.push(Buffer.from(data).toString()));
  const sandbox = openSandbox(community, { scheduler, bus: door.bus });
  await door.opened();
  const watched = watch(door.transport);
  const running = run({
    transport: watched.transport,
    strategy: combineStrategies(basic, everything),
    aggregator: 'contract',
    scheduler,
  });
  const events: unknown[] = [];
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  running.market.event$.subscribe((event) => events.push(plain(event)));
  running.outcome$.subscribe((outcome) => outcomes.push(outcome));
  running.failure$.subscribe((failure) => failures.push(failure));
  const seen = { control: false, end: false };
  running.control$.subscribe(() => (seen.control = true));
  sandbox.progress$.subscribe({ complete: () => (seen.end = true) });
  const isOver = () => seen.end;

  const passUntil = (time: number) => {
    scheduler.maxFrames = time;
    scheduler.flush();
    scheduler.frame = time;
  };
  while (!seen.control) {
    passUntil(0);
    await nextTurn();
  }
  const settled = () => settle(watched, () => passUntil(scheduler.frame), isOver);
  await settled();
  sandbox.start();
  while (!isOver()) {
    passUntil(scheduler.frame + TICK_MS);
    await settled();
  }
  // An exchange that has ended answers no more; its last word is that it has.
  while (!events.some(isFinish)) {
    passUntil(scheduler.frame);
    await nextTurn();
  }
  passUntil(Infinity);
  const end = await running.done;
  listening.unsubscribe();
  await door.close();
  return { end, events, outcomes, failures, batches };
};

/** A transport that counts what goes through it. */
const watch = (transport: Transport) => {
  const counts = { sent: 0, heard: 0, areaMaps: 0 };
  const counting: Transport = {
    ...transport,
    frame$: transport.frame$.pipe(
      tap(({ channel }) => {
        counts.heard += 1;
        if (channel === AREA_MAP_RESPONSE) counts.areaMaps += 1;
      }),
    ),
    send: (request) => {
      counts.sent += 1;
      return transport.send(request);
    },
  };
  return { transport: counting, counts, ask: () => transport.send({ kind: 'area-map' }) };
};

// The area map is asked for and answered at once, and messages keep their order: what was under way before it has
// arrived with it. When nothing new has gone or come meanwhile, all is still.
const settle = async (
  { counts, ask }: ReturnType<typeof watch>,
  passNoTime: () => void,
  isOver: () => boolean,
): Promise<void> => {
  while (!isOver()) {
    const before = { ...counts };
    ask();
    while (counts.areaMaps === before.areaMaps && !isOver()) {
      passNoTime();
      await nextTurn();
    }
    passNoTime();
    if (counts.sent === before.sent && counts.heard === before.heard + 1) return;
  }
};
