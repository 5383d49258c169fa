import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, NEVER } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { openHttpDoor, type HttpDoorOptions } from '../../lib/sandbox/http.ts';
import type { ExchangeBus } from '../../lib/sandbox/sandbox.ts';
import {
  aggregatorApi,
  api,
  community,
  httpWorlds,
  LOAD,
  send,
  SIMULATION,
  USERS,
  type World,
} from './httpClients.ts';

const deaf: ExchangeBus = { publish: () => 0, frames: () => NEVER };

const open = (options: Partial<HttpDoorOptions>) =>
  openHttpDoor({ bus: deaf, community, users: USERS, simulationId: SIMULATION, ...options });

const attempt = ({ address }: World, body: unknown) =>
  send('POST', `${address.url}/api-token-auth/`, { body });

/** A valid token with something changed in its claims, its signature kept. */
const forged = (token: string): string => {
  const [header, claims, signature] = token.split('.');
  const changed = {
    ...(JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object),
    username: 'ben',
  };
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
};

describe('the HTTP door', () => {
  const world = httpWorlds();

  it('listens on loopback at a free port, and says where', async () => {
    const { address } = await world();
    expect(address.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(address.webSocketUrl).to.equal(address.url.replace('http', 'ws'));
  });

  it('says so when it cannot listen', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const door = open({ port });
    const error: unknown = await firstValueFrom(door.opened()).catch((reason: unknown) => reason);
    taken.close();
    expect(error).to.be.instanceOf(GsyError).and.include({ code: 'ERR_GSY_TRANSPORT' });
    expect((error as GsyError).message).to.include(`127.0.0.1:${port}`);
  });

  it('needs a user, and a password for each', () => {
    for (const users of [{}, { ada: '' }])
      expect(() => open({ users }))
        .to.throw()
        .with.property('code', 'ERR_GSY_OPTIONS');
  });

  it('does not take a short password where other machines can reach it, and does not tell it', () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.0.0.1.example.org'])
      expect(() => open({ host, users: { ada: 'secret' } }))
        .to.throw(/at least 12 characters/)
        .with.property('message')
        .that.does.not.include('secret');
  });

  it('closes while clients are connected', async () => {
    const { door, login } = await world();
    const ada = await login('ada');
    const { socket } = await ada.listen(LOAD);
    const closed = once(socket, 'close');
    await lastValueFrom(door.close(), { defaultValue: undefined });
    await closed;
    const error: unknown = await ada
      .get(aggregatorApi('list-aggregators/'))
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'ECONNREFUSED');
  });

  it('sends its version and headers that keep browsers from harm with every answer', async () => {
    const { address } = await world();
    for (const path of ['api-token-auth/', 'graphql/', 'nowhere']) {
      const { headers } = await send('POST', `${address.url}/${path}`, { body: {} });
      expect(headers).to.include({
        'api-version': '1.3.0',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['content-security-policy']).to.include("default-src 'none'");
    }
  });

  it('answers 504 when the exchange does not answer', async () => {
    const late: { pass?: () => void } = {};
    const bus: ExchangeBus = { publish: () => late.pass?.(), frames: () => NEVER };
    const { login, wait } = await world({ bus });
    const ada = await login('ada');
    late.pass = () => wait(10_000);
    const { statusCode, body } = await ada.post(aggregatorApi('create-aggregator/'), { name: 'mine' });
    expect(statusCode).to.equal(504);
    expect(body.detail).to.equal('The exchange does not answer.');
  });

  describe('login', () => {
    it('gives a token under its new and its old name', async () => {
      const { statusCode, body } = await attempt(await world(), { username: 'ada', password: USERS.ada });
      expect(statusCode).to.equal(200);
      expect(body.access).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(body.token).to.equal(body.access);
    });

    it('refuses a wrong password and an unknown user alike', async () => {
      const here = await world();
      for (const username of ['ada', 'eve', '__proto__', 'constructor']) {
        const { statusCode, body } = await attempt(here, { username, password: USERS.ben });
        expect(statusCode).to.equal(401);
        expect(body).to.deep.equal({ detail: 'Unable to log in with provided credentials.' });
      }
    });

    it('refuses what is no name or no password', async () => {
      const here = await world();
      const bodies = [{}, [], 'null', { username: 'ada' }, { username: ['ada'], password: USERS.ada }];
      for (const body of bodies) expect((await attempt(here, body)).statusCode).to.equal(400);
    });

    it('stops guessing after 20 failures, also at once, for a minute', async () => {
      const here = await world();
      const guesses = await Promise.all(
        Array.from({ length: 30 }, (_, guess) => attempt(here, { username: 'ada', password: `${guess}` })),
      );
      const statuses = guesses.map(({ statusCode }) => statusCode).sort();
      expect(statuses).to.deep.equal([...Array<number>(20).fill(401), ...Array<number>(10).fill(429)]);
      const right = { username: 'ada', password: USERS.ada };
      expect((await attempt(here, right)).statusCode).to.equal(429);
      here.wait(60_000);
      expect((await attempt(here, right)).statusCode).to.equal(200);
    });

    it('does not count logins that succeed', async () => {
      const here = await world();
      for (let count = 0; count < 25; count++)
        expect((await attempt(here, { username: 'ada', password: USERS.ada })).statusCode).to.equal(200);
    });
  });

  describe('with a token', () => {
    const LIST = aggregatorApi('list-aggregators/');

    it('answers until it expires after 48 hours', async () => {
      const { login, wait } = await world();
      const ada = await login('ada');
      wait(48 * 3_600_000 - 1);
      expect((await ada.get(LIST)).statusCode).to.equal(200);
      wait(1);
      const { statusCode, body } = await ada.get(LIST);
      expect(statusCode).to.equal(401);
      expect(body).to.deep.equal({ detail: 'Signature has expired.' });
    });

    it('refuses tokens that are missing, made up, changed or of another door', async () => {
      const { address, login } = await world();
      const { token } = await login('ada');
      const foreign = await (await world()).login('ada');
      const [header, claims] = token.split('.');
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
      const wrong = ['', 'None', 'a.b.c', forged(token), foreign.token, unsigned, `${header}.${claims}.AAAA`];
      for (const each of [undefined, ...wrong]) {
        const given = each === undefined ? {} : { token: each };
        for (const path of [LIST, api(`${LOAD}/dso-market-stats`)])
          expect((await send('GET', `${address.url}/${path}`, given)).statusCode).to.equal(401);
        const body = { query: '{ aggregatorsList { name } }' };
        expect((await send('POST', `${address.url}/graphql/`, { ...given, body })).statusCode).to.equal(401);
      }
    });

    it('does not know other simulations, other paths, or ways around', async () => {
      const { address, login } = await world();
      const { token, get } = await login('ada');
      const foreign = '00000000-0000-4000-8000-000000000000';
      for (const path of [
        ...[LIST.replace(SIMULATION, foreign), `external-connection/configurations/${foreign}/registry`],
        ...['', 'etc/passwd', '..%2f..%2fetc%2fpasswd', api('..%2f..%2fregistry'), LIST.slice(0, -1)],
        ...[api('__proto__/dso-market-stats'), api('constructor/dso-market-stats')],
      ])
        expect((await get(path)).statusCode, path).to.equal(404);
      expect((await get(api(`${'x'.repeat(5_000)}/dso-market-stats`))).statusCode).to.equal(414);
      const raw = connect(Number(new URL(address.url).port), '127.0.0.1');
      raw.end(`GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nAuthorization: JWT ${token}\r\n\r\n`);
      const [answer] = (await once(raw, 'data')) as [Buffer];
      raw.destroy();
      expect(answer.toString()).to.match(/^HTTP\/1\.1 404/);
    });

    it('refuses bodies that are no JSON object, hostile or too large', async () => {
      const { address, login } = await world();
      const { token } = await login('ada');
      const url = `${address.url}/${aggregatorApi('batch-commands/')}`;
      const hostile = ['{', '[]', 'null', '"x"', '', '{"__proto__": {"user": "ben"}}', '['.repeat(100_000)];
      for (const body of hostile)
        expect((await send('POST', url, { token, body })).statusCode, body.slice(0, 20)).to.equal(400);
      const large = JSON.stringify({ batch_commands: 'x'.repeat(1024 * 1024) });
      expect((await send('POST', url, { token, body: large })).statusCode).to.equal(413);
      expect(({} as { user?: string }).user).to.equal(undefined);
    });
  });

  it('leaves an exchange alone that nobody asks anything of', async () => {
    const { sandbox, ticks } = await world();
    ticks(31);
    expect(sandbox.results().dangers).to.equal(0);
  });
});
