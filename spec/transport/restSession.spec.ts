import { inspect } from 'node:util';
import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import { restSession, type RestSession } from '../../lib/transport/restSession.ts';
import { freePort } from '../redisServer.ts';
import { aToken, startRestServer, USER, type RestServer } from './restServer.ts';

const HOUR_S = 3_600;

describe('restSession', () => {
  let server: RestServer;
  let nowMs = 0;
  const sessions: RestSession[] = [];

  const connect = (domainName = server.domainName): RestSession => {
    const address = { domainName, webSocketDomainName: 'ws://localhost', simulationId: 'sim', ...USER };
    const session = restSession(address, () => nowMs);
    sessions.push(session);
    return session;
  };
  const logins = () => server.heard.filter(({ path }) => path === '/api-token-auth/').length;
  /** The server gives this token from now on, and takes it. */
  const give = (token: string, key = 'access') => {
    server.tokens.add(token);
    server.answer('/api-token-auth/', () => ({ body: { [key]: token } }));
  };
  const ok = { kind: 'answered', status: 200, body: '{}' };

  beforeEach(async () => {
    nowMs = 1_000_000;
    server = await startRestServer();
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.close();
    await server.stop();
  });

  for (const key of ['access', 'token'])
    it(`takes the token that the server gives as ${key}`, async () => {
      give('abc', key);
      expect(await connect().token()).to.equal('abc');
      expect(server.heard[0]).to.deep.include({ method: 'POST', authorization: undefined, body: USER });
    });

  it('logs in once for all that is asked at the same moment', async () => {
    const session = connect();
    expect(await Promise.all(['a', 'b', 'c'].map((path) => session.request('GET', path)))).to.deep.equal([
      ok,
      ok,
      ok,
    ]);
    expect(logins()).to.equal(1);
  });

  it('renews a token that is refused, once for all, and asks each once more', async () => {
    const session = connect();
    await session.token();
    server.tokens.clear();
    const asked = await Promise.all(['a', 'b', 'c'].map((path) => session.request('POST', path, {})));
    expect(asked).to.deep.equal([ok, ok, ok]);
    expect(logins()).to.equal(2);
  });

  it('gives up on a request when the new token is refused too', async () => {
    const session = connect();
    server.answer('/api-token-auth/', () => ({ body: { access: 'never taken' } }));
    expect(await session.request('POST', 'a', {})).to.include({ status: 401 });
    expect(server.heard.filter(({ path }) => path === '/a')).to.have.length(2);
    expect(logins()).to.equal(2);
  });

  for (const [life, claims, renewAfterS] of [
    ['does not tell its life', {}, 12 * HOUR_S],
    ['lives for two days', { iat: 5, exp: 5 + 48 * HOUR_S }, 12 * HOUR_S],
    ['lives for an hour', { iat: 5, exp: 5 + HOUR_S }, 0.75 * HOUR_S],
    ['does not tell when it was issued', { exp: 1_000 + HOUR_S }, 0.75 * HOUR_S],
    ['tells an end long ago', { exp: 1 }, 12 * HOUR_S],
    ['tells nonsense', { exp: 'soon' }, 12 * HOUR_S],
  ] as const)
    it(`renews a token that ${life} before it ends`, async () => {
      give(aToken(claims));
      const session = connect();
      await session.token();
      nowMs += renewAfterS * 1_000 - 1;
      await session.token();
      expect(logins()).to.equal(1);
      nowMs += 1;
      const renewal = firstValueFrom(server.heard$);
      await session.token();
      await renewal;
      expect(logins()).to.equal(2);
    });

  it('goes on with a token that has not ended while the server gives no other', async () => {
    const session = connect();
    const token = await session.token();
    server.answer('/api-token-auth/', () => ({ status: 502 }));
    nowMs += 47 * HOUR_S * 1_000;
    expect(await session.token()).to.equal(token);
    nowMs += HOUR_S * 1_000;
    expect((await failure(session.token())).message).to.include('the server answered with status 502');
  });

  it('makes nobody wait for a renewal, and tries it once a minute at the most', async () => {
    const session = connect();
    const token = await session.token();
    let giveUp: () => void = () => undefined;
    server.answer(
      '/api-token-auth/',
      () => new Promise((resolve) => (giveUp = () => resolve({ status: 502 }))),
    );
    nowMs += 13 * HOUR_S * 1_000;
    const heard = firstValueFrom(server.heard$);
    expect(await session.token()).to.equal(token);
    await heard;
    giveUp();
    nowMs += 59_999;
    expect(await session.request('GET', 'a')).to.deep.equal(ok);
    expect(logins()).to.equal(2);
    nowMs += 1;
    const heardAgain = firstValueFrom(server.heard$);
    expect(await session.token()).to.equal(token);
    expect((await heardAgain).path).to.equal('/api-token-auth/');
  });

  for (const status of [400, 401, 403])
    it(`never logs in again after status ${status}`, async () => {
      server.answer('/api-token-auth/', () => ({ status, body: USER }));
      const session = connect();
      const error = await failure(session.token());
      expect(await failure(session.token())).to.equal(error);
      expect(await firstValueFrom(session.refusal$)).to.equal(error);
      expect(inspect(error)).not.to.include(USER.password);
      expect(logins()).to.equal(1);
    });

  for (const [what, answer, reason] of [
    [
      'a page',
      { body: `<html>${USER.password}</html>` },
      'the server gave no token; is this the right domain?',
    ],
    ['status 301', { status: 301 }, 'status 301: it is somewhere else; check the domain name'],
    ['status 404', { status: 404 }, 'status 404: is this the right domain?'],
    ['status 429', { status: 429 }, 'status 429: the server asks for fewer requests'],
    ['status 500', { status: 500 }, 'status 500: the server is in trouble; try again later'],
    ['status 503', { status: 503 }, 'status 503: the server is in trouble; try again later'],
  ] as const)
    it(`logs in again after ${what}, and tells what to do`, async () => {
      server.answer('/api-token-auth/', () => answer);
      const session = connect();
      const error = await failure(session.token());
      expect(error).to.include({
        code: 'ERR_GSY_TRANSPORT',
        status: 'status' in answer ? answer.status : 200,
      });
      expect(error.message).to.satisfy((message: string) => message.endsWith(reason));
      expect(error.message).to.include(`Cannot log in at ${server.domainName} as me@example.org: `);
      give('abc');
      expect(await session.token()).to.equal('abc');
    });

  it('tells whether what was not answered may have been heard', async () => {
    const session = connect();
    server.answer('/a', () => 'hang up');
    expect(await session.request('POST', 'a', {})).to.include({ kind: 'unanswered', mayBeHeard: true });
    await server.stop();
    expect(await session.request('POST', 'a', {})).to.include({ kind: 'unanswered', mayBeHeard: false });
    server = await startRestServer(await freePort());
  });

  it('tells the newest version of the server', async () => {
    const session = connect();
    const versions = firstValueFrom(session.apiVersion$.pipe(take(2), toArray()));
    for (const version of ['1.9.0', '1.2.0', '1.10.0']) {
      server.answer('/a', () => ({ headers: { 'API-VERSION': version } }));
      await session.request('GET', 'a');
    }
    expect(await versions).to.deep.equal(['1.9.0', '1.10.0']);
  });

  it('follows no redirection, which could take the token to another server', async () => {
    server.answer('/a', () => ({ status: 307, headers: { location: '/b' } }));
    expect(await connect().request('POST', 'a', {})).to.include({ status: 307 });
    expect(server.heard.map(({ path }) => path)).not.to.include('/b');
  });

  it('ends what is under way when it is closed', async () => {
    const session = connect();
    server.answer('/a', () => new Promise(() => undefined));
    await session.token();
    const answer = session.request('POST', 'a', {});
    await firstValueFrom(server.heard$);
    session.close();
    expect(await answer).to.include({ kind: 'unanswered', mayBeHeard: true });
  });
});

const failure = async (promise: Promise<unknown>): Promise<Error> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
};
