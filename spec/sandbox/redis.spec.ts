import { expect } from 'chai';
import { asyncScheduler, filter, firstValueFrom, map, tap, VirtualTimeScheduler } from 'rxjs';
import type { GsyError } from '../../lib/errors.ts';
import { run, type Run } from '../../lib/run.ts';
import {
  openSandbox,
  redisBus,
  type Community,
  type RedisBus,
  type Sandbox,
} from '../../lib/sandbox/sandbox.ts';
import { redisTransport } from '../../lib/transport/redis.ts';
import type { RedisPubSub } from '../../lib/transport/redisPubSub.ts';
import {
  AGGREGATOR_COMMANDS,
  AGGREGATOR_RESPONSE,
  AREA_MAP,
  AREA_MAP_RESPONSE,
  batchChannel,
  HEARTBEAT,
} from '../../lib/wire/channels.ts';
import basic from '../../strategies/basic.ts';
import { freePort, startRedisServer } from '../redisServer.ts';
import { done, errorOf, redisClients, text } from '../transport/redisClients.ts';

/** A house whose PV can supply its load, ten ticks a slot. */
const community: Community = {
  startDate: '2026-06-21',
  slots: 3,
  slotLengthMinutes: 15,
  tickLengthSeconds: 90,
  grid: {
    name: 'Grid',
    assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 8, sellRate: 30 }],
    areas: [
      {
        name: 'Haus Süd/2',
        assets: [
          { type: 'load', name: 'Load', powerW: [400] },
          { type: 'pv', name: 'PV [a-z]* ñ/x', powerW: [400] },
        ],
      },
    ],
  },
};

const nextOn = async (client: RedisPubSub, channel: string): Promise<Readonly<Record<string, unknown>>> =>
  firstValueFrom(
    client.frame$.pipe(
      filter((frame) => frame.channel === channel),
      map(({ data }) => JSON.parse(text(data)) as Readonly<Record<string, unknown>>),
    ),
  );

