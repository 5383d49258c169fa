import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { AREA_MAP_RESPONSE } from '../../lib/wire/channels.ts';
import type { Request } from '../../lib/wire/messages.ts';
import { failure, restClients } from './restClients.ts';
import { type Opened } from './restServer.ts';

describe('areas over REST', () => {
  const { at, connect, bodiesOf, pathsHeard } = restClients();

  it('are told by name and uuid', async () => {
    const { transport, next } = connect();
    await firstValueFrom(transport.send({ kind: 'area-map' }));
    const [data] = await next(AREA_MAP_RESPONSE);
    expect(JSON.parse(String(data))).to.deep.equal({
      area_mapping: {
        'uuid of Grid': 'Grid',
        'uuid of Load': 'Load',
        'uuid of House 1': 'House 1',
        'uuid of PV': 'PV',
        'uuid of House 2': 'House 2',
        'uuid of other PV': 'PV',
      },
    });
    expect(bodiesOf('/graphql/')).to.deep.equal([
      { query: 'query { readConfiguration(uuid: "sim") { scenarioData { latest { serialized } } } }' },
    ]);
  });

  it('are not told when the server does not know the simulation', async () => {
    at.server.answer('/graphql/', () => ({
      body: { errors: [{ message: 'no such simulation' }], data: null },
    }));
    const error = await failure(connect().transport.send({ kind: 'area-map' }));
    expect(error.message).to.equal(`POST ${at.server.domainName}/graphql/: no such simulation`);
  });

  const register = (channelName: string, kind: 'register' | 'unregister' = 'register'): Request => ({
    kind,
    channelName,
    transactionId: 't',
  });

  for (const [called, name, uuid] of [
    ['name', 'Load', 'uuid%20of%20Load'],
    ['slug', 'house-1', 'uuid%20of%20House%201'],
    ['uuid', 'uuid of other PV', 'uuid%20of%20other%20PV'],
  ] as const)
    it(`are registered by ${called}, answer and events coming over their own websocket`, async () => {
      const opened = firstValueFrom(at.server.opened$);
      const { transport, next } = connect();
      await firstValueFrom(transport.send(register(name)));
      const { path, socket }: Opened = await opened;
      expect(path).to.equal(`/external-ws/sim/${uuid}/`);
      expect(pathsHeard().at(-1)).to.equal(`POST /external-connection/api/sim/${uuid}/register/`);
      expect(bodiesOf('/register/')).to.deep.equal([{ transaction_id: 't' }]);
      const answers = [
        '{"command": "register", "registered": true}',
        '{"event": "tick"}',
        '{"command": "device_info"}',
      ];
      for (const answer of answers) socket.send(answer);
      const channels = [`response/register_participant`, 'events/tick', 'response/device_info'];
      const came = await Promise.all(channels.map((channel) => next(`${name}/${channel}`)));
      expect(came.flat()).to.deep.equal(answers);
    });

  it('are unregistered, an error without a command belonging to that', async () => {
    const opened = firstValueFrom(at.server.opened$);
    const { transport, next } = connect();
    for (const kind of ['register', 'unregister'] as const)
      await firstValueFrom(transport.send(register('Load', kind)));
    const { socket } = await opened;
    const answer = '{"status": "error", "error_message": "Client should be registered"}';
    socket.send(answer);
    expect(await next('Load/response/unregister_participant')).to.deep.equal([answer]);
  });

  it('are asked what markets answer, over their own websocket', async () => {
    const opened = firstValueFrom(at.server.opened$);
    const { transport, next } = connect();
    const call = { channelName: 'house-1', transactionId: 't' } as const;
    await firstValueFrom(transport.send({ kind: 'grid-fees', ...call, fee: { percent: 4 } }));
    await firstValueFrom(transport.send({ kind: 'dso-market-stats', ...call }));
    const { path, socket } = await opened;
    expect(path).to.equal('/external-ws/sim/uuid%20of%20House%201/');
    const area = '/external-connection/api/sim/uuid%20of%20House%201';
    expect(pathsHeard().slice(-2)).to.deep.equal([`POST ${area}/grid-fee/`, `GET ${area}/dso-market-stats`]);
    expect(bodiesOf('/grid-fee/')).to.deep.equal([{ transaction_id: 't', fee_percent: 4 }]);
    expect(bodiesOf('/dso-market-stats')).to.deep.equal([{ transaction_id: 't' }]);
    const answers = ['{"command": "grid_fees"}', '{"command": "dso_market_stats"}', '{"status": "error"}'];
    for (const answer of answers) socket.send(answer);
    expect(await next('house-1/response/grid_fees')).to.deep.equal([answers[0]]);
    // An error that names no command belongs to the newest question.
    expect(await next('house-1/response/dso_market_stats', 2)).to.deep.equal(answers.slice(1));
  });

  it('are looked up once for all names, and again for one that is new', async () => {
    const { transport } = connect();
    for (const name of ['Load', 'house-1', 'Load']) await firstValueFrom(transport.send(register(name)));
    expect(bodiesOf('/graphql/')).to.have.length(1);
    expect(await failure(transport.send(register('Nobody')))).to.include({ code: 'ERR_GSY_UNKNOWN_AREA' });
    expect(bodiesOf('/graphql/')).to.have.length(2);
  });

  it('are not registered when no or several areas bear the name, or the server refuses', async () => {
    const { transport } = connect();
    expect(await failure(transport.send(register('Nobody')))).to.include({ code: 'ERR_GSY_UNKNOWN_AREA' });
    const ambiguous = await failure(transport.send(register('PV')));
    expect(ambiguous).to.include({ code: 'ERR_GSY_AMBIGUOUS_NAME' });
    expect(ambiguous.message).to.include('uuid of PV, uuid of other PV');
    at.server.answer('/register/', () => ({ status: 403 }));
    expect((await failure(transport.send(register('Load')))).message).to.include('status 403');
  });

  it('cannot tell who listens', async () => {
    expect(await firstValueFrom(connect().transport.listeners(['a', 'b']))).to.equal(undefined);
  });
});
