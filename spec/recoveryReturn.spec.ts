import { expect } from 'chai';
import {
  asapScheduler,
  asyncScheduler,
  filter,
  first,
  firstValueFrom,
  lastValueFrom,
  take,
  toArray,
} from 'rxjs';
import { memoryBus, restTransport, run } from 'gsy-rx';
import { openSandbox } from 'gsy-rx/sandbox';
import { openHttpDoor } from 'gsy-rx/sandbox/http';
import basic from '../strategies/basic.ts';
import { community } from './recoveryWorld.ts';
import { freePort } from './redisServer.ts';

const simulationId = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';
const [username, password] = ['ada', 'correct horse battery'];

/** A server with its exchange, which forget everything when they end. */
const startServer = async (port: number, seed: number) => {
  const bus = memoryBus(asapScheduler);
  const sandbox = openSandbox(community, { scheduler: asyncScheduler, bus, seed, realTimePerSlotMs: 500 });
  const door = openHttpDoor({ bus, community, simulationId, users: { [username]: password }, port });
  await firstValueFrom(door.opened());
  sandbox.start();
  return async () => {
    sandbox.stop();
    await lastValueFrom(door.close(), { defaultValue: undefined });
  };
};

describe('a client of a hosted exchange that is started anew', function () {
  this.timeout(20_000);
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it('creates its aggregator again, takes its areas again, and trades on', async () => {
    const port = await freePort();
    const stopFirst = await startServer(port, 1);
    stops.push(stopFirst);
    const there = `127.0.0.1:${port}`;
    const running = run({
      transport: restTransport({
        domainName: `http://${there}`,
        webSocketDomainName: `ws://${there}`,
        ...{ simulationId, username, password },
      }),
      strategy: basic,
      aggregator: 'me',
      areas: ['Load', 'PV'],
    });
    stops.push(() => running.stop());
    const controls = firstValueFrom(running.control$.pipe(take(2), toArray()));
    const returned = firstValueFrom(running.status$.pipe(first(({ state }) => state === 'returned')));
    const accepted = () => firstValueFrom(running.outcome$.pipe(filter(({ kind }) => kind === 'accepted')));
    const reconciled = firstValueFrom(running.reconciliation$);
    await accepted();
    await stopFirst();
    stops.push(await startServer(port, 2));
    await returned;
    const [before, after] = await controls;
    expect(after).to.deep.equal(before);
    expect(await reconciled).to.deep.include({ cause: 'returned', kept: 0 });
    await accepted();
  });
});
