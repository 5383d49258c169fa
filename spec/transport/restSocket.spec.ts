import { expect } from 'chai';
import { first, firstValueFrom, take, toArray } from 'rxjs';
import type { WebSocket } from 'ws';
import { eventsChannel } from '../../lib/wire/channels.ts';
import { OURS, restClients } from './restClients.ts';
import { SERVER_UUID } from './restServer.ts';

describe('the websockets of restTransport', () => {
  const { at, connectAggregator, pathsHeard } = restClients();

  const reopened = () => firstValueFrom(at.server.opened$);

  it('passes events on, text as text and bytes as bytes', async () => {
    const { socket, next } = await connectAggregator();
    const event = '{"event": "finish", "num_ticks": 10.0, "content": "ü"}';
    socket.send(event);
    socket.send(Buffer.from(event));
    expect(await next(eventsChannel(OURS), 2)).to.deep.equal([event, Buffer.from(event)]);
  });

  it('passes on what is no JSON, to be reported where it is decoded', async () => {
    const { socket, next } = await connectAggregator();
    socket.send('not JSON');
    socket.send(Buffer.from([0xff]));
    expect(await next(eventsChannel(OURS), 2)).to.deep.equal(['not JSON', Buffer.from([0xff])]);
  });

  for (const code of [1000, 1001, 1008, 1011, 4001])
    it(`comes back after a close with code ${code}`, async () => {
      const { socket, status, next } = await connectAggregator();
      const again = reopened();
      socket.close(code, 'because');
      const gap = await status('gap');
      expect(gap).to.include({ reason: `the server closed the websocket (${code}) because` });
      const { socket: newSocket, path } = await again;
      expect(path).to.equal(`/external-ws/sim/aggregator/${SERVER_UUID}/`);
      await status('open');
      newSocket.send('{"event": "finish"}');
      expect(await next(eventsChannel(OURS))).to.have.length(1);
    });

  it('is given up, and restored, when its peer gives no sign of life', async () => {
    const { socket, status } = await connectAggregator({ silenceMs: 200 });
    const again = reopened();
    silence(socket);
    const gap = await status('gap');
    expect(gap).to.include({ reason: 'the server gives no sign of life' });
    await again;
    await status('open');
  });

  it('comes back with a new token when the old one is no longer taken', async () => {
    const { socket, status } = await connectAggregator();
    const again = reopened();
    at.server.tokens.clear();
    socket.terminate();
    await again;
    await status('open');
    expect(pathsHeard().filter((path) => path.includes('api-token-auth'))).to.have.length(2);
  });

  it('is interrupted until every websocket is open again', async () => {
    const { transport, socket, status } = await connectAggregator();
    const [opened, told] = [firstValueFrom(at.server.opened$), status('gap')];
    await firstValueFrom(transport.send({ kind: 'register', channelName: 'Load', transactionId: 't' }));
    const reopened = firstValueFrom(at.server.opened$.pipe(take(2), toArray()));
    at.server.upgradeStatus = 503;
    const beforeMs = Date.now();
    for (const each of [socket, (await opened).socket]) each.terminate();
    expect(await told)
      .to.have.property('sinceMs')
      .within(beforeMs, Date.now());
    await firstValueFrom(
      transport.status$.pipe(first((now) => 'reason' in now && now.reason.includes('status 503'))),
    );
    at.server.upgradeStatus = 101;
    await status('open');
    expect(await reopened).to.have.length(2);
  });
});

/** Cuts the peer off without a word: it reads nothing and answers no ping. */
const silence = (socket: WebSocket): void => socket.pause();
