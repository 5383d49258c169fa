import { expect } from 'chai';
import {
  aggregatorApi,
  api,
  httpWorlds,
  HOUSE,
  LOAD,
  METER,
  OTHER_LOAD,
  PV,
  type Client,
} from './httpClients.ts';

const unselect = async (client: Client, aggregator_uuid: string, device_uuid: string) =>
  (await client.post(aggregatorApi('unselect-aggregator/'), { aggregator_uuid, device_uuid })).statusCode;
const remove = async (client: Client, aggregator_uuid: string) =>
  (await client.post(aggregatorApi('delete-aggregator/'), { aggregator_uuid })).statusCode;
const names = async (client: Client) =>
  ((await client.get(aggregatorApi('list-aggregators/'))).body as { name: string }[]).map(({ name }) => name);

describe('aggregators at the HTTP door', () => {
  const world = httpWorlds();

  it('are created and listed, each user’s for itself', async () => {
    const { login } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    const { statusCode, body } = await ada.post(aggregatorApi('create-aggregator/'), { name: 'mine' });
    expect(statusCode).to.equal(200);
    expect(body).to.have.property('name', 'mine');
    await ada.select(String(body.uuid), LOAD);
    expect((await ada.get(aggregatorApi('list-aggregators/'))).body).to.deep.equal([
      { uuid: body.uuid, name: 'mine', devicesList: [LOAD] },
    ]);
    expect(await names(ben)).to.be.empty;
    expect((await ada.post(aggregatorApi('create-aggregator/'), { name: 5 })).statusCode).to.equal(400);
  });

  it('select areas, also again, and are told', async () => {
    const ada = await (await world()).login('ada');
    const aggregator = await ada.create('mine');
    const { like, heard } = await ada.listen(`aggregator/${aggregator}`);
    const selection = { aggregator_uuid: aggregator, device_uuid: OTHER_LOAD };
    for (let time = 0; time < 2; time++) {
      const { statusCode, body } = await ada.select(aggregator, OTHER_LOAD);
      expect([statusCode, body]).to.deep.equal([200, selection]);
    }
    expect(await like({ event: 'selected_by_device' })).to.deep.include(selection);
    await ada.select(aggregator, METER);
    await like({ device_uuid: METER });
    expect(heard).to.have.length(3);
    const other = await ada.create('other');
    expect(await ada.select(other, METER)).to.deep.include({
      statusCode: 409,
      body: { detail: `Device already have selected ${aggregator}` },
    });
    expect((await ada.select(aggregator, 'nothing')).statusCode).to.equal(404);
  });

  it('are closed to other users, and so are the areas in them', async () => {
    const { login, sandbox, ticks } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    const [hers, his] = [await ada.create('one'), await ben.create('two')];
    await ada.select(hers, LOAD);
    await ben.select(his, PV);
    const batch = (aggregator_uuid: string, area: string) =>
      ben.post(aggregatorApi('batch-commands/'), {
        aggregator_uuid,
        batch_commands: { [PV]: [], [area]: [{ type: 'delete_bid' }] },
      });
    expect((await ben.select(hers, METER)).statusCode).to.equal(403);
    expect((await ben.select(his, LOAD)).statusCode).to.equal(403);
    expect((await batch(hers, PV)).statusCode).to.equal(403);
    expect((await batch(his, LOAD)).statusCode).to.equal(403);
    expect(await unselect(ben, hers, LOAD)).to.equal(403);
    expect(await unselect(ben, his, LOAD)).to.equal(403);
    expect(await remove(ben, hers)).to.equal(403);
    expect(await remove(ben, '00000000-0000-4000-8000-000000000000')).to.equal(404);
    expect((await ben.post(api(`${LOAD}/register/`))).statusCode).to.equal(403);
    ticks(31);
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('let two users ask for one area at once, and one of them have it', async () => {
    const { login } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    const [hers, his] = [await ada.create('one'), await ben.create('two')];
    const answers = await Promise.all([ada.select(hers, LOAD), ben.select(his, LOAD)]);
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
    expect(statuses.filter((status) => status === 409 || status === 403)).to.have.length(1);
  });

  it('let markets, meters and connected assets go, and no asset whose going would end the exchange', async () => {
    const { login, ticks, sandbox } = await world();
    const ada = await login('ada');
    const aggregator = await ada.create('mine');
    const { like, heard } = await ada.listen(`aggregator/${aggregator}`);
    const load = await ada.listen(LOAD);
    for (const area of [LOAD, PV, METER, HOUSE]) await ada.select(aggregator, area);
    await ada.post(api(`${LOAD}/register/`));
    await load.like({ command: 'register' });
    expect(await unselect(ada, aggregator, LOAD)).to.equal(409);
    ticks(11);
    await like({ event: 'market', market_slot: '2026-06-21T00:15' });
    expect(await unselect(ada, aggregator, PV)).to.equal(409);
    for (const area of [LOAD, METER, HOUSE]) expect(await unselect(ada, aggregator, area)).to.equal(200);
    expect(await unselect(ada, aggregator, METER)).to.equal(409);
    await like({ event: 'unselected_by_device', device_uuid: HOUSE });
    expect(heard.filter(({ event }) => event === 'unselected_by_device')).to.have.length(3);
    ticks(20);
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('are deleted when they hold nothing, or only what is leaving', async () => {
    const { login, ticks, sandbox } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    expect(await remove(ada, await ada.create('empty'))).to.equal(200);
    const aggregator = await ada.create('mine');
    const { like, heard } = await ada.listen(`aggregator/${aggregator}`);
    const load = await ada.listen(LOAD);
    await ada.select(aggregator, LOAD);
    await ada.post(api(`${LOAD}/register/`));
    expect(await remove(ada, aggregator)).to.equal(409);
    ticks(11);
    await like({ event: 'market', market_slot: '2026-06-21T00:15' });
    await ada.post(api(`${LOAD}/unregister/`));
    await load.like({ command: 'unregister' });
    const his = await ben.create('his');
    expect(await unselect(ada, aggregator, LOAD)).to.equal(409);
    expect((await ben.select(his, LOAD)).statusCode).to.equal(409);
    expect(await remove(ada, aggregator)).to.equal(200);
    expect(await names(ada)).to.be.empty;
    expect(await remove(ada, aggregator)).to.equal(404);
    const before = heard.length;
    ticks(10);
    // Nobody was told of the slot in which the load became free, but the exchange knows.
    expect((await ben.select(his, LOAD)).statusCode).to.equal(200);
    expect((await ada.post(api(`${LOAD}/register/`))).statusCode).to.equal(403);
    ticks(11);
    expect(heard).to.have.length(before);
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('send batches, whose replies come over the websocket; what is wrong in them the exchange counts', async () => {
    const { login, ticks, sandbox } = await world();
    const ada = await login('ada');
    const aggregator = await ada.create('mine');
    const { like } = await ada.listen(`aggregator/${aggregator}`);
    await ada.select(aggregator, LOAD);
    const batch = (body: object) =>
      ada.post(aggregatorApi('batch-commands/'), { aggregator_uuid: aggregator, ...body });
    const commands = [{ type: 'bid', energy: 0.1, price: 3 }, { type: 'device_info' }];
    const { statusCode, body } = await batch({ transaction_id: 'b', batch_commands: { [LOAD]: commands } });
    expect([statusCode, body]).to.deep.equal([200, { transaction_id: 'b' }]);
    ticks(1);
    const reply = await like({ command: 'batch_commands', transaction_id: 'b' });
    expect(reply.aggregator_uuid).to.equal(aggregator);
    const replies = (reply.responses as Record<string, { command: string; status: string }[]>)[LOAD]!;
    expect(replies.map(({ command, status }) => [command, status])).to.deep.equal([
      ['bid', 'ready'],
      ['device_info', 'ready'],
    ]);
    expect((await batch({})).statusCode).to.equal(400);
    expect((await batch({ batch_commands: {}, transaction_id: ['x'] })).statusCode).to.equal(400);
    expect(sandbox.results().dangers).to.equal(0);
    expect((await batch({ batch_commands: null, transaction_id: 'n' })).statusCode).to.equal(200);
    ticks(1);
    await like({ transaction_id: 'n', status: 'error' });
    expect(sandbox.results().dangers).to.equal(1);
  });
});
