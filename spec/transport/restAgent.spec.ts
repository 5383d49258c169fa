import { once } from 'node:events';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { firstValueFrom, map, timer } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { wayTo } from '../../lib/transport/restAgent.ts';
import { startFaultProxy } from '../fault/faultProxy.ts';
import { freePort } from '../redisServer.ts';
import { forgetProxies, startProxy, type ProxyServer } from './proxyServer.ts';
import { batch, done, failure, restClients } from './restClients.ts';
import { SERVER_UUID } from './restServer.ts';

const CREDENTIALS = 'me:open%20proxy@';
const BASIC = `Basic ${Buffer.from('me:open proxy').toString('base64')}`;

describe('the way to a server', () => {
  const { at, connect, connectAggregator, pathsHeard } = restClients();
  let proxy: ProxyServer;

  const heard = () => proxy.heard.map(({ what }) => what);
  const place = () => at.server.domainName.replace('http://', '');
  /** A host that only the proxy could know. */
  const FAR = {
    domainName: 'https://exchange.example.org',
    webSocketDomainName: 'wss://exchange.example.org',
  };

  beforeEach(async () => {
    proxy = await startProxy();
  });
  afterEach(async () => {
    forgetProxies();
    await proxy.stop();
  });

  for (const variable of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])
    it(`leads through the proxy that ${variable} names, in tunnels`, async () => {
      process.env[variable] = `http://${CREDENTIALS}127.0.0.1:${proxy.port}`;
      const { transport } = await connectAggregator();
      await firstValueFrom(transport.send(batch('one')));
      const tunnel = { what: `CONNECT ${place()}`, authorization: BASIC };
      expect(proxy.heard).to.deep.equal([tunnel, tunnel]);
      expect(pathsHeard()).to.include(`GET /external-ws/sim/aggregator/${SERVER_UUID}/`);
      expect(pathsHeard().at(-1)).to.equal('POST /external-connection/aggregator-api/sim/batch-commands/');
    });

  for (const exception of ['127.0.0.1', '*', 'example.org,127.0.0.1'])
    it(`leads straight to what NO_PROXY=${exception} excepts`, async () => {
      process.env.ALL_PROXY = `http://127.0.0.1:${proxy.port}`;
      process.env.NO_PROXY = exception;
      await connectAggregator();
      expect(heard()).to.be.empty;
    });

  it('leads straight where the environment names a proxy for others', async () => {
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    await connectAggregator();
    expect(heard()).to.be.empty;
  });

  for (const [status, advice] of [
    [407, 'check the user and password in its URL'],
    [403, 'name the host in NO_PROXY if it can be reached without'],
    [201, 'name the host in NO_PROXY if it can be reached without'],
  ] as const)
    it(`ends at a proxy that answers with status ${status}, whatever it says besides`, async () => {
      const body = '{"access": "a token of its own"}';
      proxy.say = `HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      process.env.https_proxy = `http://${CREDENTIALS}127.0.0.1:${proxy.port}`;
      const error = await failure(connect(FAR).frame$);
      expect(error).to.include({ code: 'ERR_GSY_TRANSPORT' });
      expect(error.message).to.equal(
        `Cannot log in at https://exchange.example.org as me@example.org: the proxy http://127.0.0.1:${proxy.port} opens no way to exchange.example.org: it answered with status ${status}; ${advice}`,
      );
      expect(heard()).to.deep.equal(['CONNECT exchange.example.org:443']);
    });

  it('tells of a proxy that lets websockets through no longer, and goes on trying', async () => {
    process.env.HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
    const { socket, status } = await connectAggregator();
    proxy.say = 'HTTP/1.1 403 No\r\n\r\n';
    const again = firstValueFrom(at.server.opened$);
    socket.terminate();
    expect(await status('gap', 'answered with status 403'))
      .to.have.property('reason')
      .that.matches(/^the proxy http:/);
    proxy.say = undefined;
    await again;
    await status('open');
  });

  it('tells of a proxy that is not there', async () => {
    process.env.HTTPS_PROXY = `http://${CREDENTIALS}127.0.0.1:${await freePort()}`;
    expect((await failure(connect(FAR).frame$)).message).to.match(
      /the proxy http:\/\/127\.0\.0\.1:\d+ opens no way to exchange\.example\.org: connect ECONNREFUSED .*: nothing listens there; check the domain name and port$/,
    );
  });

  it('tells of a proxy that hangs up or speaks something else', async () => {
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    for (const [words, reason] of [
      ['\r\n\r\n', /Parse Error|socket hang up/],
      ['SSH-2.0-OpenSSH_9.7\r\n', /Parse Error.*: what answers is no web server/],
    ] as const) {
      proxy.say = words;
      expect((await failure(connect(FAR).frame$)).message).to.match(reason);
    }
  });

  it('asks for tunnels to IPv6 addresses in brackets', async () => {
    proxy.say = 'HTTP/1.1 403 No\r\n\r\n';
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    await failure(connect({ ...FAR, domainName: 'https://[::1]:4433' }).frame$);
    expect(heard()).to.deep.equal(['CONNECT [::1]:4433']);
  });

  it('is let go when the transport closes, though the proxy has not answered', async () => {
    proxy.say = '';
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const asked = proxy.asked();
    const { transport } = connect(FAR);
    await asked;
    const [client] = proxy.clients;
    const gone = once(client!, 'close');
    await done(transport.close());
    await gone;
    expect(proxy.clients).to.be.empty;
  });

  it('keeps a connection for the next request, but not for long', async () => {
    const way = await startFaultProxy(Number(new URL(at.server.domainName).port));
    const { agent } = wayTo(at.server.domainName, { idleMs: 50 });
    const ask = async (waitMs: number) => {
      at.server.answer('/', () => firstValueFrom(timer(waitMs).pipe(map(() => ({})))));
      const [answer] = (await once(
        plainRequest(`http://127.0.0.1:${way.port}/`, { agent }).end(),
        'response',
      )) as [IncomingMessage];
      const { socket } = answer;
      answer.resume();
      await once(answer, 'end');
      return socket;
    };
    const first = await ask(0);
    const second = await ask(100);
    expect(way.connections()).to.equal(1);
    expect(second).to.equal(first);
    await once(second, 'close');
    await ask(0);
    expect(way.connections()).to.equal(2);
    agent.destroy();
    await way.stop();
  });

  it('gives up on a proxy that does not answer', async () => {
    proxy.say = '';
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const { agent } = wayTo('https://exchange.example.org', { patienceMs: 50 });
    const [error] = (await once(request('https://exchange.example.org', { agent }), 'error')) as [Error];
    expect(error.message).to.match(
      /^the proxy http:.* opens no way to exchange\.example\.org: it does not answer$/,
    );
    agent.destroy();
  });

  for (const url of [
    'socks5://me:secret@127.0.0.1:1080',
    'http://me:%zzsecret@127.0.0.1',
    'http://me:secret@:port',
    'ftp://secret',
  ])
    it(`is none through ${url}, and the error does not repeat it`, () => {
      process.env.HTTPS_PROXY = url;
      let error: unknown;
      try {
        wayTo('https://exchange.example.org');
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(GsyError).and.include({ code: 'ERR_GSY_OPTIONS' });
      expect(inspect(error, { depth: null, showHidden: true })).not.to.match(/secret/);
      expect(String(error)).to.include('for https://exchange.example.org has to look like http://');
    });
});
