import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import {
  canaryNetworks,
  registeredAreas,
  scmCommunities,
  simulationAggregators,
  simulationAreas,
  simulationRegistry,
  userAggregators,
} from '../lib/lookups.ts';
import { findArea } from '../lib/registry.ts';
import { openHttpDoor } from '../lib/sandbox/http.ts';
import { hostedSession, type HostedSession } from '../lib/transport/hostedSession.ts';
import { versionWarning } from '../lib/transport/restVersion.ts';
import { hostedSessions } from './hostedSessions.ts';
import { api, httpWorlds, HOUSE, LOAD, OTHER_LOAD, PV, SIMULATION, USERS } from './sandbox/httpClients.ts';
import { failure } from './transport/restClients.ts';

describe('look-ups on the embedded exchange', () => {
  const world = httpWorlds();
  const sessions: HostedSession[] = [];
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
  });
  const open = async () => {
    const here = await world();
    const session = hostedSession({ domainName: here.address.url, username: 'ada', password: USERS.ada });
    sessions.push(session);
    return { ...here, session, ada: await here.login('ada') };
  };

  it('find areas by name, and list the uuids of namesakes', async () => {
    const { session } = await open();
    const areas = await firstValueFrom(simulationAreas(session, SIMULATION));
    expect(areas.nameByUuid).to.have.property('size', 9);
    expect(findArea(areas, 'PV')).to.deep.equal({ name: 'PV', uuid: PV });
    expect(findArea(areas, OTHER_LOAD)).to.deep.equal({ name: 'Load', uuid: OTHER_LOAD });
    expect(() => findArea(areas, 'Load')).to.throw(`${LOAD}, ${OTHER_LOAD}`);
    expect(() => findArea(areas, 'load')).to.throw('there is no area named load; the grid has Grid, House 1');
  });

  it('find the aggregators of the simulation, and those of the user with what they hold', async () => {
    const { session, ada } = await open();
    const uuid = await ada.create('mine');
    await ada.create('empty');
    await ada.select(uuid, PV);
    const all = await firstValueFrom(simulationAggregators(session, SIMULATION));
    expect(all.map(({ name }) => name)).to.deep.equal(['mine', 'empty']);
    expect(all[0]).to.deep.equal({ uuid, name: 'mine' });
    expect(await firstValueFrom(userAggregators(session))).to.deep.equal([
      { simulationId: SIMULATION, name: 'mine', areaUuids: [PV] },
      { simulationId: SIMULATION, name: 'empty', areaUuids: [] },
    ]);
  });

  it('find what is registered, by type, with the aggregator that holds it', async () => {
    const { session, ada, ticks } = await open();
    await ada.select(await ada.create('mine'), LOAD);
    const listening = await ada.listen(LOAD);
    await ada.post(api(`${LOAD}/register/`));
    await ada.post(api(`${HOUSE}/register/`));
    await listening.like({ command: 'register' });
    ticks(1);
    const registry = await firstValueFrom(simulationRegistry(session, SIMULATION));
    expect(registry.children.map(({ name }) => name)).to.include('House 2');
    const found = [...registeredAreas(registry)].map(([type, areas]) => [
      type,
      ...areas.map(({ name, aggregatorName }) => [name, aggregatorName]),
    ]);
    expect(found).to.deep.equal([
      ['Area', ['House 1', undefined]],
      ['Load', ['Load', 'mine']],
    ]);
  });

  it('find the running networks', async () => {
    const { session } = await open();
    const [network, ...others] = await firstValueFrom(canaryNetworks(session));
    expect(others).to.be.empty;
    expect(network?.uuid).to.equal(SIMULATION);
    expect(network?.forecastStreamAreaMapping.get(PV)).to.equal('PV');
    expect(await firstValueFrom(scmCommunities(session))).to.be.empty;
  });

  it('tell that there is no such simulation', async () => {
    const { session } = await open();
    for (const ask of [simulationAggregators, simulationRegistry]) {
      const error = await failure(ask(session, 'elsewhere'));
      expect(error).to.include({ code: 'ERR_GSY_UNKNOWN_SIMULATION', status: 404 });
      expect(error.message).to.match(/^There is no simulation elsewhere for this user: GET http/);
    }
    // GraphQL tells it in words alone.
    expect((await failure(simulationAreas(session, 'elsewhere'))).message).to.include('does not exist');
  });

  it('keep the areas of two simulations apart', async () => {
    const { session, bus } = await open();
    const community = {
      ...{ startDate: '2026-06-21', slots: 1, slotLengthMinutes: 15, tickLengthSeconds: 90 },
      grid: {
        name: 'Other Grid',
        assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 8, sellRate: 30 } as const],
      },
    };
    const door = openHttpDoor({ bus, community, users: USERS, simulationId: 'other' });
    const { url } = await firstValueFrom(door.opened());
    const other = hostedSession({ domainName: url, username: 'ben', password: USERS.ben });
    sessions.push(other);
    const [mine, theirs] = await Promise.all([
      firstValueFrom(simulationAreas(session, SIMULATION)),
      firstValueFrom(simulationAreas(other, 'other')),
    ]);
    door.close();
    expect(mine.nameByUuid.size).to.equal(9);
    expect([...theirs.nameByUuid.values()]).to.deep.equal(['Other Grid', 'Market Maker']);
  });

  it('tell a server of the same version nothing to warn of', async () => {
    const { session } = await open();
    const version = firstValueFrom(session.apiVersion$);
    userAggregators(session);
    expect(versionWarning(await version)).to.equal(undefined);
  });
});

