import { expect } from 'chai';
import { filter, firstValueFrom, NEVER, VirtualTimeScheduler } from 'rxjs';
import { redisTransport, run } from 'gsy-rx';
import { startRedisServer, type RedisServer } from '../redisServer.ts';
import { openBooks } from './books.ts';
import { overThis } from './exchanges.ts';

describe('a run whose Redis fails', () => {
  const servers: RedisServer[] = [];
  const start = async (port?: number, ...settings: readonly string[]) => {
    const server = await startRedisServer({ settings, ...(port !== undefined && { port }) });
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  });

  for (const how of ['kill', 'stop'] as const)
    it(`goes on when Redis has ended (${how}) and was started anew, empty`, async () => {
      const server = await start();
      const books = await openBooks(overThis(server));
      await books.held;
      expect(await books.bid(2)).to.deep.equal(['accepted', 'accepted']);
      const waiting = books.bid(2);
      await firstValueFrom(books.arrived$);
      await server[how]();
      await books.until('gap');
      expect(await books.bid(2)).to.deep.equal(['unsent', 'unsent']);
      for (const kind of await waiting) expect(kind).to.be.oneOf(['unanswered', 'accepted']);
      await start(server.port);
      await books.until('open');
      // The exchange too has to come back to its Redis; until then nobody hears a batch.
      let outcome;
      do [outcome] = await books.bid();
      while (outcome === 'unsent');
      expect(outcome).to.equal('accepted');
      await books.expectSound();
      await books.close();
    });

  it('says so when it asks a read-only replica, from which nothing reaches an exchange', async () => {
    const primary = await start();
    const replica = await start(undefined, '--replicaof', `127.0.0.1 ${primary.port}`);
    const scheduler = new VirtualTimeScheduler();
    const transport = redisTransport({ url: replica.url });
    const running = run({ transport, strategy: () => NEVER, aggregator: 'me', scheduler });
    const absent = firstValueFrom(running.status$.pipe(filter(({ state }) => state === 'absent')));
    const open = firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'open')));
    const passUntil = (timeMs: number) => {
      scheduler.maxFrames = timeMs;
      scheduler.flush();
    };
    passUntil(0);
    await open;
    passUntil(3_000);
    expect(await absent)
      .to.have.property('reason')
      .that.includes('no exchange listens there');
    passUntil(Infinity);
    expect(await running.done).to.have.nested.property('error.code', 'ERR_GSY_NO_EXCHANGE');
  });
});
