import { expect } from 'chai';
import {
  api,
  community,
  httpWorlds,
  HOUSE,
  LOAD,
  PV,
  SIMULATION,
  type Client,
  type Json,
} from './httpClients.ts';

const ask = async (client: Client, query: string) => client.post('graphql/', { query });

interface Node {
  readonly name: string;
  readonly uuid: string;
  readonly type: string;
  readonly registered: boolean | null;
  readonly aggregator_name: string | null;
  readonly children?: readonly Node[] | null;
}
const flat = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(flat)];

describe('look-ups at the HTTP door', () => {
  const world = httpWorlds();

  it('show the registry, with the names of one’s own aggregators only', async () => {
    const { login } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    await ada.select(await ada.create('mine'), LOAD);
    const listening = await ada.listen(LOAD);
    await ada.post(api(`${LOAD}/register/`));
    await listening.like({ command: 'register' });
    const seen = async (client: Client) => {
      const { body } = await client.get(`external-connection/configurations/${SIMULATION}/registry`);
      return flat(body as Node).map((node) => [
        node.name,
        node.type,
        node.registered,
        node.aggregator_name,
        node.children !== undefined,
      ]);
    };
    const grid = [
      ['Grid', 'Area', false, null, true],
      ['House 1', 'Area', false, null, true],
      ['Load', 'Load', true, 'mine', false],
      ['PV', 'PV', false, null, false],
      ['Fridge', 'Load', null, null, false],
      ['House 2', 'Area', null, null, true],
      ['Load', 'Load', false, null, false],
      ['Meter', 'SmartMeter', false, null, false],
      ['Market Maker', 'InfiniteBus', null, null, false],
    ];
    expect(await seen(ada)).to.deep.equal(grid);
    expect(await seen(ben)).to.deep.equal(
      grid.map((row) => row.map((cell) => (cell === 'mine' ? null : cell))),
    );
  });

  it('show the scenario as a text', async () => {
    const ada = await (await world()).login('ada');
    const query = `query { readConfiguration(uuid: "${SIMULATION}") { scenarioData { latest { serialized } } } }`;
    const { statusCode, body } = await ask(ada, query);
    expect(statusCode).to.equal(200);
    const { data } = body as {
      data: { readConfiguration: { scenarioData: { latest: { serialized: string } } } };
    };
    const areas = flat(JSON.parse(data.readConfiguration.scenarioData.latest.serialized) as Node);
    expect(areas).to.have.length(9);
    expect(areas[1]).to.include({ name: 'House 1', uuid: HOUSE, type: 'Area' });
    expect(areas[2]).to.deep.equal({ name: 'Load', uuid: LOAD, type: 'Load', children: null });
  });

  it('show the aggregators of the user with their areas', async () => {
    const { login } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    await ada.select(await ada.create('mine'), PV);
    const query = 'query { aggregatorsList { configUuid name devicesList { deviceUuid } } }';
    expect((await ask(ada, query)).body).to.deep.equal({
      data: {
        aggregatorsList: [{ configUuid: SIMULATION, name: 'mine', devicesList: [{ deviceUuid: PV }] }],
      },
    });
    expect((await ask(ben, query)).body).to.deep.equal({ data: { aggregatorsList: [] } });
  });

  it('show the community as a running canary network with the assets that clients may use', async () => {
    const ada = await (await world()).login('ada');
    const fields = `configurations { uuid resultsStatus type scenarioData { forecastStreamAreaMapping }
      settingsData { spotMarketType } }`;
    const { body } = await ask(
      ada,
      `query { listCanaryNetworks { ${fields} } listScmCommunities { ${fields} } }`,
    );
    const { data } = body as {
      data: Record<'listCanaryNetworks' | 'listScmCommunities', { configurations: Json[] }>;
    };
    const [network] = data.listCanaryNetworks.configurations;
    expect(network).to.deep.include({
      ...{ uuid: SIMULATION, resultsStatus: 'running', type: 'CANARY_NETWORK' },
      settingsData: { spotMarketType: 'TWO_SIDED' },
    });
    const { forecastStreamAreaMapping } = network!.scenarioData as { forecastStreamAreaMapping: Json };
    expect(Object.values(forecastStreamAreaMapping)).to.deep.equal(['Load', 'PV', 'Load', 'Meter']);
    expect(data.listScmCommunities.configurations).to.be.empty;
  });

  it('show whether the market is one-sided', async () => {
    const oneSided = { ...community, spotMarketType: 'one-sided-pay-as-offer' } as const;
    const ada = await (await world({ community: oneSided })).login('ada');
    const query = '{ listCanaryNetworks { configurations { settingsData { spotMarketType } } } }';
    const settingsData = { spotMarketType: 'ONE_SIDED' };
    expect((await ask(ada, query)).body).to.deep.equal({
      data: { listCanaryNetworks: { configurations: [{ settingsData }] } },
    });
  });

  it('tell what is wrong with a query in the form of GraphQL', async () => {
    const ada = await (await world()).login('ada');
    const errors = async (query: string) => {
      const { statusCode, body } = await ask(ada, query);
      return [statusCode, (body.errors as { message: string }[])[0]!.message] as const;
    };
    expect(await errors('query {')).to.deep.equal([400, 'Syntax Error: Expected Name, found <EOF>.']);
    expect((await errors('{ passwords }'))[1]).to.include('Cannot query field "passwords"');
    expect((await errors('{ __schema { types { name } } }'))[1]).to.include('introspection');
    const many = Array.from({ length: 1_000 }, (_, n) => `a${n}: aggregatorsList { name }`).join(' ');
    expect((await errors(`{ ${many} }`))[1]).to.include('tokens');
    expect(await errors('{ readConfiguration(uuid: "other") { uuid } }')).to.deep.equal([
      200,
      'Configuration matching query does not exist.',
    ]);
    expect((await ada.post('graphql/', { query: 5 })).statusCode).to.equal(400);
  });
});
