import { inspect } from 'node:util';
import { expect } from 'chai';
import { filter, firstValueFrom, take, timer, toArray } from 'rxjs';
import type { GsyError } from '../../lib/errors.ts';
import { startFaultProxy } from '../fault/faultProxy.ts';
import { freePort } from '../redisServer.ts';
import { done, errorOf, redisClients, text, until, untilReason } from './redisClients.ts';

const tls = (name: string) => new URL(`../fixtures/tls/${name}`, import.meta.url).pathname;

describe('redisLink', () => {
  const { start, connect, answering, inBetween } = redisClients();

  /** The error on which the first opening ends. */
  const failure = async (url: string, silenceMs?: number): Promise<GsyError> => {
    const { client, statuses } = connect(url, silenceMs);
    const error = await errorOf(client.frame$);
    expect(error).to.include({ code: 'ERR_GSY_TRANSPORT' }).and.not.have.property('cause');
    expect(statuses.at(-1)).to.deep.equal({ state: 'closed', reason: error.message });
    return error;
  };

  describe('a lost connection', () => {
    it('is restored with its channels; the gap is told and nothing is sent late', async () => {
      const server = await start();
      const { port, url } = server;
      const { client, statuses } = connect(url);
      await done(client.hear(['a', 'b *']));
      const beforeMs = Date.now();
      await server.kill();
      await until(client, 'gap');
      const late = await errorOf(client.publish('a', 'late'));
      expect(late).to.include({ code: 'ERR_GSY_TRANSPORT' });
      expect(late.message).to.match(/^Not connected. Redis at 127.0.0.1:\d+: /);
      await errorOf(client.hear(['c']));

      const heard = firstValueFrom(client.frame$.pipe(take(2), toArray()));
      await start({ port });
      await until(client, 'open');
      expect(await firstValueFrom(client.publish('c', '0'))).to.deep.equal({ receivers: 0 });
      client.publish('a', '1');
      client.publish('b *', '2');
      expect((await heard).map(({ data }) => text(data))).to.deep.equal(['1', '2']);
      expect(statuses[0]).to.deep.equal({ state: 'connecting' });
      expect(statuses[1]).to.deep.equal({ state: 'open' });
      const gaps = statuses.slice(2, -1);
      for (const gap of gaps) expect(gap).to.include({ state: 'gap' });
      const sinces = gaps.map((gap) => gap.state === 'gap' && gap.sinceMs);
      expect(new Set(sinces).size).to.equal(1);
      expect(sinces[0]).to.be.within(beforeMs, Date.now());
      expect(statuses.at(-1)).to.deep.equal({ state: 'open' });
    });

    it('is restored again and again, whatever Redis says meanwhile', async () => {
      const server = await start();
      const { port, url } = server;
      const { client, statuses } = connect(url);
      await until(client, 'open');
      await server.kill();
      const locked = await start({ port, settings: ['--requirepass', 'geheim'] });
      await untilReason(client, /asks for a password/);
      await locked.kill();
      const second = await start({ port });
      await until(client, 'open');
      await second.stop();
      await until(client, 'gap');
      await start({ port });
      await until(client, 'open');
      expect(statuses.filter(({ state }) => state === 'open')).to.have.length(3);
    });

    it('is not restored in haste because the clock of this machine was set back', async () => {
      const server = await start();
      const proxy = await startFaultProxy(server.port);
      const { client } = connect(`redis://127.0.0.1:${proxy.port}`);
      await until(client, 'open');
      const before = proxy.connections();
      const { now } = Date;
      Date.now = () => now() - 3_600_000;
      try {
        const sinceMs = performance.now();
        await server.kill();
        // Two connections each time.
        const isTriedSixTimes = () => proxy.connections() - before >= 12;
        await firstValueFrom(timer(0, 10).pipe(filter(isTriedSixTimes)));
        // Five pauses, each at least half as long as all before together.
        expect(performance.now() - sinceMs).to.be.above(320);
      } finally {
        Date.now = now;
      }
      await start({ port: server.port });
      await until(client, 'open');
      await proxy.stop();
    });

    it('is noticed when Redis hangs and closes nothing, and restored when it is back', async () => {
      const server = await start();
      const { client } = connect(server.url, 300);
      await done(client.hear(['a']));
      const beforeMs = Date.now();
      server.pause();
      const delivery = firstValueFrom(client.publish('a', 'perhaps'));
      const gap = await untilReason(client, /no sign of life/);
      expect(Date.now() - beforeMs).to.be.below(2_000);
      expect(gap.state === 'gap' && gap.sinceMs).to.be.most(Date.now() - 300);
      // Whether it was heard nobody can tell.
      expect(await delivery).to.deep.equal({});
      server.resume();
      await until(client, 'open');
      expect(await firstValueFrom(client.publish('a', '!'))).to.deep.equal({ receivers: 1 });
    });

    it('is not suspected while Redis answers, though nobody says a word', async () => {
      const between = await inBetween((await start()).port);
      const { statuses } = connect(`redis://127.0.0.1:${between.port}`, 600);
      const pings$ = between.sent$.pipe(filter((sent) => /ping/i.test(sent)));
      // Ten questions on two connections take longer than the silence that would be one too much.
      await firstValueFrom(pings$.pipe(take(10), toArray()));
      expect(statuses.map(({ state }) => state)).to.deep.equal(['connecting', 'open']);
    });

    it('is not suspected while this process itself is busy for long', async () => {
      const { client, statuses } = connect((await start()).url, 600);
      await until(client, 'open');
      const untilMs = Date.now() + 1_300;
      while (Date.now() < untilMs);
      expect(await firstValueFrom(client.publish('a', '!'))).to.deep.equal({ receivers: 0 });
      expect(statuses.map(({ state }) => state)).to.deep.equal(['connecting', 'open']);
    });
  });

  describe('a first opening that fails', () => {
    const secrets = /geheim|g%40|g@|\bwho\b/;
    const expectNoSecret = (error: GsyError) => {
      for (const shown of [
        error.message,
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: 9, showHidden: true }),
      ])
        expect(shown).not.to.match(secrets);
    };

    it('says that nothing listens there', async () => {
      const port = await freePort();
      const error = await failure(`redis://who:geheim@127.0.0.1:${port}`);
      expect(error.message).to.equal(
        `Redis at 127.0.0.1:${port}: nothing listens there; is Redis running, and is the port right?`,
      );
      expectNoSecret(error);
    });

    it('says that there is no such host', async () => {
      const error = await failure('redis://who:geheim@no-such-host.invalid');
      expect(error.message).to.equal(
        'Redis at no-such-host.invalid:6379: there is no such host; check its name',
      );
      expectNoSecret(error);
    });

    it('says that the password is wrong, or missing', async () => {
      const { port } = await start({ settings: ['--requirepass', 'g@heim'] });
      for (const login of [':geheim', 'who:geheim', 'who:g%40heim']) {
        const error = await failure(`redis://${login}@127.0.0.1:${port}`);
        expect(error.message).to.equal(
          `Redis at 127.0.0.1:${port}: wrong user or password; check those in the URL`,
        );
        expectNoSecret(error);
      }
      const missing = await failure(`redis://127.0.0.1:${port}`);
      expect(missing.message).to.include('it asks for a password');
      const { client } = connect(`redis://:g%40heim@127.0.0.1:${port}/1`);
      expect(await firstValueFrom(client.publish('a', '!'))).to.deep.equal({ receivers: 0 });
    });

    it('says that there is no such database', async () => {
      const { url } = await start();
      const error = await failure(`${url}/99`);
      expect(error.message).to.include('it has no database of this number');
    });

    it('says that TLS is not spoken there, or that it has to be', async () => {
      const plain = await start();
      const unanswered = await failure(
        plain.url.replace('redis:', 'rediss:').replace('//', '//who:geheim@'),
        600,
      );
      expect(unanswered.message).to.include('does it not speak TLS');
      expectNoSecret(unanswered);

      const port = await freePort();
      const files = ['--tls-cert-file', tls('localhost.crt'), '--tls-key-file', tls('localhost.key')];
      await start({
        settings: ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', ...files],
      });
      const hungUp = await failure(`redis://who:geheim@127.0.0.1:${port}`, 2_000);
      expect(hungUp.message).to.include('does it ask for TLS (rediss://)?');
      expectNoSecret(hungUp);
      const untrusted = await failure(`rediss://who:geheim@127.0.0.1:${port}`);
      expect(untrusted.message).to.include('its certificate is not trusted');
      expectNoSecret(untrusted);
    });

    it('says that what answers is no Redis, or an odd one, without the password it quotes', async () => {
      const web = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
      const notRedis = await failure(`redis://127.0.0.1:${web}`);
      expect(notRedis.message).to.include('what answers there is not a Redis');

      const odd = await answering(
        "-ERR unknown command 'AUTH', with args beginning with: 'who' 'geheim'\r\n",
      );
      const error = await failure(`redis://who:geheim@127.0.0.1:${odd}`);
      expect(error.message).to.equal(`Redis at 127.0.0.1:${odd}: ERR unknown command 'AUTH'`);
      expectNoSecret(error);
    });

    it('fails what waited for it, and whatever comes later', async () => {
      const { client } = connect(`redis://127.0.0.1:${await freePort()}`);
      for (const asked$ of [client.publish('a', '1'), client.hear(['a'])])
        expect((await errorOf(asked$)).message).to.include('nothing listens there');
      expect((await errorOf(client.publish('a', '2'))).message).to.include('nothing listens there');
      expect((await errorOf(client.frame$)).message).to.include('nothing listens there');
    });
  });
});
