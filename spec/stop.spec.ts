import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { firstValueFrom, map, NEVER, VirtualTimeScheduler } from 'rxjs';
import { bidEnergyRate } from '../lib/commands.ts';
import { isLoad } from '../lib/grid/grid.ts';
import type { Outcome } from '../lib/model/outcomes.ts';
import { eachAsset } from '../lib/operators/eachAsset.ts';
import { run, type RunOptions } from '../lib/run.ts';
import { openSandbox, parseCommunity } from '../lib/sandbox/sandbox.ts';
import type { StopOptions } from '../lib/stop.ts';
import type { Strategy } from '../lib/strategy.ts';
import { memoryBus, memoryTransport, type Bus } from '../lib/transport/memory.ts';
import { redisTransport } from '../lib/transport/redis.ts';
import { HEARTBEAT } from '../lib/wire/channels.ts';
import basic from '../strategies/basic.ts';
import { start } from './cli/terminal.ts';
import { startRedisServer } from './redisServer.ts';

const community = parseCommunity(
  readFileSync(new URL('fixtures/communities/small.json', import.meta.url), 'utf8'),
);
const SLOT_MS = 15 * 60_000;
const TICK_MS = 15_000;

/** Cheap bids that nobody meets, so that they stand. */
const lowBids: Strategy = ({ tick$ }) =>
  tick$.pipe(
    eachAsset(isLoad),
    map(({ asset }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh / 2, 0.1)),
  );

/** A run in virtual time that is stopped in its second slot. */
const stopped = async (
  strategy: Strategy,
  how: StopOptions,
  options: Partial<RunOptions> = {},
  before: (bus: Bus) => void = () => undefined,
) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  sandbox.start();
  const transport = memoryTransport(bus);
  const running = run({ transport, strategy, aggregator: 'me', scheduler, ...options });
  const outcomes: Outcome[] = [];
  running.outcome$.subscribe((outcome) => outcomes.push(outcome));
  const stopAt = 1.5 * SLOT_MS;
  let endedAt = 0;
  scheduler.schedule(() => before(bus), stopAt - 1);
  scheduler.schedule(() => void running.stop(how), stopAt);
  running.outcome$.subscribe({ complete: () => (endedAt = scheduler.now()) });
  scheduler.flush();
  return { outcomes, end: await running.done, tookMs: endedAt - stopAt };
};

describe('to stop a run', () => {
  it('leaves open orders to the end of their slot unless it is told to cancel them', async () => {
    const { outcomes } = await stopped(lowBids, { withinMs: 4 * TICK_MS });
    expect(outcomes.map(({ command }) => command.kind))
      .to.include('bid')
      .and.not.to.include('delete-bid');
  });

  it('cancels the open orders of the running slot and waits for the outcome', async () => {
    const { outcomes, end } = await stopped(lowBids, { cancelOrders: true, withinMs: 4 * TICK_MS });
    const granted = outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.granted : undefined));
    const bids = granted.flatMap((each) => (each?.command === 'bid' ? [each.order.id] : []));
    const deleted = granted.flatMap((each) => (each?.command === 'delete-bid' ? each.deletedIds : []));
    expect(deleted).to.deep.equal([bids.at(-1)]);
    // One for each side on which each asset can have orders, and none for markets.
    expect(outcomes.filter(({ command }) => command.kind.startsWith('delete'))).to.have.length(2);
    expect(end).to.deep.equal({ reason: 'stopped' });
  });

  it('waits 5 s for outcomes unless told otherwise, and calls the rest unanswered', async () => {
    for (const [how, ms] of [
      [{}, 5_000],
      [{ withinMs: 2_000 }, 2_000],
    ] as const) {
      const { outcomes, tookMs } = await stopped(lowBids, { ...how, cancelOrders: true });
      expect(tookMs).to.equal(ms);
      expect(outcomes.at(-1)).to.include({
        kind: 'unanswered',
        reason: `no reply within ${ms} ms of the stop`,
      });
    }
  });

  it('does not wait when nothing is on its way', async () => {
    const { tookMs } = await stopped(() => NEVER, {});
    expect(tookMs).to.equal(0);
  });

  it('waits no longer than the patience, however long it may', async () => {
    const { outcomes, tookMs } = await stopped(
      lowBids,
      { cancelOrders: true, withinMs: Infinity },
      { patienceMs: 7_000 },
    );
    expect(tookMs).to.equal(7_000);
    expect(outcomes.at(-1)).to.have.property('kind', 'unanswered');
  });

  it('does not wait for slots of an exchange that has ended without a word', async () => {
    const released = await stopped(() => NEVER, { release: true });
    expect(released.tookMs).to.be.above(SLOT_MS);
    // Its last heartbeat comes just before the stop.
    const { tookMs, end } = await stopped(
      () => NEVER,
      { release: true },
      {},
      (bus) => bus.publish(HEARTBEAT, '{"time": 1}'),
    );
    expect(tookMs).to.be.below(20_000);
    expect(end).to.have.property('releases').that.has.length(4);
  });

  it('leaves nothing pending behind it: no connection, no timer', async () => {
    const kinds = ['TCPSocketWrap', 'Timeout'];
    const pending = (kind: string) => process.getActiveResourcesInfo().filter((each) => each === kind).length;
    const server = await startRedisServer();
    const community = new URL('fixtures/communities/small.json', import.meta.url).pathname;
    const sandbox = start(['sandbox', community, '--redis', server.url, '--slot-length-realtime', '2s']);
    await sandbox.says('the exchange is up');
    const before = kinds.map(pending);
    // What other specs have left may end meanwhile.
    const added = () => kinds.filter((kind, i) => pending(kind) > (before[i] ?? 0));
    const transport = redisTransport({ url: server.url });
    const running = run({ transport, strategy: basic, aggregator: 'me' });
    await firstValueFrom(running.outcome$);
    expect(added()).not.to.be.empty;
    await running.stop({ cancelOrders: true });
    // A handle that was closed in this turn of the event loop is gone at its end, which is before the next but one.
    await setImmediate();
    await setImmediate();
    expect(added()).to.be.empty;
    sandbox.interrupt();
    await sandbox.done;
    await server.stop();
  });
});
