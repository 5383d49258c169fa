import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { asyncScheduler, firstValueFrom, map } from 'rxjs';
import {
  memoryBus,
  restTransport,
  run,
  type Failure,
  type MarketEvent,
  type Outcome,
  type Strategy,
} from 'gsy-rx';
import { openSandbox, parseCommunity } from 'gsy-rx/sandbox';
import { openHttpDoor } from 'gsy-rx/sandbox/http';
import basic from '../../strategies/basic.ts';

const community = parseCommunity(
  readFileSync(new URL('../fixtures/communities/small.json', import.meta.url), 'utf8'),
);
const simulationId = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';

/** Lets a strategy trade a few fast slots in real time with the embedded exchange as if it were a hosted one. */
const trade = async (strategy: Strategy) => {
  const bus = memoryBus(asyncScheduler);
  const sandbox = openSandbox(community, { scheduler: asyncScheduler, bus, realTimePerSlotMs: 600 });
  const door = openHttpDoor({ bus, community, simulationId, users: { ada: 'correct horse battery' } });
  const { url, webSocketUrl } = await firstValueFrom(door.opened());
  const running = run({
    transport: restTransport({
      domainName: url,
      webSocketDomainName: webSocketUrl,
      simulationId,
      username: 'ada',
      password: 'correct horse battery',
    }),
    strategy,
    aggregator: 'hosted',
  });
  const events: MarketEvent[] = [];
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  running.market.event$.subscribe((event) => events.push(event));
  running.outcome$.subscribe((outcome) => outcomes.push(outcome));
  running.failure$.subscribe((failure) => failures.push(failure));
  const areas = await firstValueFrom(running.control$);
  sandbox.start();
  const end = await running.done;
  sandbox.stop();
  await firstValueFrom(door.close(), { defaultValue: undefined });
  return { end, areas, events, outcomes, failures, dangers: sandbox.results().dangers };
};

describe('the same strategy on a hosted exchange', () => {
  it('trades over REST and websocket, with one outcome for each command', async () => {
    let given = 0;
    const counting: Strategy = (market) =>
      basic(market).pipe(
        map((command) => {
          given += 1;
          return command;
        }),
      );
    const { end, areas, events, outcomes, failures, dangers } = await trade(counting);
    const held = areas.filter(({ status }) => status === 'held').map(({ name }) => name);
    expect(held).to.have.members(['Grid', 'House', 'Load', 'PV']);
    expect(end).to.deep.equal({ reason: 'finished' });
    expect(failures).to.be.empty;
    expect(dangers).to.equal(0);
    expect(events.filter(({ kind }) => kind === 'market-slot')).to.have.length(4);
    expect(events.some(({ kind }) => kind === 'trade')).to.equal(true);
    expect(given).to.be.above(20);
    expect(outcomes).to.have.length(given);
    expect(outcomes.filter(({ kind }) => kind === 'accepted').length).to.be.above(20);
  });
});
