import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { WebSocket } from 'ws';
import { DEFAULT_LIMITS, openTraffic } from '../../lib/sandbox/httpLimits.ts';
import { batchResponseChannel, eventsChannel } from '../../lib/wire/channels.ts';
import {
  aggregatorApi,
  api,
  httpWorlds,
  LOAD,
  pass,
  send,
  SIMULATION,
  USERS,
  type World,
} from '../sandbox/httpClients.ts';

const LIST = aggregatorApi('list-aggregators/');

/** What is answered under another name of the server. */
const statusUnder = async ({ address }: World, host: string): Promise<number | undefined> => {
  const asking = request(`${address.url}/graphql/`, { method: 'POST', headers: { host } }).end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
};

const refused = async (socket: WebSocket): Promise<number> => {
  socket.on('error', () => undefined);
  const [, { statusCode }] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  socket.terminate();
  return statusCode;
};

describe('the embedded exchange behind its HTTP door', () => {
  const world = httpWorlds();

  it('takes so many requests of a user in a minute, and tells when to come again; others go on', async () => {
    const { login, wait } = await world({ limits: { requestsPerMinute: 5 } });
    const [ada, ben] = [await login('ada'), await login('ben')];
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await ada.get(LIST)).statusCode);
    expect(statuses).to.deep.equal([200, 200, 200, 200, 200, 429]);
    wait(20_000);
    const { headers, body } = await ada.get(LIST);
    expect(headers['retry-after']).to.equal('40');
    expect(body).to.deep.equal({ detail: 'Too many requests in this minute.' });
    expect((await ben.get(LIST)).statusCode).to.equal(200);
    wait(40_000);
    expect((await ada.get(LIST)).statusCode).to.equal(200);
  });

  it('takes so many bytes of a user in a minute; a length that is not told counts as the largest', async () => {
    const { address, login } = await world({ limits: { bytesPerMinute: 1024 * 1024 } });
    const { token } = await login('ada');
    const url = `${address.url}/${aggregatorApi('batch-commands/')}`;
    const half = JSON.stringify({ batch_commands: 'x'.repeat(600 * 1024) });
    expect((await send('POST', url, { token, body: half })).statusCode).to.equal(400);
    expect((await send('POST', url, { token, body: half })).statusCode).to.equal(429);

    const ben = await login('ben');
    const unknown = request(url, {
      method: 'POST',
      headers: { authorization: `JWT ${ben.token}`, 'transfer-encoding': 'chunked' },
    }).end();
    await once(unknown, 'response');
    expect((await ben.post(aggregatorApi('batch-commands/'))).statusCode).to.equal(429);
  });

  it('takes 600 requests in a minute from an address without a good token, and remembers few addresses', () => {
    const clock = new VirtualTimeScheduler();
    const traffic = openTraffic(DEFAULT_LIMITS, clock);
    const most = (address: string): number => {
      let count = 0;
      try {
        for (;;) {
          traffic.stranger(address);
          count += 1;
        }
      } catch {
        return count;
      }
    };
    expect(most('one')).to.equal(600);
    for (let index = 0; index < 10_000; index += 1) traffic.stranger(`address ${index}`);
    expect(most('beyond')).to.equal(599);
    expect(most('beyond, too')).to.equal(0);
    pass(clock, 60_000);
    expect(most('beyond, too')).to.equal(600);
  });

  it('keeps 100 aggregators of a user, also when they are asked for at once, and nothing of those deleted', async () => {
    const { bus, login } = await world({ limits: { aggregators: 3 } });
    const ada = await login('ada');
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        ada.post(aggregatorApi('create-aggregator/'), { name: `${index}` }),
      ),
    );
    const made = answers.filter(({ statusCode }) => statusCode === 200).map(({ body }) => String(body.uuid));
    expect(made).to.have.length(3);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).to.have.length(3);
    for (const aggregator_uuid of made) {
      const channels = [eventsChannel(aggregator_uuid), batchResponseChannel(aggregator_uuid)];
      expect(channels.map((channel) => bus.listeners(channel))).to.deep.equal([1, 1]);
      await ada.post(aggregatorApi('delete-aggregator/'), { aggregator_uuid });
      expect(channels.map((channel) => bus.listeners(channel))).to.deep.equal([0, 0]);
    }
    expect(await ada.create('another')).to.match(/^[\w-]{36}$/);
    expect(DEFAULT_LIMITS.aggregators).to.equal(100);
  });

  it('opens so many websockets to a user, and as many again when they are closed', async () => {
    const { address, login } = await world({ limits: { webSockets: 2 } });
    const ada = await login('ada');
    const sockets = [await ada.listen(LOAD), await ada.listen(LOAD)];
    const third = () =>
      new WebSocket(`${address.webSocketUrl}/${SIMULATION}/${LOAD}/`, {
        headers: { authorization: `JWT ${ada.token}` },
      });
    expect(await refused(third())).to.equal(429);
    const ben = await login('ben');
    await ben.listen(LOAD);
    const [first] = sockets;
    const closed = once(first!.socket, 'close');
    first!.socket.close();
    await closed;
    await ada.listen(LOAD);
  });

  it('answers only under the names of this machine, where it can be reached from it alone', async () => {
    const here = await world();
    for (const host of ['localhost', '127.0.0.1:80', '[::1]:8000'])
      expect(await statusUnder(here, host), host).to.equal(401);
    for (const host of ['attacker.example', '127.0.0.1.attacker.example', '192.0.2.1'])
      expect(await statusUnder(here, host), host).to.equal(421);
  });

  it('tells neither what it is made of, nor stacks, nor what it was told', async () => {
    const { address, login } = await world();
    const { token } = await login('ada');
    const secret = 'a secret in a request';
    const login$ = `${address.url}/api-token-auth/`;
    const answers = [
      await send('POST', login$, { body: `{"username": "ada", "password": "${secret}` }),
      await send('POST', login$, { body: { username: 'ada', password: secret } }),
      await send('POST', login$, { body: { username: 'ada', password: secret.repeat(1_000) } }),
      await send('GET', `${address.url}/${api(`${LOAD}/dso-market-stats`)}`, { token, body: `["${secret}"` }),
      await send('POST', `${address.url}/graphql/`, { token, body: { query: '{ nothing }' } }),
      await send('POST', `${address.url}/%zz`, { token }),
    ];
    for (const { headers, rawBody, statusCode } of answers) {
      expect(statusCode).to.be.within(400, 499);
      expect(headers).not.to.have.any.keys('server', 'x-powered-by', 'access-control-allow-origin');
      expect(headers['content-type']).to.match(/^application\/json/);
      expect(rawBody.toString()).not.to.match(/node_modules|\.[jt]s:\d|FST_/);
      expect(rawBody.toString()).not.to.include(secret).and.not.to.include(token);
    }
  });

  it('closes a connection that sends no request, and reads no endless head', async () => {
    const { address } = await world();
    const socket = connect(Number(new URL(address.url).port), '127.0.0.1');
    const said = text(socket);
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await said).to.match(/^HTTP\/1\.1 431/);
  });

  it('gives a user nothing of another, whatever is asked', async () => {
    const { login, address } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    const aggregator = await ada.create('mine');
    await ada.select(aggregator, LOAD);
    const asBen = (path: string, body: object) => ben.post(path, { aggregator_uuid: aggregator, ...body });
    for (const path of ['delete', 'select', 'unselect'])
      expect((await asBen(aggregatorApi(`${path}-aggregator/`), { device_uuid: LOAD })).statusCode).to.equal(
        403,
      );
    const batch_commands = { [LOAD]: [{ type: 'list_bids' }] };
    expect((await asBen(aggregatorApi('batch-commands/'), { batch_commands })).statusCode).to.equal(403);
    expect((await ben.post(api(`${LOAD}/register/`))).statusCode).to.equal(403);
    expect((await ben.get(LIST)).body).to.deep.equal([]);
    for (const path of [LOAD, `aggregator/${aggregator}`]) {
      const headers = { authorization: `JWT ${ben.token}` };
      expect(
        await refused(new WebSocket(`${address.webSocketUrl}/${SIMULATION}/${path}/`, { headers })),
      ).to.equal(403);
    }
    expect(Object.keys(USERS)).to.deep.equal(['ada', 'ben']);
  });
});
