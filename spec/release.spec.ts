import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { run, type RunEnd } from '../lib/run.ts';
import { openSandbox, type Community } from '../lib/sandbox/sandbox.ts';
import { memoryBus, memoryTransport } from '../lib/transport/memory.ts';
import { AGGREGATOR_COMMANDS } from '../lib/wire/channels.ts';
import basic from '../strategies/basic.ts';

const SLOT_MS = 15 * 60_000;

const community: Community = {
  startDate: '2026-06-21',
  slots: 6,
  slotLengthMinutes: 15,
  tickLengthSeconds: 60,
  grid: {
    name: 'Grid',
    assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 8, sellRate: 30 }],
    areas: [
      {
        name: 'House 1',
        assets: [
          { type: 'load', name: 'Load', powerW: [400] },
          { type: 'pv', name: 'PV', powerW: [200] },
        ],
      },
      { name: 'House 2', assets: [{ type: 'load', name: 'Load', powerW: [400] }] },
    ],
  },
};

/** Trades in virtual time, is stopped with release after a slot and a half, and ends. */
const tradeAndRelease = async (areas: 'all' | readonly string[]) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  const commands: string[] = [];
  bus.frames([AGGREGATOR_COMMANDS]).subscribe(({ data }) => {
    const { type } = JSON.parse(String(data)) as { type: string };
    commands.push(type);
  });
  sandbox.start();
  const start = () =>
    run({ transport: memoryTransport(bus), strategy: basic, aggregator: 'me', areas, scheduler });
  const running = start();
  let endedAt = 0;
  scheduler.schedule(() => void running.stop({ release: true }), 1.5 * SLOT_MS);
  running.status$.subscribe({ complete: () => (endedAt = scheduler.now()) });
  scheduler.flush();
  const end = await running.done;
  return { end, endedAt, commands, dangers: sandbox.results().dangers };
};

const released = (end: RunEnd) =>
  end.reason === 'stopped' ? (end.releases ?? []).map(({ name, status }) => `${name} ${status}`) : end.reason;

describe('release', () => {
  it('lets assets and markets go within two slots, deletes the aggregator, and endangers nothing', async () => {
    const { end, endedAt, commands, dangers } = await tradeAndRelease(['PV', 'House 1']);
    expect(released(end)).to.have.members(['PV released', 'House 1 released']);
    expect(endedAt).to.be.within(3 * SLOT_MS, 3.1 * SLOT_MS);
    expect(commands).to.deep.equal(['CREATE', 'SELECT', 'SELECT', 'UNSELECT', 'DELETE']);
    expect(dangers).to.equal(0);
  });

  it('keeps assets whose names are not unique, and the aggregator with them', async () => {
    const { end, commands, dangers } = await tradeAndRelease('all');
    expect(released(end)).to.include.members([
      'Load kept',
      'PV released',
      'House 1 released',
      'Grid released',
    ]);
    expect(commands).not.to.include('DELETE');
    expect(dangers).to.equal(0);
  });
});
