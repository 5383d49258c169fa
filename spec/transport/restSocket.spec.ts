import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import type { WebSocket } from 'ws';
import { eventsChannel } from '../../lib/wire/channels.ts';
import { create, failure, OURS, restClients } from './restClients.ts';
import { SERVER_UUID } from './restServer.ts';

describe('the websockets of restTransport', () => {
  const { at, connect, connectAggregator, pathsHeard } = restClients();

  const logins = () => pathsHeard().filter((path) => path.includes('api-token-auth')).length;

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

  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 3000, 4001, 4401, 4403])
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

  it('comes back after a close without a code, and after none', async () => {
    const { socket, status } = await connectAggregator();
    const again = reopened();
    socket.close();
    expect(await status('gap')).to.include({ reason: 'the server closed the websocket (1005)' });
    const { socket: newSocket } = await again;
    await status('open');
    newSocket.terminate();
    expect(await status('gap')).to.include({ reason: 'the server closed the websocket (1006)' });
    await status('open');
  });

  for (const code of [1008, 3000, 4401, 4403])
    it(`comes back with a new token after a close with code ${code}, which may be about the old one`, async () => {
      const { socket, status } = await connectAggregator();
      socket.close(code);
      await status('gap');
      await status('open');
      const upgrades = at.server.heard.filter(({ path }) => path.includes('/external-ws/'));
      expect(new Set(upgrades.map(({ authorization }) => authorization)).size).to.equal(2);
      expect(logins()).to.equal(2);
    });

  it('logs in once more, and not again at once, where the upgrade is forbidden', async () => {
    const { socket, status } = await connectAggregator();
    at.server.upgradeStatus = 403;
    socket.terminate();
    expect(await status('gap', 'status 403')).to.include({
      reason: 'the server refused the websocket with status 403: this user may not do that',
    });
    expect(logins()).to.equal(2);
    at.server.upgradeStatus = 101;
    await status('open');
  });

  for (const [status, reason] of [
    [200, 'there is no websocket; check webSocketDomainName'],
    [302, 'it is somewhere else; check the domain name'],
    [404, 'it knows no such thing; check the simulation id and the domain name'],
    [502, 'the server is in trouble; try again later'],
  ] as const)
    it(`tells what status ${status} means instead of a websocket`, async () => {
      at.server.upgradeStatus = status;
      const { transport } = connect();
      const url = `${at.server.webSocketDomainName}/sim/aggregator/${SERVER_UUID}/`;
      expect((await failure(transport.send(create))).message).to.equal(
        `The websocket ${url} is not open: the server refused the websocket with status ${status}: ${reason}`,
      );
    });

  it('tells of the server’s words in one line', async () => {
    const { socket, status } = await connectAggregator();
    socket.close(1011, 'one\nand\u2028two\u001b[2J');
    expect(await status('gap')).to.include({
      reason: 'the server closed the websocket (1011) one and two [2J',
    });
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
    expect(logins()).to.equal(2);
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
    await status('gap', 'status 503');
    at.server.upgradeStatus = 101;
    await status('open');
    expect(await reopened).to.have.length(2);
  });
});

/** Cuts the peer off without a word: it reads nothing and answers no ping. */
const silence = (socket: WebSocket): void => socket.pause();
