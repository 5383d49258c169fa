import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { EMPTY, firstValueFrom, filter, NEVER, VirtualTimeScheduler } from 'rxjs';
import { aggregatorUuidOf, redisTransport, run, type Failure } from 'gsy-rx';
import { redisPubSub } from '../../lib/transport/redisPubSub.ts';
import { batchResponseChannel, eventsChannel } from '../../lib/wire/channels.ts';
import { freePort, startRedisServer, type RedisServer } from '../redisServer.ts';
import { start } from '../cli/terminal.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));

describe('gsy-rx over Redis', () => {
  let server: RedisServer;
  beforeEach(async () => (server = await startRedisServer()));
  afterEach(async () => server.stop());

  /** The embedded exchange in one terminal. */
  const startSandbox = async (slotLength: string, community = 'communities/small.json') => {
    const sandbox = start([
      'sandbox',
      fixture(community),
      '--redis',
      server.url,
      '--slot-length-realtime',
      slotLength,
    ]);
    await sandbox.says('the exchange is up');
    return sandbox;
  };

  it('lets a strategy and the embedded exchange trade a day with each other', async () => {
    const sandbox = await startSandbox('400ms');
    const { code, out, err } = await start(['run', 'basic', '--redis', server.url]).done;
    expect(err).to.include('4 areas found, 4 under control').and.to.include('two-sided market');
    expect(code).to.equal(0);
    expect(out)
      .to.match(/self-sufficiency +\d/)
      .and.to.match(/Load +│ load/);
    const exchange = await sandbox.done;
    expect(exchange.code).to.equal(0);
    expect(exchange.out).to.match(/traded volume +[1-9]|traded volume +0\.\d*[1-9]/);
    expect(exchange.err).not.to.include('would have ended');
  });

  it('controls the areas named, and tells who holds the others', async () => {
    const sandbox = await startSandbox('4s');
    const startLoad = (aggregator: string) =>
      start(['run', 'basic', '--redis', server.url, '--assets', 'Load', '--aggregator', aggregator]);
    const first = startLoad('first');
    await first.says('1 areas found, 1 under control');
    const second = await startLoad('second').done;
    expect(second.code).to.equal(1);
    expect(second.err).to.include(`Load: it is held by the aggregator ${aggregatorUuidOf('first')}`);
    const restarted = startLoad('first');
    await restarted.says('1 areas found, 1 under control');
    for (const client of [first, restarted]) {
      client.interrupt();
      expect((await client.done).code).to.equal(130);
    }
    sandbox.interrupt();
    expect((await sandbox.done).code).to.equal(130);
  });

  it('names an area that does not exist, and those that do', async () => {
    const sandbox = await startSandbox('4s');
    const { code, err } = await start(['run', 'basic', '--redis', server.url, '--assets', 'Windmill']).done;
    expect(code).to.equal(2);
    expect(err).to.include('there is no area named Windmill; the grid has').and.to.include('Load');
    sandbox.interrupt();
    await sandbox.done;
  });

  it('lists the areas of a name that several bear', async () => {
    const sandbox = await startSandbox('4s', 'communities/namesakes.json');
    const { code, err } = await start(['run', 'basic', '--redis', server.url, '--assets', 'Load']).done;
    expect(code).to.equal(2);
    expect(err).to.match(/2 areas are named Load; name the one you mean by its uuid: \S+, \S+/);
    sandbox.interrupt();
    await sandbox.done;
  });

  it('ends with one clear line when Redis cannot be reached', async () => {
    const port = await freePort();
    for (const command of [['run', 'basic'], ['sandbox']]) {
      const { code, err } = await start([...command, '--redis', `redis://user:geheim@127.0.0.1:${port}`])
        .done;
      expect(code).to.equal(1);
      expect(err).to.match(/^error: .*127\.0\.0\.1/m);
      expect(err.split('\n').filter((line) => line.startsWith('error'))).to.have.length(1);
      expect(err).not.to.include('geheim');
    }
  });

  it('ends with one clear line when the password is wrong', async () => {
    await server.stop();
    server = await startRedisServer({ settings: ['--requirepass', 'right'] });
    const { code, err } = await start(['run', 'basic', '--redis', server.url.replace('//', '//:geheim@')])
      .done;
    expect(code).to.equal(1);
    expect(err).to.match(/^error: .*password/m);
    expect(err).not.to.include('geheim');
  });

  it('says that no exchange answers', async () => {
    const scheduler = new VirtualTimeScheduler();
    const transport = redisTransport({ url: server.url });
    const { done } = run({ transport, strategy: () => EMPTY, aggregator: 'me', scheduler });
    const open = firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'open')));
    scheduler.maxFrames = 0;
    scheduler.flush();
    await open;
    // The rest of the patience passes at once; whether an exchange comes is asked for ever.
    scheduler.maxFrames = 60_000;
    scheduler.flush();
    const end = await done;
    expect(end).to.have.nested.property('error.code', 'ERR_GSY_NO_EXCHANGE');
  });

  it('takes malformed messages on every channel, and a flood of foreign ones, as failures and goes on', async () => {
    const sandbox = await startSandbox('400ms');
    const running = run({
      transport: redisTransport({ url: server.url }),
      strategy: () => NEVER,
      aggregator: 'me',
    });
    const failures: Failure[] = [];
    running.failure$.subscribe((failure) => failures.push(failure));
    await firstValueFrom(running.control$);
    const vandal = redisPubSub(server.url);
    const frames = vandal.frame$.subscribe();
    const uuid = aggregatorUuidOf('me');
    const channels = [
      'aggregator-response',
      '/response/area-map',
      'gsy-e-heartbeat/',
      batchResponseChannel(uuid),
      eventsChannel(uuid),
    ];
    for (const channel of channels)
      for (const data of ['{', '[]', 'null', '{"event": 7}', new Uint8Array([0xff])])
        vandal.publish(channel, data);
    const foreign = JSON.stringify({ status: 'ready', name: 'other', transaction_id: 'other' });
    for (let i = 0; i < 10_000; i += 1) vandal.publish('aggregator-response', foreign);
    expect(await running.done).to.deep.equal({ reason: 'finished' });
    expect(failures).to.have.length(5 * channels.length);
    expect(new Set(failures.map(({ kind }) => kind))).to.deep.equal(new Set(['decode-failure']));
    await firstValueFrom(vandal.close(), { defaultValue: undefined });
    frames.unsubscribe();
    await sandbox.done;
  });
});
