import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, map, NEVER, toArray } from 'rxjs';
import { listBids } from '../../lib/commands.ts';
import { run } from '../../lib/run.ts';
import { restTransport, type RestTransportOptions } from '../../lib/transport/rest.ts';
import { freePort } from '../redisServer.ts';
import { answerOf } from '../wire/recorded.ts';
import { batch, create, done, failure, OURS, restClients } from './restClients.ts';
import { SERVER_UUID, USER } from './restServer.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** The timers and sockets of this process. */
const resources = () =>
  process
    .getActiveResourcesInfo()
    .filter((resource) => ['Timeout', 'TCPSocketWrap', 'TCPConnectWrap', 'TLSWrap'].includes(resource))
    .sort()
    .join();

describe('restTransport', () => {
  const { at, connect, connectAggregator, bodiesOf, pathsHeard } = restClients();

  describe('creating an aggregator', () => {
    it('logs in, looks for the name, creates it, and answers when its websocket is open', async () => {
      const { reply } = connect();
      expect(await reply(create)).to.deep.equal({ status: 'ready', name: 'crew', transaction_id: OURS });
      expect(pathsHeard()).to.deep.equal([
        'POST /api-token-auth/',
        'GET /external-connection/aggregator-api/sim/list-aggregators/',
        'POST /external-connection/aggregator-api/sim/create-aggregator/',
        `GET /external-ws/sim/aggregator/${SERVER_UUID}/`,
      ]);
      const [token] = at.server.tokens;
      expect(at.server.heard.slice(1).map(({ authorization }) => authorization)).to.deep.equal(
        Array(3).fill(`JWT ${token!}`),
      );
    });

    it('finds the aggregator of the same name instead of creating another', async () => {
      const listed = [
        { uuid: 'x', name: 'other' },
        { uuid: 'y', name: 'crew' },
      ];
      at.server.answer('/list-aggregators/', () => ({ body: listed }));
      const { path } = await connectAggregator();
      expect(path).to.equal('/external-ws/sim/aggregator/y/');
      expect(pathsHeard().join()).not.to.include('create-aggregator');
    });

    it('is answered again without another aggregator or websocket', async () => {
      const { transport, next } = await connectAggregator();
      await Promise.all([create, create].map((request) => firstValueFrom(transport.send(request))));
      expect(await next('aggregator-response', 3)).to.have.length(3);
      expect(pathsHeard()).to.have.length(4);
    });

    it('errors while the websocket is refused, and works once it is not', async () => {
      at.server.upgradeStatus = 503;
      const { transport, status } = connect();
      const error = await failure(transport.send(create));
      expect(error.message).to.include('refused the websocket with status 503');
      at.server.upgradeStatus = 101;
      await status('open');
      await firstValueFrom(transport.send(create));
    });

    it('tells what it did not understand', async () => {
      at.server.answer('/list-aggregators/', () => ({ body: '<html>' }));
      const error = await failure(connect().transport.send(create));
      expect(error.message).to.match(/^GET http:.*\/list-aggregators\/: \$: expected .*<html>/);
    });
  });

  it('deletes an aggregator and closes its websocket', async () => {
    const { reply, socket } = await connectAggregator();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const remove = {
      kind: 'delete-aggregator',
      name: 'crew',
      aggregatorUuid: OURS,
      transactionId: 't',
    } as const;
    expect(await reply(remove)).to.deep.equal({
      status: 'deleted',
      aggregator_uuid: OURS,
      transaction_id: 't',
    });
    expect(bodiesOf('/delete-aggregator/')).to.deep.equal([
      { aggregator_uuid: SERVER_UUID, transaction_id: 't' },
    ]);
    await closed;
  });

  it('ends a run at once when there is no such simulation', async () => {
    at.server.answer('/list-aggregators/', () => ({ status: 404 }));
    const { domainName, webSocketDomainName } = at.server;
    const transport = restTransport({ domainName, webSocketDomainName, simulationId: 'sim', ...USER });
    const end = await run({ transport, strategy: () => NEVER, aggregator: 'crew' }).done;
    expect(end).to.have.property('error').that.includes({ code: 'ERR_GSY_UNKNOWN_SIMULATION', status: 404 });
    expect(bodiesOf('/list-aggregators/')).to.have.length(1);
  });

  describe('logging in', () => {
    const endOf = async (options?: Partial<RestTransportOptions>) => {
      const { frame$, transport } = connect(options);
      const closed = lastValueFrom(transport.status$);
      const error = await failure(frame$);
      return { error, closed: await closed, transport };
    };

    it('is final when it is refused, and never tried again', async () => {
      const { error, closed, transport } = await endOf({ password: 'guess' });
      expect(error).to.include({ code: 'ERR_GSY_LOGIN', status: 401 });
      expect(error.message).to.equal(
        `Cannot log in at ${at.server.domainName} as me@example.org: the server refused it with status 401; check the username and the password.`,
      );
      expect(closed).to.deep.equal({ state: 'closed', reason: error.message });
      expect((await failure(transport.send(create))).message).to.include(error.message);
      expect(pathsHeard()).to.deep.equal(['POST /api-token-auth/']);
    });

    it('ends the frames when no server answers', async () => {
      const { error } = await endOf({ domainName: `http://127.0.0.1:${await freePort()}` });
      expect(error.message).to.match(
        /Cannot log in .* ECONNREFUSED .*: nothing listens there; check the domain name and port$/,
      );
    });

    it('ends the frames when the renewal is refused', async () => {
      const { transport, frame$ } = await connectAggregator();
      const ended = failure(frame$);
      at.server.answer('/api-token-auth/', () => ({ status: 403 }));
      at.server.tokens.clear();
      const error = await failure(transport.send(batch('one')));
      expect(error).to.include({ code: 'ERR_GSY_LOGIN', status: 403 });
      expect(await ended).to.equal(error);
    });
  });

  it('closes with its sockets, and sends nothing more', async () => {
    const { transport, socket, status } = await connectAggregator();
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await done(transport.close());
    await gone;
    expect(await status('closed')).to.deep.equal({ state: 'closed', reason: 'closed by this client' });
    expect((await failure(transport.send(batch('one')))).message).to.equal(
      'Not connected. closed by this client',
    );
    expect(bodiesOf('/batch-commands/')).to.be.empty;
  });

  it('leaves neither timer nor socket behind, whatever was under way', async () => {
    // By then the test runner watches the clock, too.
    await nextTurn();
    const before = resources();
    const { transport, socket, status } = await connectAggregator();
    await firstValueFrom(transport.send({ kind: 'register', channelName: 'Load', transactionId: 't' }));
    at.server.answer('/graphql/', () => new Promise(() => undefined));
    transport.send({ kind: 'area-map' });
    at.server.upgradeStatus = 503;
    socket.terminate();
    await status('gap', 'status 503');
    await done(transport.close());
    for (let turn = 0; turn < 10_000 && resources() !== before; turn += 1) await nextTurn();
    expect(resources()).to.equal(before);
  });

  it('lets a strategy trade that knows nothing of it', async () => {
    const opened = firstValueFrom(at.server.opened$);
    at.server.answer('/batch-commands/', async ({ body: { aggregator_uuid, transaction_id } }) => {
      const { socket } = await opened;
      const answer = { command: 'list_bids', status: 'ready', bid_list: [], transaction_id: '1' };
      const responses = { 'uuid of Load': [{ ...answer, area_uuid: 'uuid of Load' }] };
      socket.send(JSON.stringify({ command: 'batch_commands', aggregator_uuid, transaction_id, responses }));
      socket.send(answerOf('aggregator-events', 'finish').data);
      return {};
    });
    const { domainName, webSocketDomainName } = at.server;
    const running = run({
      transport: restTransport({ domainName, webSocketDomainName, simulationId: 'sim', ...USER }),
      strategy: ({ marketSlot$ }) => marketSlot$.pipe(map(() => listBids('uuid of Load'))),
      aggregator: 'crew',
    });
    const outcomes = firstValueFrom(running.outcome$.pipe(toArray()));
    const failures = firstValueFrom(running.failure$.pipe(toArray()));
    const control = await firstValueFrom(running.control$);
    (await opened).socket.send(answerOf('aggregator-events', 'market-first-slot').data);
    expect(await running.done).to.deep.equal({ reason: 'finished' });
    expect(control.map(({ status }) => status)).to.deep.equal(Array(6).fill('held'));
    expect((await outcomes).map(({ kind, command }) => [kind, command.kind])).to.deep.equal([
      ['accepted', 'list-bids'],
    ]);
    expect(await failures).to.be.empty;
  });
});
