import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EMPTY, map, NEVER, throwError, VirtualTimeScheduler } from 'rxjs';
import { metrics } from 'gsy-rx/metrics';
import { bidEnergyRate, type Strategy, type Transport } from 'gsy-rx';
import { aggregatorUuidOf } from '../../lib/aggregator.ts';
import { GsyError } from '../../lib/errors.ts';
import { run } from '../../lib/run.ts';
import { openSandbox, parseCommunity } from '../../lib/sandbox/sandbox.ts';
import { memoryBus, memoryTransport } from '../../lib/transport/memory.ts';
import { eventsChannel, HEARTBEAT } from '../../lib/wire/channels.ts';
import basic from '../../strategies/basic.ts';

const community = parseCommunity(
  readFileSync(new URL('../fixtures/communities/small.json', import.meta.url), 'utf8'),
);

/** A measured day on the embedded exchange, and its figures by the name and labels that Prometheus knows them by. */
const measuredDay = async (
  strategy: Strategy,
  {
    changed = (transport: Transport) => transport,
    meanwhile = [] as readonly (readonly [channel: string, data: string])[],
  } = {},
) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  openSandbox(community, { scheduler, bus }).start();
  const { registry, measured, watch } = metrics({ scheduler });
  const transport = measured(changed(memoryTransport(bus)));
  const running = run({ transport, strategy, aggregator: 'me', scheduler });
  watch(running);
  let outcomes = 0;
  running.outcome$.subscribe(() => (outcomes += 1));
  for (const [channel, data] of meanwhile) scheduler.schedule(() => bus.publish(channel, data), 1_000_000);
  scheduler.flush();
  await running.done;
  const text = await registry.metrics();
  const figure = (name: string) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`gsy_rx_${name} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { figure, outcomes, text };
};

describe('metrics', () => {
  it('counts what went through the connection and what became of it', async () => {
    const { figure, outcomes } = await measuredDay(basic);
    expect(outcomes).to.be.above(20);
    expect(figure('outcomes_total{kind="accepted"}')).to.equal(outcomes);
    expect(figure('frames_received_total{kind="batch-response"}')).to.equal(
      figure('requests_sent_total{kind="batch"}'),
    );
    expect(figure('batch_commands_count')).to.equal(figure('requests_sent_total{kind="batch"}'));
    expect(figure('batch_commands_sum')).to.equal(outcomes);
    expect(figure('frames_received_total{kind="events"}')).to.be.above(40);
    expect(figure('requests_sent_total{kind="create-aggregator"}')).to.be.above(0);
    expect(figure('missed_slots_total')).to.equal(0);
    expect(figure('up{of="connection"}')).to.equal(1);
  });

  it('measures latencies in the time of the run', async () => {
    const { figure } = await measuredDay(basic);
    const batches = figure('batch_commands_count') ?? 0;
    expect(figure('reply_seconds_count')).to.equal(batches);
    // The embedded exchange answers at the end of the next tick, 15 s later.
    expect((figure('reply_seconds_sum') ?? 0) / batches).to.be.within(1, 30);
    expect(figure('event_to_batch_seconds_count')).to.be.within(1, batches);
    // A strategy takes no virtual time.
    expect(figure('event_to_batch_seconds_sum')).to.equal(0);
  });

  it('counts failures by kind', async () => {
    const meanwhile = [[eventsChannel(aggregatorUuidOf('me')), '{"event": "earthquake"}']] as const;
    const { figure } = await measuredDay(() => NEVER, { meanwhile });
    expect(figure('failures_total{kind="decode-failure"}')).to.equal(1);
  });

  it('tells whether the exchange is there, once it has told so itself', async () => {
    const silent = await measuredDay(() => NEVER);
    expect(silent.figure('up{of="exchange"}')).to.equal(undefined);
    // It beats once, and never again.
    const { figure } = await measuredDay(() => NEVER, { meanwhile: [[HEARTBEAT, '{"time": 1}']] });
    expect(figure('up{of="exchange"}')).to.equal(0);
    expect(figure('outage_seconds_count{of="exchange"}')).to.equal(1);
  });

  it('does not wait for replies to what was never heard', async () => {
    const cut = (transport: Transport): Transport => ({
      ...transport,
      send: (request) =>
        request.kind === 'batch'
          ? throwError(() => new GsyError('ERR_GSY_TRANSPORT', 'cable cut'))
          : transport.send(request),
    });
    const bids: Strategy = ({ tick$ }) =>
      tick$.pipe(map(({ grid }) => bidEnergyRate(grid.assets[0]?.uuid ?? '', 1, 30)));
    const { figure } = await measuredDay(bids, { changed: cut });
    expect(figure('outcomes_total{kind="unsent"}')).to.be.above(0);
    expect(figure('reply_seconds_count')).to.equal(0);
  });

  it('keeps each run apart, and away from the registry of others', async () => {
    const one = await measuredDay(basic);
    const other = await measuredDay(basic);
    expect(other.text).to.equal(one.text);
    const idle = await measuredDay(() => EMPTY);
    expect(idle.figure('batch_commands_count')).to.equal(0);
  });
});
