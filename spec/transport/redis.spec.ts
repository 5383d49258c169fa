import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { first, firstValueFrom, forkJoin, lastValueFrom, take, toArray } from 'rxjs';
import { redisTransport, type RedisTransportOptions } from '../../lib/transport/redis.ts';
import { redisPubSub, type RedisPubSub } from '../../lib/transport/redisPubSub.ts';
import type { Transport } from '../../lib/transport/transport.ts';
import { channelsOf } from '../../lib/wire/channels.ts';
import type { Request } from '../../lib/wire/messages.ts';
import { encodeRequest } from '../../lib/wire/requests.ts';
import { freePort, startRedisServer, type RedisServer } from '../redisServer.ts';

const create: Request = { kind: 'create-aggregator', name: 'me', aggregatorUuid: 'u' };
const select = (number: number): Request => ({
  kind: 'select',
  aggregatorUuid: 'u',
  areaUuid: `area ${number}`,
  transactionId: String(number),
});

describe('redisTransport', () => {
  let server: RedisServer;
  let exchange: RedisPubSub;
  const transports: Transport[] = [];

  const connect = (options?: Omit<RedisTransportOptions, 'url'>): Transport => {
    const transport = redisTransport({ ...options, url: server.url });
    transports.push(transport);
    transport.frame$.subscribe({ error: () => undefined });
    return transport;
  };
  /** The next messages of a client, as the exchange gets them. */
  const asked = (count: number) =>
    firstValueFrom(exchange.frame$.pipe(take(count), toArray())).then((frames) =>
      frames.map(({ channel, data }) => ({ channel, data: String(data) })),
    );

  beforeEach(async () => {
    server = await startRedisServer();
    exchange = redisPubSub(server.url);
    exchange.frame$.subscribe();
    const requests = ['', 'cfg'].flatMap((id) =>
      [create, { kind: 'area-map' } as const].map((r) => encodeRequest(r, id)),
    );
    await done(exchange.hear([...new Set(requests.map(({ channel }) => channel))]));
  });

  afterEach(async () => {
    await Promise.all([...transports.splice(0), exchange].map((connection) => done(connection.close())));
    await server.kill();
  });

  it('hears what answers a request before it sends the request', async () => {
    const transport = connect();
    const channels = channelsOf(create);
    const frames = firstValueFrom(transport.frame$.pipe(take(channels.length), toArray()));
    const heard = asked(1);
    const delivery$ = transport.send(create);
    expect(await heard).to.deep.equal([encodeRequest(create)]);
    for (const channel of channels) exchange.publish(channel, 'answer');
    expect((await frames).map(({ channel, data }) => [channel, String(data)])).to.deep.equal(
      channels.map((channel) => [channel, 'answer']),
    );
    expect(await firstValueFrom(delivery$)).to.deep.equal({ receivers: 1 });
  });

  it('speaks to the exchange of its configuration id', async () => {
    const transport = connect({ configurationId: 'cfg' });
    const heard = asked(1);
    await firstValueFrom(transport.send(create));
    expect(await heard).to.deep.equal([encodeRequest(create, 'cfg')]);
    for (const channel of channelsOf(create, 'cfg'))
      expect(await firstValueFrom(exchange.publish(channel, '!'))).to.deep.equal({ receivers: 1 });
    expect(await firstValueFrom(transport.listeners(channelsOf(create)))).to.deep.equal(
      channelsOf(create).map((channel) => (channelsOf(create, 'cfg').includes(channel) ? 1 : 0)),
    );
  });

  it('creates and selects a thousand areas, in order', async () => {
    const transport = connect();
    const requests = [create, ...Array.from({ length: 1_000 }, (_, number) => select(number))];
    const heard = asked(requests.length);
    const deliveries = requests.map((request) => transport.send(request));
    expect(await firstValueFrom(forkJoin(deliveries))).to.deep.equal(requests.map(() => ({ receivers: 1 })));
    expect(await heard).to.deep.equal(requests.map((request) => encodeRequest(request)));
  });

  it('tells that nobody listens', async () => {
    await done(exchange.close());
    expect(await firstValueFrom(connect().send(create))).to.deep.equal({ receivers: 0 });
  });

  it('errors at once while Redis is away, and goes on when it is back', async () => {
    const transport = connect();
    await firstValueFrom(transport.send(create));
    await server.kill();
    await firstValueFrom(transport.status$.pipe(first(({ state }) => state === 'gap')));
    const error = await lastValueFrom(transport.send(select(1))).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'ERR_GSY_TRANSPORT' });
    const heard = asked(1);
    server = await startRedisServer({ port: server.port });
    const opened = [transport, exchange].map(({ status$ }) =>
      status$.pipe(first(({ state }) => state === 'open')),
    );
    await firstValueFrom(forkJoin(opened));
    await firstValueFrom(transport.send(select(2)));
    expect(await heard).to.deep.equal([encodeRequest(select(2))]);
  });

  it('refuses a wrong URL at once', () => {
    expect(() => redisTransport({ url: 'localhost:6379' }))
      .to.throw('The Redis URL has to look like redis://')
      .with.property('code', 'ERR_GSY_OPTIONS');
  });

  it('lets the process end when it is closed', async () => {
    expect(await alone(server.url)).to.equal('{"receivers":1} closed');
  });

  it('speaks TLS with a Redis whose certificate is trusted', async () => {
    const port = await freePort();
    const [cert, key] = ['crt', 'key'].map((ending) => fixture(`tls/localhost.${ending}`)) as [
      string,
      string,
    ];
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no'];
    const secure = await startRedisServer({
      settings: ['--port', '0', '--tls-port', String(port), ...files],
    });
    const said = await alone(`rediss://localhost:${port}`, { NODE_EXTRA_CA_CERTS: cert });
    await secure.kill();
    expect(said).to.equal('{"receivers":0} closed');
  });
});

const done = (nothing$: ReturnType<Transport['close']>): Promise<unknown> =>
  lastValueFrom(nothing$, { defaultValue: undefined });

const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;

/** What a program says that sends one request, closes the connection and does not exit by itself. */
const alone = async (url: string, environment: Readonly<Record<string, string>> = {}): Promise<string> => {
  const program = `
    import { redisTransport } from './lib/transport/redis.ts';
    const transport = redisTransport({ url: '${url}' });
    transport.frame$.subscribe();
    transport.send({ kind: 'area-map' }).subscribe((delivery) => {
      transport.close().subscribe({ complete: () => console.log(JSON.stringify(delivery), 'closed') });
    });`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions', 'gsy-rx-source', '--input-type', 'module', '--eval', program],
    { env: { ...process.env, ...environment }, timeout: 20_000 },
  );
  return stdout.trim();
};
