import { expect } from 'chai';
import fc from 'fast-check';
import { firstValueFrom, forkJoin, lastValueFrom, take, toArray } from 'rxjs';
import { redisPubSub } from '../../lib/transport/redisPubSub.ts';
import { freePort } from '../redisServer.ts';
import { done, errorOf, redisClients, text, until } from './redisClients.ts';

describe('redisPubSub', () => {
  const { start, connect, inBetween } = redisClients();

  describe('publishing and hearing', () => {
    it('hears the channels it asked for and no other, whatever their names', async () => {
      const { client } = connect((await start()).url);
      const names = [
        'House 1/*',
        'h?llo',
        'h[ae]llo',
        'Bäckerei Süd/☀',
        'a\\b',
        '{a}',
        ' ',
        '',
        '/area-map',
        'x\ny',
      ];
      await done(client.hear(names));
      for (const foreign of ['House 1/x', 'hello', 'hallo', 'area-map', 'b'])
        expect(await firstValueFrom(client.publish(foreign, '!'))).to.deep.equal({ receivers: 0 });
      const heard = firstValueFrom(client.frame$.pipe(take(names.length), toArray()));
      const receivers = await firstValueFrom(forkJoin(names.map((name) => client.publish(name, name))));
      expect(receivers).to.deep.equal(names.map(() => ({ receivers: 1 })));
      expect((await heard).map(({ channel, data }) => [channel, text(data)])).to.deep.equal(
        names.map((name) => [name, name]),
      );
    });

    it('brings any bytes on any channel unchanged', async () => {
      const { client } = connect((await start()).url);
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.uint8Array(), async (channel, data) => {
          await done(client.hear([channel]));
          const heard = firstValueFrom(client.frame$);
          client.publish(channel, data);
          const frame = await heard;
          expect(frame.channel).to.equal(channel);
          expect([...(frame.data as Uint8Array)]).to.deep.equal([...data]);
        }),
        { numRuns: 50 },
      );
    });

    it('counts who heard it', async () => {
      const { url } = await start();
      const [one, two, three] = [connect(url).client, connect(url).client, connect(url).client];
      await Promise.all([done(one.hear(['a'])), done(two.hear(['a']))]);
      expect(await firstValueFrom(three.publish('a', '!'))).to.deep.equal({ receivers: 2 });
    });

    it('tells how many listen, without a word to them', async () => {
      const { url } = await start();
      const [one, two] = [connect(url).client, connect(url).client];
      await Promise.all([done(one.hear(['a', 'b *'])), done(two.hear(['a']))]);
      const listeners$ = one.listeners(['b *', 'nobody', 'a']);
      expect(await firstValueFrom(listeners$)).to.deep.equal([1, 0, 2]);
      expect(await firstValueFrom(one.listeners([]))).to.deep.equal([]);
    });

    it('publishes when it is called, once, however often the delivery is looked at', async () => {
      const { client } = connect((await start()).url);
      await done(client.hear(['a', 'end']));
      const heard = firstValueFrom(client.frame$.pipe(take(2), toArray()));
      const delivery$ = client.publish('a', '1');
      await Promise.all([firstValueFrom(delivery$), firstValueFrom(delivery$)]);
      client.publish('end', '2');
      expect((await heard).map(({ data }) => text(data))).to.deep.equal(['1', '2']);
    });

    it('waits for the first opening, hears before it publishes, and keeps the order', async () => {
      const { client } = connect((await start()).url);
      const heard = firstValueFrom(client.frame$.pipe(take(4), toArray()));
      const deliveries = [
        client.publish('a', '1', ['a']),
        client.publish('a', '2'),
        client.publish('b', '3', ['b', 'a']),
        client.publish('a', '4'),
      ];
      expect(await firstValueFrom(forkJoin(deliveries))).to.deep.equal(
        deliveries.map(() => ({ receivers: 1 })),
      );
      expect((await heard).map(({ data }) => text(data))).to.deep.equal(['1', '2', '3', '4']);
    });

    it('keeps the order where some have to wait for their channels and others have not', async () => {
      const { client } = connect((await start()).url);
      await done(client.hear(['a']));
      const heard = firstValueFrom(client.frame$.pipe(take(6), toArray()));
      for (const [channel, data, hearing] of [
        ['a', '1', ['a']],
        ['b', '2', ['b']],
        ['a', '3', ['a']],
        ['a', '4', []],
      ] as const)
        client.publish(channel, data, hearing);
      await done(client.hear(['c']));
      client.publish('c', '5', ['c']);
      client.publish('a', '6');
      expect((await heard).map(({ data }) => text(data))).to.deep.equal(['1', '2', '3', '4', '5', '6']);
    });

    it('asks for the channels of a thousand requests with one command', async () => {
      const { port } = await start();
      const between = await inBetween(port);
      const { client } = connect(`redis://127.0.0.1:${between.port}`);
      await until(client, 'open');
      let sent = '';
      between.sent$.subscribe((bytes) => (sent += bytes));
      const channels = Array.from({ length: 1_000 }, (_, number) => `house ${number}`);
      const deliveries = channels.map((channel) => client.publish(channel, '!', [channel]));
      expect(await firstValueFrom(forkJoin(deliveries))).to.deep.equal(
        channels.map(() => ({ receivers: 1 })),
      );
      expect(sent.match(/subscribe/gi)).to.have.length(1);
      expect(sent.match(/publish/gi)).to.have.length(1_000);
    });

    it('sends a thousand messages without waiting for an answer, in order', async () => {
      const { port, url } = await start();
      const listener = connect(url).client;
      await done(listener.hear(['a']));
      const numbers = Array.from({ length: 1_000 }, (_, number) => String(number));
      const heard = firstValueFrom(listener.frame$.pipe(take(numbers.length), toArray()));
      const between = await inBetween(port);
      const { client } = connect(`redis://127.0.0.1:${between.port}`);
      await until(client, 'open');
      between.holdAnswers();
      const deliveries = numbers.map((number) => client.publish('a', number));
      expect((await heard).map(({ data }) => text(data))).to.deep.equal(numbers);
      between.releaseAnswers();
      expect(await firstValueFrom(forkJoin(deliveries))).to.deep.equal(numbers.map(() => ({ receivers: 1 })));
    });

    it('fails only the message that Redis refuses, and says why', async () => {
      const rights = ['--user', 'me', 'on', '>geheim', '+@all', '-pubsub', 'resetchannels', '&mine*'];
      const { url } = await start({ settings: rights });
      const { client } = connect(url.replace('//', '//me:geheim@'));
      await done(client.hear(['mine']));
      for (const refused$ of [client.publish('other', '!'), client.publish('mine', '!', ['other'])]) {
        const error = await errorOf(refused$);
        expect(error).to.include({ code: 'ERR_GSY_TRANSPORT' });
        expect(error.message).to.include('its access rules forbid');
      }
      expect(await firstValueFrom(client.publish('mine', '!'))).to.deep.equal({ receivers: 1 });
      const [refused$, ours$] = [client.hear(['other']), client.publish('mine 2', '!', ['mine 2'])];
      expect((await errorOf(refused$)).message).to.include('its access rules forbid');
      expect(await firstValueFrom(ours$)).to.deep.equal({ receivers: 1 });
      expect(await firstValueFrom(client.listeners(['mine']))).to.equal(undefined);
    });
  });

  describe('closing', () => {
    it('sends what was given before, then completes all streams', async () => {
      const { url } = await start();
      const listener = connect(url).client;
      await done(listener.hear(['a']));
      const heard = firstValueFrom(listener.frame$.pipe(take(1_000), toArray()));
      const { client, statuses } = connect(url);
      const frames = lastValueFrom(client.frame$, { defaultValue: 'completed' });
      await until(client, 'open');
      const deliveries = Array.from({ length: 1_000 }, () => client.publish('a', '!'));
      await done(client.close());
      expect(await firstValueFrom(forkJoin(deliveries))).to.deep.equal(
        deliveries.map(() => ({ receivers: 1 })),
      );
      expect(await heard).to.have.length(1_000);
      expect(await frames).to.equal('completed');
      expect(statuses.at(-1)).to.deep.equal({ state: 'closed', reason: 'closed by this client' });
      expect((await errorOf(client.publish('a', '!'))).message).to.include('closed by this client');
    });

    it('comes with the last one to unsubscribe, and is for good', async () => {
      const { url } = await start();
      const client = redisPubSub(url);
      const subscription = client.frame$.subscribe();
      await until(client, 'open');
      subscription.unsubscribe();
      expect(await lastValueFrom(client.status$)).to.include({ state: 'closed' });
      expect(await lastValueFrom(client.frame$, { defaultValue: 'completed' })).to.equal('completed');
      await done(client.close());
    });

    it('needs no connection, and can be asked for twice', async () => {
      const client = redisPubSub(`redis://127.0.0.1:${await freePort()}`);
      await Promise.all([done(client.close()), done(client.close())]);
      expect(await lastValueFrom(client.status$)).to.include({ state: 'closed' });
    });

    it('takes less than 2 s when Redis hangs', async () => {
      const server = await start();
      const { client } = connect(server.url);
      await until(client, 'open');
      server.pause();
      client.publish('a', '!', ['a']);
      const beforeMs = Date.now();
      await done(client.close());
      expect(Date.now() - beforeMs).to.be.below(2_000);
    });
  });
});
