import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { restClient, type RestClient } from '../../lib/transport/restClient.ts';
import { freePort } from '../redisServer.ts';
import { startRestServer, type RestServer } from './restServer.ts';

describe('restClient', () => {
  let server: RestServer;
  let nowMs = 0;
  const clients: RestClient[] = [];

  const connect = ({ domainName = server.domainName, requestMs = 5_000 } = {}): RestClient => {
    const client = restClient(domainName, () => nowMs, requestMs);
    clients.push(client);
    return client;
  };
  const get = { method: 'GET', path: 'a', token: 'abc' } as const;
  const ok = { kind: 'answered', status: 200, body: '{}' };

  beforeEach(async () => {
    nowMs = 1_000_000;
    server = await startRestServer();
    server.tokens.add('abc');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.stop();
  });

  it('gives up on a server that takes too long, which may have heard it', async () => {
    server.answer('/a', () => new Promise(() => undefined));
    expect(await connect({ requestMs: 50 }).ask(get)).to.deep.equal({
      kind: 'unanswered',
      mayBeHeard: true,
      reason: 'there was no answer within 50 ms: the server or the way to it is too slow; try again later',
    });
  });

  it('gives up on an answer that is too long', async () => {
    server.answer('/a', () => ({ body: 'x'.repeat(65 * 1024 * 1024) }));
    expect(await connect().ask(get)).to.deep.equal({
      kind: 'unanswered',
      mayBeHeard: true,
      reason: 'the answer is too long',
    });
  });

  it('tells of a host that does not exist, where nothing was heard', async () => {
    const client = connect({ domainName: 'https://exchange.invalid' });
    const answer = await client.ask({ ...get, method: 'POST', body: {} });
    expect(answer).to.include({ kind: 'unanswered', mayBeHeard: false });
    expect(answer)
      .to.have.property('reason')
      .that.matches(/getaddrinfo E\w+ exchange\.invalid: .*; check the /);
  });

  it('tells of an untrusted certificate, whose owner has heard nothing', async () => {
    const secure = await startRestServer(0, 'localhost');
    const answer = await connect(secure).ask({ ...get, method: 'POST', body: {} });
    expect(answer).to.include({ kind: 'unanswered', mayBeHeard: false });
    expect(secure.heard).to.be.empty;
    await secure.stop();
  });

  it('tells of TLS where there is none', async () => {
    const client = connect({ domainName: server.domainName.replace('http', 'https') });
    expect(await client.ask(get))
      .to.have.property('reason')
      .that.matches(/: it does not speak TLS there, or not the same; check scheme and port$/);
  });

  it('tells of what is no web server', async () => {
    const other = createServer((socket) => socket.end('220 mail.example.org ESMTP\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await connect({ domainName: `http://127.0.0.1:${port}` }).ask(get))
      .to.have.property('reason')
      .that.matches(/Parse Error.*: what answers is no web server; check the domain name and port$/);
    other.close();
  });

  it('tells of a server that is not there', async () => {
    const answer = await connect({ domainName: `http://127.0.0.1:${await freePort()}` }).ask(get);
    expect(answer)
      .to.have.property('reason')
      .that.matches(/ECONNREFUSED .*: nothing listens there; /);
  });

  describe('of a server that asks for fewer requests', () => {
    /** Refuses the first request with this status, and asks for 20 ms without any more. */
    const refuseFirst = (status: number) => {
      nowMs = 999_980;
      const answers = [{ status, headers: { 'retry-after': new Date(1_000_000).toUTCString() } }];
      server.answer('/a', () => answers.pop() ?? {});
    };
    const count = () => server.heard.filter(({ path }) => path === '/a').length;

    it('waits as long as it is told, and asks once more', async () => {
      refuseFirst(429);
      const client = connect();
      expect(await client.ask(get)).to.deep.equal(ok);
      expect(count()).to.equal(2);
    });

    it('does not ask again what had to be done by then, and not at all what comes in between', async () => {
      refuseFirst(429);
      const client = connect();
      const urgent = { ...get, latestMs: nowMs + 10 };
      expect(await client.ask(urgent)).to.include({ status: 429 });
      expect(await client.ask(urgent)).to.deep.equal({
        kind: 'unanswered',
        mayBeHeard: false,
        reason: 'it was not sent in time: the server asked for a pause',
      });
      expect(count()).to.equal(1);
    });

    it('sends what can wait after the pause', async () => {
      refuseFirst(429);
      const client = connect();
      expect(await client.ask({ ...get, latestMs: nowMs + 10 })).to.include({ status: 429 });
      expect(await client.ask({ ...get, latestMs: nowMs + 30 })).to.deep.equal(ok);
    });

    it('gives a server in trouble its pause, and does not repeat what it may have begun', async () => {
      refuseFirst(503);
      const client = connect();
      expect(await client.ask(get)).to.include({ status: 503 });
      expect(await client.ask({ ...get, latestMs: nowMs + 10 })).to.include({ mayBeHeard: false });
      expect(await client.ask(get)).to.deep.equal(ok);
    });

    it('is closed at once, in the middle of the pause', async () => {
      server.answer('/a', () => ({ status: 429, headers: { 'retry-after': '60' } }));
      const client = connect();
      const heard = firstValueFrom(server.heard$);
      const answer = client.ask(get);
      await heard;
      client.close();
      expect(await answer).to.include({ kind: 'unanswered' });
    });
  });
});
