import { asapScheduler, firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import { memoryBus, memoryTransport, redisTransport, restTransport } from 'gsy-rx';
import { redisBus } from 'gsy-rx/sandbox';
import { openHttpDoor } from 'gsy-rx/sandbox/http';
import { startRedisServer } from '../redisServer.ts';
import type { OpenDoor } from './scenario.ts';

const done = (nothing$: Observable<never>): Promise<undefined> =>
  lastValueFrom(nothing$, { defaultValue: undefined });

// Messages pass in no time of the scenario's clock, which stands still until they have arrived.
export const memoryDoor: OpenDoor = () => {
  const bus = memoryBus(asapScheduler);
  return Promise.resolve({
    bus,
    opened: () => Promise.resolve(memoryTransport(bus)),
    close: () => Promise.resolve(),
  });
};

/** A real Redis of this test alone. */
const redisDoor: OpenDoor = async () => {
  const server = await startRedisServer();
  const bus = redisBus(server.url);
  return {
    bus,
    opened: async () => {
      await done(bus.opened());
      return redisTransport({ url: server.url });
    },
    close: async () => {
      await done(bus.close());
      await server.stop();
    },
  };
};

/** The embedded exchange as a hosted one, on loopback: the door stands between its bus and the network. */
const restDoor: OpenDoor = async (community) => {
  const bus = memoryBus(asapScheduler);
  const simulationId = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';
  const [username, password] = ['ada', 'correct horse battery'];
  const door = openHttpDoor({ bus, community, simulationId, users: { [username]: password } });
  const { url: domainName, webSocketUrl: webSocketDomainName } = await firstValueFrom(door.opened());
  return {
    bus,
    opened: () =>
      Promise.resolve(restTransport({ domainName, webSocketDomainName, simulationId, username, password })),
    close: () => done(door.close()),
  };
};

/** Every way to an exchange, by name. */
export const doors: Readonly<Record<string, OpenDoor>> = {
  memory: memoryDoor,
  Redis: redisDoor,
  REST: restDoor,
};
