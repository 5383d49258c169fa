import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { defaultCommunity, openSandbox, type SandboxOptions } from '../../lib/sandbox/sandbox.ts';
import { memoryBus } from '../../lib/transport/memory.ts';
import {
  AGGREGATOR_RESPONSE,
  AREA_MAP_RESPONSE,
  batchResponseChannel,
  eventsChannel,
  HEARTBEAT,
} from '../../lib/wire/channels.ts';
import { samples } from './samples.ts';

const AGGREGATOR = '5ba05e9f-aabb-4f5e-991e-7b0f084565f6';
const TICK_MS = 1_000;

/** A sandbox of ten ticks a slot on a bus, what was heard of it and when. */
const open = (options: Partial<SandboxOptions> = {}) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const community = { ...defaultCommunity, slots: 2, tickLengthSeconds: 90 };
  const sandbox = openSandbox(community, {
    scheduler,
    bus,
    realTimePerSlotMs: 10 * TICK_MS,
    ...options,
  });
  const heard: { readonly at: number; readonly channel: string; readonly message: unknown }[] = [];
  bus
    .frames([
      ...['/response/pause', '/response/resume', '/response/stop', AREA_MAP_RESPONSE, AGGREGATOR_RESPONSE],
      ...[HEARTBEAT, batchResponseChannel(AGGREGATOR), eventsChannel(AGGREGATOR), 'grid/events/finish'],
    ])
    .subscribe(({ channel, data }) =>
      heard.push({ at: scheduler.now(), channel, message: JSON.parse(data as string) }),
    );
  const load = sandbox.results().assets.find(({ type }) => type === 'load')!.uuid;
  const send = (at: number, channel: string, message: object) =>
    scheduler.schedule(() => bus.publish(channel, JSON.stringify(message)), at);
  return { scheduler, bus, sandbox, heard, send, load };
};

const on = (heard: readonly { at: number; channel: string; message: unknown }[], channel: string) =>
  heard.filter((each) => each.channel === channel).map(({ at, message }) => [at, message] as const);

describe('the heartbeat of the sandbox', () => {
  it('beats every 5 s of real time from the opening to the end of the run', () => {
    const { scheduler, sandbox, heard } = open();
    sandbox.start();
    scheduler.flush();
    expect(on(heard, HEARTBEAT)).to.deep.equal(
      [0, 5, 10, 15, 20].map((seconds) => [seconds * 1_000, { time: seconds }]),
    );
  });

  it('does not beat in virtual time, where nobody watches', () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    let beats = 0;
    bus.frames([HEARTBEAT]).subscribe(() => (beats += 1));
    openSandbox({ ...defaultCommunity, slots: 1 }, { scheduler, bus }).start();
    scheduler.flush();
    expect(beats).to.equal(0);
  });
});

describe('steering the sandbox', () => {
  for (const { name, sent, received } of samples('control').filter(({ name }) => /pause|resume/.test(name)))
    it(`answers ${name} as the real exchange did`, () => {
      const { scheduler, bus, sandbox, heard } = open();
      bus.publish(sent!.channel, sent!.data);
      scheduler.schedule(() => sandbox.stop(), 1);
      scheduler.flush();
      const recorded = received.map(({ channel, data }) => [channel, JSON.parse(data) as unknown]);
      const answers = heard.filter(({ channel }) => channel.includes('/response/'));
      expect(answers.map(({ channel, message }) => [channel, message])).to.deep.equal(recorded);
    });

  it('lets everything wait while paused, but for commands of aggregators, the area map and the heartbeat', () => {
    const { scheduler, sandbox, heard, send, load } = open();
    const own = { aggregator_uuid: AGGREGATOR, transaction_id: 't' };
    sandbox.start();
    send(2_500, '/pause', { transaction_id: 'p' });
    send(3_000, 'aggregator-commands', { type: 'CREATE', name: 'me', transaction_id: AGGREGATOR });
    send(3_000, 'aggregator-commands', { type: 'SELECT', device_uuid: load, ...own });
    send(3_000, '/area-map', {});
    const commands = { [load]: [{ type: 'device_info' }] };
    send(3_000, 'external-aggregator//batch_commands', { ...own, batch_commands: commands });
    send(60_000, '/resume', { transaction_id: 'r' });
    scheduler.flush();

    const during = heard.filter(({ at }) => at > 2_500 && at < 60_000);
    expect(during.filter(({ channel }) => channel === HEARTBEAT)).to.have.length(11);
    expect(during.map(({ channel }) => channel).filter((channel) => channel !== HEARTBEAT)).to.deep.equal([
      AGGREGATOR_RESPONSE,
      AGGREGATOR_RESPONSE,
      AREA_MAP_RESPONSE,
    ]);
    expect(on(heard, batchResponseChannel(AGGREGATOR)).map(([at]) => at)).to.deep.equal([61_000]);
    // Two ticks were gone before the pause, eighteen come after it, and one tick later it is over.
    expect(on(heard, eventsChannel(AGGREGATOR)).at(-1)![0]).to.equal(60_000 + 19 * TICK_MS);
  });

  it('ends the run on stop: a word to everybody, then silence', () => {
    const { scheduler, bus, sandbox, heard, send, load } = open();
    let completed = false;
    sandbox.progress$.subscribe({ complete: () => (completed = true) });
    const own = { aggregator_uuid: AGGREGATOR, transaction_id: 't' };
    send(0, 'aggregator-commands', { type: 'SELECT', device_uuid: load, ...own });
    sandbox.start();
    send(3_500, '/stop', { transaction_id: 's' });
    const commands = { [load]: [{ type: 'device_info' }] };
    send(3_500, 'external-aggregator//batch_commands', { ...own, batch_commands: commands });
    scheduler.flush();

    expect(completed).to.equal(true);
    expect(heard.slice(-3)).to.deep.equal([
      {
        at: 3_500,
        channel: '/response/stop',
        message: { command: 'stop', simulation_id: '', transaction_id: 's', status: 'success' },
      },
      {
        at: 3_500,
        channel: eventsChannel(AGGREGATOR),
        message: { event: 'finish', simulation_id: null, num_ticks: 10 },
      },
      { at: 3_500, channel: 'grid/events/finish', message: { event: 'finish' } },
    ]);
    expect(bus.publish('/resume', '{"transaction_id": "r"}')).to.equal(0);
  });

  it('counts what would have ended the control thread, and does not obey it', () => {
    const { scheduler, bus, sandbox, heard } = open();
    sandbox.start();
    for (const data of ['', '{}', '[]', 'null', '{"transaction_id": null}', '{"transaction_id": [[]]}'])
      bus.publish('/stop', data);
    scheduler.flush();
    expect(sandbox.results().dangers).to.equal(6);
    expect(on(heard, '/response/stop')).to.be.empty;
    expect(on(heard, 'grid/events/finish').map(([at]) => at)).to.deep.equal([21 * TICK_MS]);
  });
});