describe('look-ups on a server that is in trouble', () => {
  const { at, connect, heard } = hostedSessions();

  it('download a scenario once for all names in it', async () => {
    const areas = await firstValueFrom(simulationAreas(connect(), 'sim'));
    for (const name of ['Grid', 'Load', 'House 1']) expect(findArea(areas, name).name).to.equal(name);
    expect(() => findArea(areas, 'PV'))
      .to.throw('2 areas are named PV')
      .with.property('code', 'ERR_GSY_AMBIGUOUS_NAME');
    expect(heard()).to.have.length(1);
  });

  for (const [told, answer, reason] of [
    [
      'errors',
      { errors: [{ message: "it's gone" }, { message: 'and "more"' }], data: null },
      'it\'s gone; and "more"',
    ],
    ['null data', { data: null }, '$.data'],
    ['no data', {}, '$.data'],
    ['nothing of what was asked', { data: { readConfiguration: null } }, '$.data.readConfiguration'],
  ] as const)
    it(`tell of ${told} in a GraphQL answer`, async () => {
      at.server.answer('/graphql/', () => ({ body: answer }));
      const session = connect();
      for (const answer$ of [
        simulationAreas(session, 'sim'),
        userAggregators(session),
        canaryNetworks(session),
      ]) {
        const error = await failure(answer$);
        expect(error).to.include({ name: 'GsyError', code: 'ERR_GSY_TRANSPORT' });
        expect(error.message).to.include(reason.startsWith('$') ? '$.data' : reason);
      }
      expect((await failure(simulationAreas(session, 'sim'))).message).to.include(reason);
    });

  it('tell what GraphQL says with a status of trouble', async () => {
    at.server.answer('/graphql/', () => ({ status: 400, body: { errors: [{ message: 'Syntax Error' }] } }));
    const error = await failure(userAggregators(connect()));
    expect(error.message).to.include('status 400').and.include('Syntax Error');
  });

  it('put the simulation into addresses as it is, whatever it is', async () => {
    const session = connect();
    await firstValueFrom(simulationAggregators(session, 'a/../b?c'));
    expect(heard().at(-1)?.path).to.include('/a%2F..%2Fb%3Fc/list-aggregators/');
  });
});

describe('registeredAreas', () => {
  it('takes every type, known or not, at any depth, and leaves out what is not registered', () => {
    const area = (type: string, registered: boolean | undefined, children: readonly never[] = []) => ({
      ...{ uuid: `uuid of ${type}`, name: type, type, children },
      ...(registered !== undefined && { registered }),
    });
    const types = ['Load', 'PV', 'Storage', 'SmartMeter', 'HeatPump', '__proto__', 'constructor'];
    const house = { ...area('Area', true), children: types.map((type) => area(type, true)) };
    const grid = { ...area('Area', undefined), children: [house, area('Load', false)] };
    const found = registeredAreas(grid);
    expect([...found.keys()]).to.deep.equal(['Area', ...types]);
    for (const areas of found.values()) expect(areas).to.have.length(1);
  });
});

describe('versionWarning', () => {
  it('warns of a newer server only, number by number', () => {
    expect(versionWarning('1.10.0')).to.include('1.10.0').and.include('1.3.0');
    for (const version of ['1.3.0', '1.2.9', '0.10.0', ''])
      expect(versionWarning(version)).to.equal(undefined);
  });
});
