import { expect } from 'chai';
import {
  asapScheduler,
  filter,
  firstValueFrom,
  lastValueFrom,
  VirtualTimeScheduler,
  type Observable,
} from 'rxjs';
import { aggregatorUuidOf } from '../lib/aggregator.ts';
import { connectAreas, type Areas } from '../lib/areas.ts';
import { GsyError } from '../lib/errors.ts';
import type { AreaEvent } from '../lib/model/areaEvents.ts';
import { openHttpDoor } from '../lib/sandbox/http.ts';
import { openSandbox, redisBus, type ExchangeBus } from '../lib/sandbox/sandbox.ts';
import { memoryBus, memoryTransport } from '../lib/transport/memory.ts';
import { redisTransport } from '../lib/transport/redis.ts';
import { restTransport } from '../lib/transport/rest.ts';
import type { Transport } from '../lib/transport/transport.ts';
import { startRedisServer } from './redisServer.ts';
import { aggregatorApi, community, HOUSE, pass, PV, send, SIMULATION, USERS } from './sandbox/httpClients.ts';
import { failure } from './transport/restClients.ts';

/** A way to the exchange. */
interface Way {
  readonly bus: ExchangeBus;
  readonly transport: () => Transport;
  readonly close: () => Promise<unknown>;
  /** Where the exchange hears what markets are asked. */
  readonly asksMarkets: (verb: string) => string;
  /** Creates an aggregator as somebody else would; gives its uuid. */
  readonly create: () => Promise<string>;
}

const done = (nothing$: Observable<never>) => lastValueFrom(nothing$, { defaultValue: undefined });

const CREW = aggregatorUuidOf('crew');
const NOBODY = aggregatorUuidOf('nobody');

const onBus = (bus: ExchangeBus): Pick<Way, 'asksMarkets' | 'create'> => ({
  asksMarkets: (verb) => `house-1/${verb}`,
  create: async () => {
    const created = firstValueFrom(
      bus.frames(['aggregator-response']).pipe(filter(({ data }) => String(data).includes(CREW))),
    );
    bus.publish(
      'aggregator-commands',
      JSON.stringify({ type: 'CREATE', name: 'crew', transaction_id: CREW }),
    );
    await created;
    return CREW;
  },
});

const overMemory = (): Promise<Way> => {
  const bus = memoryBus(asapScheduler);
  return Promise.resolve({
    ...{ bus, transport: () => memoryTransport(bus), close: () => Promise.resolve() },
    ...onBus(bus),
  });
};

const overRedis = async (): Promise<Way> => {
  const server = await startRedisServer();
  const bus = redisBus(server.url);
  return {
    bus,
    transport: () => redisTransport({ url: server.url }),
    close: () => done(bus.close()).then(() => server.stop()),
    ...onBus(bus),
  };
};

const overRest = async (): Promise<Way> => {
  const bus = memoryBus(asapScheduler);
  const door = openHttpDoor({ bus, community, users: USERS, simulationId: SIMULATION });
  const { url, webSocketUrl } = await firstValueFrom(door.opened());
  const address = { domainName: url, webSocketDomainName: webSocketUrl, simulationId: SIMULATION };
  return {
    bus,
    transport: () => restTransport({ ...address, username: 'ada', password: USERS.ada }),
    close: () => done(door.close()),
    asksMarkets: () => 'hosted/commands',
    create: async () => {
      const user = { username: 'ada', password: USERS.ada };
      const { access } = (await send('POST', `${url}/api-token-auth/`, { body: user })).body;
      const body = { name: 'crew', transaction_id: 't' };
      const path = `${url}/${aggregatorApi('create-aggregator/')}`;
      return String((await send('POST', path, { token: String(access), body })).body.uuid);
    },
  };
};

