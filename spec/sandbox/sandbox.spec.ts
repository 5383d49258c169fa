import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import {
  defaultCommunity,
  openSandbox,
  type Community,
  type Progress,
  type Results,
} from '../../lib/sandbox/sandbox.ts';
import { memoryBus, type Bus } from '../../lib/transport/memory.ts';
import { eventsChannel } from '../../lib/wire/channels.ts';

const AGGREGATOR = '5ba05e9f-aabb-4f5e-991e-7b0f084565f6';
const short: Community = { ...defaultCommunity, slots: 4 };

const connect = (bus: Bus, deviceUuid: string): void => {
  const command = { aggregator_uuid: AGGREGATOR, device_uuid: deviceUuid, transaction_id: 's' };
  bus.publish(
    'aggregator-commands',
    JSON.stringify({ type: 'CREATE', name: 'me', transaction_id: AGGREGATOR }),
  );
  bus.publish('aggregator-commands', JSON.stringify({ type: 'SELECT', ...command }));
};

/** Runs a community in virtual time; everything on the bus that a client hears is written down. */
const run = (
  community: Community,
  seed: number,
  client: boolean,
): { results: Results; heard: readonly string[] } => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus, seed });
  const heard: string[] = [];
  const load = sandbox.results().assets.find(({ type }) => type === 'load')!.uuid;
  bus.frames([eventsChannel(AGGREGATOR), 'aggregator-response']).subscribe(({ channel, data }) => {
    heard.push(`${scheduler.now()} ${channel} ${data as string}`);
    const commands = { [load]: [{ type: 'bid', energy: 0.01, price: 0.35 }] };
    const batch = {
      transaction_id: String(heard.length),
      aggregator_uuid: AGGREGATOR,
      batch_commands: commands,
    };
    bus.publish('external-aggregator//batch_commands', JSON.stringify(batch));
  });
  if (client) connect(bus, load);
  sandbox.start();
  scheduler.flush();
  return { results: sandbox.results(), heard };
};

describe('openSandbox', () => {
  it('trades a whole default day and supplies every load', () => {
    const { results } = run(defaultCommunity, 0, false);
    const loads = results.assets.filter(({ type }) => type === 'load');
    for (const { boughtKWh, demandKWh } of loads)
      expect(boughtKWh).to.be.closeTo(demandKWh, 0.05 * demandKWh);
    const [bought, sold] = [
      results.assets.reduce((sum, { boughtKWh }) => sum + boughtKWh, 0),
      results.assets.reduce((sum, { soldKWh }) => sum + soldKWh, 0),
    ];
    expect(bought).to.be.closeTo(sold, 1e-6);
  });

  it('does the same for the same seed, to the last byte, and otherwise for another', () => {
    const [one, again, other] = [run(short, 3, true), run(short, 3, true), run(short, 4, true)];
    expect(one.heard.length).to.be.greaterThan(40);
    expect(again).to.deep.equal(one);
    expect(other.heard).not.to.deep.equal(one.heard);
  });

  it('tells each finished slot, and completes at the end', () => {
    const scheduler = new VirtualTimeScheduler();
    const sandbox = openSandbox(short, { scheduler, bus: memoryBus(scheduler) });
    const told: (Progress | string)[] = [];
    sandbox.progress$.subscribe({
      next: (progress) => told.push(progress),
      complete: () => told.push('complete'),
    });
    sandbox.start();
    scheduler.flush();
    expect(told).to.deep.equal([
      { slot: '2026-06-21T00:00', index: 0, count: 4 },
      { slot: '2026-06-21T00:15', index: 1, count: 4 },
      { slot: '2026-06-21T00:30', index: 2, count: 4 },
      { slot: '2026-06-21T00:45', index: 3, count: 4 },
      'complete',
    ]);
  });

  it('lets a client that connects before the start hear the very first market event', () => {
    const { heard } = run(short, 0, true);
    const first = heard.find((line) => line.includes('"event"'))!;
    expect(first).to.match(/^15000 /);
    expect(first).to.include('"market_slot":"2026-06-21T00:00"').and.to.include('"event":"market"');
    expect(heard.at(-1)).to.include('"event":"finish"');
  });

  it('sends tick events every tenth of a slot in ticks, counted over the whole run', () => {
    const completions = run({ ...short, slots: 2, tickLengthSeconds: 36 }, 0, true)
      .heard.filter((line) => line.includes('"event":"tick"'))
      .map((line) => /slot_completion":"(\d+)%/.exec(line)![1]);
    expect(completions.slice(0, 13)).to.deep.equal([
      '0',
      '8',
      '16',
      '24',
      '32',
      '40',
      '48',
      '56',
      '64',
      '72',
      '80',
      '88',
      '96',
    ]);
    expect(completions.slice(13, 16)).to.deep.equal(['4', '12', '20']);
  });

  it('takes as long for a slot as it is told', () => {
    const scheduler = new VirtualTimeScheduler();
    const sandbox = openSandbox(short, { scheduler, bus: memoryBus(scheduler), realTimePerSlotMs: 600 });
    const at: number[] = [];
    sandbox.progress$.subscribe(() => at.push(scheduler.now()));
    sandbox.start();
    scheduler.flush();
    expect(at).to.deep.equal([600, 1200, 1800, 2400]);
  });

  it('says nothing more after stop, and does not hear either', () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    const sandbox = openSandbox(short, { scheduler, bus });
    sandbox.start();
    scheduler.schedule(() => sandbox.stop(), 16 * 60_000);
    scheduler.flush();
    expect(scheduler.now()).to.be.lessThan(17 * 60_000);
    expect(bus.publish('aggregator-commands', '{}')).to.equal(0);
  });

  it('leaves a registration of an unknown or internal area to nobody', () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    openSandbox(short, { scheduler, bus });
    expect(bus.publish('Nobody/register_participant', '{"transaction_id": "r"}')).to.equal(0);
    expect(bus.publish('Market Maker/register_participant', '{"transaction_id": "r"}')).to.equal(0);
    expect(bus.publish('Home 01 Load/register_participant', '{"transaction_id": "r"}')).to.equal(1);
  });

  it('starts once however often it is told', () => {
    const scheduler = new VirtualTimeScheduler();
    const sandbox = openSandbox(short, { scheduler, bus: memoryBus(scheduler) });
    let slots = 0;
    sandbox.progress$.subscribe(() => (slots += 1));
    sandbox.start();
    sandbox.start();
    scheduler.flush();
    expect(slots).to.equal(4);
  });
});
