import { asapScheduler, firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import { memoryBus, redisTransport, restTransport, type Transport } from 'gsy-rx';
import { redisBus, type Community, type ExchangeBus } from 'gsy-rx/sandbox';
import { openHttpDoor } from 'gsy-rx/sandbox/http';
import { startRedisServer, type RedisServer } from '../redisServer.ts';
import { startFaultProxy, type FaultProxy } from './faultProxy.ts';

/** A way from a client to the embedded exchange on which anything can go wrong. */
export interface FaultyWay {
  /** The exchange's own end, which works. */
  readonly bus: ExchangeBus;
  readonly proxy: FaultProxy;
  /** A client's end, once the exchange hears all that it listens to. */
  connect(silenceMs?: number): Promise<Transport>;
  close(): Promise<void>;
}

/** Opens a faulty way to the exchange of this community. */
export type OpenFaultyWay = (community: Community) => Promise<FaultyWay>;

const done = (nothing$: Observable<never>): Promise<undefined> =>
  lastValueFrom(nothing$, { defaultValue: undefined });

/** Over this Redis, which is not stopped with the way. */
export const overThis =
  ({ url, port }: RedisServer): OpenFaultyWay =>
  async () => {
    const bus = redisBus(url);
    const proxy = await startFaultProxy(port);
    return {
      bus,
      proxy,
      connect: async (silenceMs = 1_000) => {
        await done(bus.opened());
        return redisTransport({ url: `redis://127.0.0.1:${proxy.port}`, silenceMs });
      },
      close: async () => {
        await proxy.stop();
        await done(bus.close());
      },
    };
  };

/** Over a real Redis of this way alone, with these further settings. */
export const overRedis =
  (...settings: readonly string[]): OpenFaultyWay =>
  async (community) => {
    const server = await startRedisServer({ settings });
    const way = await overThis(server)(community);
    return {
      ...way,
      close: async () => {
        await way.close();
        await server.stop();
      },
    };
  };

const simulationId = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';
const USER = { username: 'ada', password: 'correct horse battery' };

/** Over HTTP and websockets of the embedded exchange's own door. */
export const overRest: OpenFaultyWay = async (community) => {
  const bus = memoryBus(asapScheduler);
  const users = { [USER.username]: USER.password };
  const door = openHttpDoor({ bus, community, simulationId, users });
  const { url } = await firstValueFrom(door.opened());
  const proxy = await startFaultProxy(Number(new URL(url).port));
  const there = `127.0.0.1:${proxy.port}`;
  return {
    bus,
    proxy,
    connect: (silenceMs = 1_000) =>
      Promise.resolve(
        restTransport({
          domainName: `http://${there}`,
          webSocketDomainName: `ws://${there}`,
          simulationId,
          silenceMs,
          ...USER,
        }),
      ),
    close: async () => {
      await proxy.stop();
      await done(door.close());
    },
  };
};
