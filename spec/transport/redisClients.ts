import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { first, firstValueFrom, lastValueFrom, Subject, type Observable } from 'rxjs';
import type { GsyError } from '../../lib/errors.ts';
import { redisPubSub, type RedisPubSub } from '../../lib/transport/redisPubSub.ts';
import type { TransportStatus } from '../../lib/transport/transport.ts';
import { startRedisServer, type RedisServer, type RedisServerOptions } from '../redisServer.ts';

/** Servers and clients for the specs of one suite; after each of them all are closed. */
export const redisClients = () => {
  const servers: RedisServer[] = [];
  const clients: RedisPubSub[] = [];
  const others: Server[] = [];

  const start = async (options?: RedisServerOptions): Promise<RedisServer> => {
    const server = await startRedisServer(options);
    servers.push(server);
    return server;
  };

  /** A client that is being opened, with all statuses it had. */
  const connect = (url: string, silenceMs = 10_000) => {
    const client = redisPubSub(url, { silenceMs });
    clients.push(client);
    const statuses: TransportStatus[] = [];
    client.status$.subscribe((status) => statuses.push(status));
    client.frame$.subscribe({ error: () => undefined });
    return { client, statuses };
  };

  /** The port of a server that is no Redis: it answers each command with these bytes. */
  const answering = async (bytes: string): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => socket.write(bytes.repeat(data.toString().match(/^\*/gm)?.length ?? 1)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    others.push(server);
    return (server.address() as AddressInfo).port;
  };

  /** A way to the Redis of this port on which one sees what is sent, and can hold up the answers. */
  const inBetween = async (port: number) => {
    const toRedis: Socket[] = [];
    const sentSubject = new Subject<string>();
    const server = createServer((client) => {
      const redis = createConnection(port, '127.0.0.1');
      toRedis.push(redis);
      // A side that is gone already gets no more.
      for (const side of [client, redis]) side.on('error', () => undefined);
      client.on('data', (data) => {
        redis.write(data);
        sentSubject.next(data.toString());
      });
      client.on('close', () => redis.destroy());
      redis.on('data', (data) => client.write(data)).on('close', () => client.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    others.push(server);
    return {
      port: (server.address() as AddressInfo).port,
      sent$: sentSubject.asObservable(),
      holdAnswers: () => toRedis.forEach((redis) => redis.pause()),
      releaseAnswers: () => toRedis.forEach((redis) => redis.resume()),
    };
  };

  afterEach(async () => {
    for (const other of others.splice(0)) other.close();
    await Promise.all(clients.splice(0).map((client) => done(client.close())));
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  });

  return { start, connect, answering, inBetween };
};

export const done = (nothing$: Observable<never>): Promise<unknown> =>
  lastValueFrom(nothing$, { defaultValue: undefined });

export const errorOf = (failing$: Observable<unknown>): Promise<GsyError> =>
  lastValueFrom(failing$, { defaultValue: undefined }).then(
    () => {
      throw new Error('no error came');
    },
    (error: unknown) => error as GsyError,
  );

export const until = ({ status$ }: RedisPubSub, state: TransportStatus['state']): Promise<TransportStatus> =>
  firstValueFrom(status$.pipe(first((status) => status.state === state)));

export const untilReason = ({ status$ }: RedisPubSub, pattern: RegExp): Promise<TransportStatus> =>
  firstValueFrom(status$.pipe(first((status) => 'reason' in status && pattern.test(status.reason))));

export const text = (data: string | Uint8Array): string => Buffer.from(data as Uint8Array).toString();
