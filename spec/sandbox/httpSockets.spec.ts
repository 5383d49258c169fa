import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { eventsChannel } from '../../lib/wire/channels.ts';
import {
  aggregatorApi,
  httpWorlds,
  LOAD,
  PV,
  SIMULATION,
  uuids,
  type Client,
  type Json,
  type World,
} from './httpClients.ts';

const SLOTS = ['2026-06-21T00:00', '2026-06-21T00:15', '2026-06-21T00:30'];

/** The HTTP status with which an upgrade is refused. */
const refusal = async ({ address }: World, path: string, authorization?: string): Promise<unknown> => {
  const headers = authorization === undefined ? {} : { authorization };
  const socket = new WebSocket(`${address.webSocketUrl}${path}`, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  socket.terminate();
  return response.statusCode;
};

/** A user whose aggregator holds one asset and gives it one order in each slot. */
const trader = async (world: World, name: 'ada' | 'ben', area: string, order: Json) => {
  const client = await world.login(name);
  const aggregator = await client.create(`${name} trades`);
  const listening = await client.listen(`aggregator/${aggregator}`);
  await client.select(aggregator, area);
  const trade = async (slot: string): Promise<void> => {
    await listening.like({ event: 'market', market_slot: slot });
    const { statusCode } = await client.post(aggregatorApi('batch-commands/'), {
      transaction_id: `${name} ${slot}`,
      aggregator_uuid: aggregator,
      batch_commands: { [area]: [order] },
    });
    expect(statusCode).to.equal(200);
  };
  return { ...listening, name, trade };
};

describe('websockets at the HTTP door', () => {
  const world = httpWorlds();

  const withAggregator = async (here: World) => {
    const client: Client = await here.login('ada');
    const aggregator = await client.create('mine');
    return { client, aggregator, path: `/${SIMULATION}/aggregator/${aggregator}/` };
  };

  it('are for whoever has a token, and for the user’s own aggregators and areas', async () => {
    const here = await world();
    const { client, aggregator, path } = await withAggregator(here);
    await client.select(aggregator, LOAD);
    const [ada, ben] = [`JWT ${client.token}`, `JWT ${(await here.login('ben')).token}`];
    for (const token of [undefined, '', 'JWT None', `Bearer ${client.token}`])
      expect(await refusal(here, path, token)).to.equal(401);
    expect(await refusal(here, path, ben)).to.equal(403);
    expect(await refusal(here, `/${SIMULATION}/${LOAD}/`, ben)).to.equal(403);
    expect(await refusal(here, `/${SIMULATION}/${uuids['House 1/Fridge']!}/`, ada)).to.equal(403);
    const foreign = '00000000-0000-4000-8000-000000000000';
    for (const unknown of [
      ...['/', '/x', `/${SIMULATION}/`, `/${SIMULATION}/${foreign}/`, `/${foreign}/${LOAD}/`],
      ...[`/${SIMULATION}/aggregator/${foreign}/`, path.slice(0, -1), `/${SIMULATION}/..%2f${LOAD}/`],
    ])
      expect(await refusal(here, unknown, ada), unknown).to.equal(404);
  });

  it('carry binary messages that name the simulation', async () => {
    const here = await world();
    const { client, aggregator } = await withAggregator(here);
    const { like } = await client.listen(`aggregator/${aggregator}`);
    await client.select(aggregator, LOAD);
    here.ticks(1);
    const event = await like({ event: 'market' });
    expect(event).to.include({ simulation_id: SIMULATION, market_slot: SLOTS[0], num_ticks: 10 });
    expect(event).not.to.have.property('isText');
  });

  it('tell every client of an aggregator the same', async () => {
    const here = await world();
    const { client, aggregator } = await withAggregator(here);
    const both = [
      await client.listen(`aggregator/${aggregator}`),
      await client.listen(`aggregator/${aggregator}`),
    ];
    await client.select(aggregator, LOAD);
    here.ticks(31);
    for (const { like } of both) await like({ event: 'finish' });
    expect(both[0]!.heard).to.deep.equal(both[1]!.heard);
  });

  it('end when a client says too much, and listen to nothing it says', async () => {
    const here = await world();
    const { client, aggregator } = await withAggregator(here);
    const { socket } = await client.listen(`aggregator/${aggregator}`);
    socket.send('{"event": "market"}');
    socket.send('x'.repeat(64 * 1024 + 1));
    expect((await once(socket, 'close'))[0]).to.equal(1009);
    expect((await client.select(aggregator, LOAD)).statusCode).to.equal(200);
    here.ticks(31);
    expect(here.sandbox.results().dangers).to.equal(0);
  });

  it('cut off a client that does not read, and no other', async () => {
    const here = await world();
    const { client, aggregator } = await withAggregator(here);
    const [slow, quick] = [
      await client.listen(`aggregator/${aggregator}`),
      await client.listen(`aggregator/${aggregator}`),
    ];
    slow.socket.pause();
    const ended = once(slow.socket, 'close');
    const count = 60;
    for (let number = 0; number < count; number++) {
      const text = JSON.stringify({ event: 'tick', number, padding: 'x'.repeat(1024 * 1024) });
      here.bus.publish(eventsChannel(aggregator), text);
      await quick.like({ number });
    }
    slow.socket.resume();
    expect((await ended)[0]).to.equal(1006);
    expect(slow.heard.length).to.be.lessThan(count / 2);
    expect(quick.heard).to.have.length(count);
  });

  it('live through an upgrade that is none', async () => {
    const here = await world();
    const { client, aggregator, path } = await withAggregator(here);
    const socket = connect(Number(new URL(here.address.url).port), '127.0.0.1');
    const head = [`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket'];
    socket.write([...head, `Authorization: JWT ${client.token}`, '', ''].join('\r\n'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).to.match(/^HTTP\/1\.1 400/);
    expect((await client.select(aggregator, LOAD)).statusCode).to.equal(200);
  });

  it('and requests are enough for two users to trade a day with each other', async () => {
    const here = await world();
    const ada = await trader(here, 'ada', LOAD, { type: 'bid', energy: 0.09, price: 2.7 });
    const ben = await trader(here, 'ben', PV, { type: 'offer', energy: 0.09, price: 0.9 });
    for (const slot of SLOTS) {
      here.ticks(1);
      await Promise.all([ada.trade(slot), ben.trade(slot)]);
      here.ticks(9);
      for (const { like, name } of [ada, ben]) {
        const reply = await like({ command: 'batch_commands', transaction_id: `${name} ${slot}` });
        const [[{ status }]] = Object.values(reply.responses as object) as [[{ status: string }]];
        expect(status).to.equal('ready');
      }
    }
    here.ticks(1);
    for (const { like } of [ada, ben]) await like({ event: 'finish' });

    const kinds = ({ heard }: typeof ada) => heard.map(({ event, command }) => event ?? command);
    const slot = ['market', 'tick', 'batch_commands', 'tick', 'trade', ...Array<string>(8).fill('tick')];
    const whole = ['selected_by_device', ...slot, ...slot, ...slot, 'finish'];
    expect(kinds(ada)).to.have.members(whole);
    expect(kinds(ben)).to.have.members(whole);
    const { assets, dangers } = here.sandbox.results();
    const [load, pv] = [assets.find(({ uuid }) => uuid === LOAD)!, assets.find(({ uuid }) => uuid === PV)!];
    expect(load.boughtKWh).to.be.closeTo(0.27, 1e-9);
    expect(load.paidCents).to.be.closeTo(8.1, 1e-9);
    expect(pv.soldKWh).to.be.closeTo(0.27, 1e-9);
    expect(pv.earnedCents).to.be.closeTo(8.1, 1e-9);
    expect(dangers).to.equal(0);
  });
});