for (const [name, way] of Object.entries({ memory: overMemory, Redis: overRedis, REST: overRest }))
  describe(`connectAreas over ${name}`, () => {
    const closing: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    const open = async () => {
      const there = await way();
      closing.push(there.close);
      const clock = new VirtualTimeScheduler();
      const sandbox = openSandbox(community, { scheduler: clock, bus: there.bus });
      if ('opened' in there.bus) await done((there.bus as ReturnType<typeof redisBus>).opened());
      sandbox.start();
      const areas = connectAreas({ transport: there.transport() });
      closing.push(() => done(areas.close()));
      const heard: AreaEvent[] = [];
      areas.event$.subscribe((event) => heard.push(event));
      const requests: string[] = [];
      there.bus.frames(['PV/register_participant', 'aggregator-commands']).subscribe(({ channel, data }) => {
        requests.push(`${channel} ${String(data)}`);
      });
      /** Asks, and lets a tick pass when the exchange has heard it. */
      const answered = async <T>(verb: string, asked: () => Observable<T>): Promise<T> => {
        const arrived = firstValueFrom(there.bus.frames([there.asksMarkets(verb)]));
        const answer = firstValueFrom(asked());
        answer.catch(() => undefined);
        await arrived;
        pass(clock, 90_000);
        return answer;
      };
      const ticks = (count: number) => pass(clock, count * 90_000);
      return { ...there, areas, heard, requests, sandbox, ticks, answered };
    };

    /** The PV, registered and told of a market slot. */
    const connected = async (areas: Areas, ticks: (count: number) => void) => {
      const pv = areas.asset('PV');
      await firstValueFrom(pv.register());
      const told = firstValueFrom(pv.event$);
      ticks(11);
      await told;
      return pv;
    };

    it('registers an asset once, gives its events slot after slot, and unregisters it', async () => {
      const { areas, heard, requests, sandbox, ticks } = await open();
      const pv = areas.asset('PV');
      const registered$ = pv.register();
      expect(await firstValueFrom(registered$)).to.deep.equal({ status: 'registered', areaUuid: PV });
      await firstValueFrom(registered$);
      const first = firstValueFrom(areas.event$);
      ticks(21);
      expect(await first).to.include({
        kind: 'area-event',
        event: 'market-slot',
        channelName: 'PV',
        areaUuid: PV,
      });
      expect(await firstValueFrom(pv.unregister())).to.equal('unregistered');
      expect(heard.filter(({ event }) => event === 'market-slot')).to.have.length(3);
      expect(heard.some(({ event }) => event === 'tick')).to.equal(true);
      expect(requests.filter((request) => request.startsWith('PV/register'))).to.have.length(1);
      expect(sandbox.results().dangers).to.equal(0);
    });

    it('says that nobody answers to a name', async () => {
      const { areas } = await open();
      for (const area of [areas.asset('Windmill'), areas.market('Windmill')])
        expect(await failure(area.register())).to.include({ code: 'ERR_GSY_UNKNOWN_AREA' });
    });

    it('sets the fee of a registered market, and gives its statistics', async () => {
      const { areas, answered, ticks, sandbox } = await open();
      const house = areas.market('House 1');
      ticks(1);
      expect(await firstValueFrom(house.register())).to.deep.equal({ status: 'registered', areaUuid: HOUSE });
      expect(await answered('grid_fees', () => house.gridFees(2.5))).to.deep.equal({ feeConstant: 2.5 });
      expect(await answered('dso_market_stats', () => house.lastMarketDsoStats())).not.to.have.property(
        'feeRevenueCents',
      );
      ticks(10);
      expect(await answered('dso_market_stats', () => house.lastMarketDsoStats())).to.have.property(
        'feeRevenueCents',
      );
      expect(sandbox.results().dangers).to.equal(0);
    });

    it('says why a fee is not taken, and sends none that makes no sense', async () => {
      const { areas, answered, ticks, sandbox } = await open();
      const house = areas.market('House 1');
      await firstValueFrom(house.register());
      ticks(1);
      const percent = answered('grid_fees', () => house.changeGridFeesPercent(4)).catch(
        (error: unknown) => error,
      );
      expect(await percent).to.include({ code: 'ERR_GSY_REFUSED' });
      for (const fee of [-1, Number.NaN, Number.POSITIVE_INFINITY, '3' as never])
        expect(await failure(house.gridFees(fee))).to.include({ code: 'ERR_GSY_OPTIONS' });
      expect(sandbox.results().dangers).to.equal(0);
    });

    it('does not unselect what it cannot tell to be safe', async () => {
      const { areas, requests } = await open();
      await firstValueFrom(areas.asset('PV').register());
      for (const area of [areas.asset('PV'), areas.market('House 1'), areas.asset('Nobody')])
        expect(await failure(area.unselect(NOBODY))).to.include({ code: 'ERR_GSY_REFUSED' });
      expect(requests.join()).not.to.include('UNSELECT');
    });

    it('selects an asset into somebody’s aggregator, and takes it out again while that is safe', async () => {
      const { areas, create, requests, sandbox, ticks } = await open();
      const crew = await create();
      const pv = await connected(areas, ticks);
      expect(await firstValueFrom(pv.select(crew))).to.deep.equal({ status: 'held', uuid: PV, name: 'PV' });
      ticks(10);
      await lastValueFrom(pv.unselect(crew));
      expect(requests.filter((request) => request.includes('"UNSELECT"'))).to.have.length(1);
      ticks(5);
      expect(sandbox.results().dangers).to.equal(0);
    });

    it('takes a market out of an aggregator once it has answered', async () => {
      const { areas, answered, create, sandbox, ticks } = await open();
      const crew = await create();
      const house = areas.market('House 1');
      await firstValueFrom(house.register());
      ticks(1);
      expect(await firstValueFrom(house.select(crew))).to.include({ status: 'held' });
      expect(await failure(house.unselect(crew))).to.include({ code: 'ERR_GSY_REFUSED' });
      await answered('dso_market_stats', () => house.lastMarketDsoStats());
      await lastValueFrom(house.unselect(crew));
      expect(sandbox.results().dangers).to.equal(0);
    });

    it('takes no name for the uuid of an aggregator', async () => {
      const pv = (await open()).areas.asset('PV');
      for (const refused of [pv.select('crew'), pv.unselect('crew')])
        expect(await failure(refused)).to.include({ code: 'ERR_GSY_OPTIONS' });
    });

    it('selects nothing into an aggregator that is not there', async () => {
      const { areas, create } = await open();
      const pv = areas.asset('PV');
      const told: unknown = await firstValueFrom(pv.select(NOBODY)).catch((error: unknown) => error);
      expect(told).to.satisfy(
        ({ code, status }: { code?: string; status?: string }) =>
          code === 'ERR_GSY_UNKNOWN_AGGREGATOR' || status === 'refused',
      );
      expect(await firstValueFrom(pv.select(await create()))).to.include({ status: 'held' });
    });

    it('ends what still waits for an answer when it is closed', async () => {
      const { areas } = await open();
      const house = areas.market('House 1');
      await firstValueFrom(house.register());
      const waiting = failure(house.gridFees(2));
      await done(areas.close());
      expect(await waiting).to.include({ code: 'ERR_GSY_TRANSPORT' });
      expect(await failure(house.unselect(NOBODY))).to.be.instanceOf(GsyError);
    });
  });