describe('the Redis door of the sandbox', () => {
  const { start, connect } = redisClients();
  const buses: RedisBus[] = [];
  const sandboxes: Sandbox[] = [];
  afterEach(async () => {
    sandboxes.splice(0).forEach((sandbox) => sandbox.stop());
    await Promise.all(buses.splice(0).map((bus) => done(bus.close())));
  });
  const busTo = (url: string): RedisBus => {
    const bus = redisBus(url);
    buses.push(bus);
    return bus;
  };

  /** A sandbox that stands still, with a client that hears what it says. */
  const open = async (url: string) => {
    const bus = busTo(url);
    const sandbox = openSandbox(community, { scheduler: new VirtualTimeScheduler(), bus });
    sandboxes.push(sandbox);
    await done(bus.opened());
    const { client } = connect(url);
    await done(client.hear([AREA_MAP_RESPONSE, AGGREGATOR_RESPONSE]));
    /** Answered when all that was sent before has been read. */
    const areaMap = async () => {
      const answer = nextOn(client, AREA_MAP_RESPONSE);
      client.publish(AREA_MAP, '{}');
      return (await answer).area_mapping as Readonly<Record<string, string>>;
    };
    return { bus, sandbox, client, areaMap };
  };

  it('is open when Redis has acknowledged every channel, also those of areas with odd names', async () => {
    const { client } = await open((await start()).url);
    const listeners = await firstValueFrom(
      client.listeners([
        ...[AGGREGATOR_COMMANDS, batchChannel(), AREA_MAP, '/pause', '/resume', '/stop'],
        ...['Load/register_participant', 'PV [a-z]* ñ/x/unregister_participant'],
        ...['haus-sud-2/register_participant', 'Market Maker/register_participant'],
      ]),
    );
    expect(listeners).to.deep.equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('answers the area map to whoever asks', async () => {
    const { areaMap } = await open((await start()).url);
    expect(Object.values(await areaMap())).to.deep.equal([
      'Grid',
      'Haus Süd/2',
      'Load',
      'PV [a-z]* ñ/x',
      'Market Maker',
    ]);
  });

  it('says so when Redis cannot be reached, and does no harm', async () => {
    const bus = busTo(`redis://127.0.0.1:${await freePort()}`);
    openSandbox(community, { scheduler: new VirtualTimeScheduler(), bus }).start();
    const error: GsyError = await errorOf(bus.opened());
    expect(error).to.include({ name: 'GsyError', code: 'ERR_GSY_TRANSPORT' });
    const status = await firstValueFrom(bus.status$.pipe(filter((each) => each.state === 'closed')));
    expect(status.reason).to.include('nothing listens there');
    expect(error.message).to.include(status.reason);
  });

  it('refuses an address that is none', () => {
    expect(() => redisBus('http://localhost'))
      .to.throw()
      .with.property('code', 'ERR_GSY_OPTIONS');
  });

  it('goes on and answers after messages that are no JSON, no UTF-8, huge, or of hostile names', async () => {
    const { sandbox, client, areaMap } = await open((await start()).url);
    const channels = [AGGREGATOR_COMMANDS, batchChannel(), 'Load/register_participant', '/pause'];
    const junk = [
      ...['', 'junk', '[]', 'null', '{"type": "constructor"}', '['.repeat(1_000_000)],
      ...[new Uint8Array([0xff, 0xfe, 0x7b]), new Uint8Array(8_000_000)],
      JSON.stringify({ type: 'CREATE', name: 'x'.repeat(8_000_000) }),
    ];
    for (const channel of channels) {
      for (const data of junk) client.publish(channel, data);
      // Channel by channel: Redis drops a listener that falls 32 MB behind, which is not what is tried here.
      expect(Object.keys(await areaMap())).to.have.length(5);
    }
    // The type "constructor" is one that nobody knows, which is met with silence.
    expect(sandbox.results().dangers).to.equal(channels.length * junk.length - 1);
  });

  it('reads a flood to its end', async () => {
    const { sandbox, client, areaMap } = await open((await start()).url);
    for (let count = 0; count < 20_000; count++) client.publish(AGGREGATOR_COMMANDS, 'junk');
    await areaMap();
    expect(sandbox.results().dangers).to.equal(20_000);
  });

  it('lives through a Redis that goes away and comes back', async () => {
    const server = await start();
    const { url, port } = server;
    const bus = busTo(url);
    const scheduler = new VirtualTimeScheduler();
    const sandbox = openSandbox({ ...community, slots: 1 }, { scheduler, bus });
    sandboxes.push(sandbox);
    await done(bus.opened());
    await server.kill();
    await firstValueFrom(bus.status$.pipe(filter(({ state }) => state === 'gap')));
    bus.publish('Load/events/tick', 'nobody hears this');

    const again = await startRedisServer({ port });
    try {
      await firstValueFrom(bus.status$.pipe(filter(({ state }) => state === 'open')));
      const { client } = connect(url);
      await done(client.hear([AGGREGATOR_RESPONSE, 'grid/events/finish']));
      const answer = nextOn(client, AGGREGATOR_RESPONSE);
      client.publish(AGGREGATOR_COMMANDS, '{"type": "CREATE", "name": "me", "transaction_id": "c"}');
      expect(await answer).to.deep.equal({ status: 'ready', name: 'me', transaction_id: 'c' });

      // The last words of a run are said though it has stopped listening.
      const finish = nextOn(client, 'grid/events/finish');
      sandbox.start();
      scheduler.flush();
      await done(bus.close());
      expect(await finish).to.deep.equal({ event: 'finish' });
    } finally {
      await again.stop();
    }
  });

  describe('in real time', () => {
    it('lets two aggregators trade with each other, at the speed that was asked for', async () => {
      const { url } = await start();
      const { client } = connect(url);
      await done(client.hear([HEARTBEAT]));
      const heartbeat = nextOn(client, HEARTBEAT);
      const bus = busTo(url);
      const sandbox = openSandbox(community, { scheduler: asyncScheduler, bus, realTimePerSlotMs: 200 });
      sandboxes.push(sandbox);
      await done(bus.opened());
      expect((await heartbeat).time).to.be.closeTo(asyncScheduler.now() / 1_000, 5);

      const clients = [trade(url, 'consumer', 'Load'), trade(url, 'producer', 'PV [a-z]* ñ/x')];
      for (const { running } of clients) await firstValueFrom(running.control$);
      const began = asyncScheduler.now();
      sandbox.start();
      const ends = await Promise.all(clients.map(({ running }) => running.done));
      const lasted = asyncScheduler.now() - began;

      expect(ends).to.deep.equal([{ reason: 'finished' }, { reason: 'finished' }]);
      // 30 ticks of 20 ms, one until the end is told, and what the clients wait for late trades.
      expect(lasted).to.be.within(31 * 20, 31 * 20 + 5_000);
      for (const { commands, outcomes, failures } of clients) {
        expect(failures).to.be.empty;
        expect(commands()).to.be.greaterThan(5);
        expect(outcomes.length).to.equal(commands());
        expect(outcomes).to.include('accepted');
      }
      const [load, pv] = sandbox.results().assets;
      const trades = sandbox.results().markets.flatMap((market) => market.trades);
      expect(
        trades.filter(
          ({ buyerOrigin, sellerOrigin }) => buyerOrigin === 'Load' && sellerOrigin.startsWith('PV'),
        ),
      ).not.to.be.empty;
      expect(load!.boughtKWh).to.be.greaterThan(0);
      expect(pv!.soldKWh).to.be.greaterThan(0);
      expect(sandbox.results().dangers).to.equal(0);
    });
  });
});

/** Trades one asset under an aggregator of its own, and counts what goes in and comes out. */
const trade = (url: string, aggregator: string, area: string) => {
  let commands = 0;
  const running: Run = run({
    transport: redisTransport({ url }),
    strategy: (market) => basic(market).pipe(tap(() => (commands += 1))),
    aggregator,
    areas: [area],
  });
  const outcomes: string[] = [];
  const failures: unknown[] = [];
  running.outcome$.subscribe(({ kind }) => outcomes.push(kind));
  running.failure$.subscribe((failure) => failures.push(failure));
  return { running, outcomes, failures, commands: () => commands };
};
