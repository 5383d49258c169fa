import { expect } from 'chai';
import { failure, OURS, restClients, selection } from './restClients.ts';
import { SERVER_UUID } from './restServer.ts';

describe('selecting areas over REST', () => {
  const { at, connect, connectAggregator, bodiesOf, pathsHeard } = restClients();

  const told = { device_uuid: 'area', aggregator_uuid: OURS, transaction_id: 't area' };

  it('tells that an area is selected, under our own uuid', async () => {
    const { reply } = await connectAggregator();
    expect(await reply(selection('area'))).to.deep.equal({ ...told, status: 'SELECTED' });
    expect(bodiesOf('/select-aggregator/')).to.deep.equal([
      { aggregator_uuid: SERVER_UUID, device_uuid: 'area', transaction_id: 't area' },
    ]);
  });

  it('selects into an aggregator of the server’s that is not this connection’s, without opening it', async () => {
    const { reply } = connect();
    const into = { ...selection('area'), aggregatorUuid: SERVER_UUID };
    expect(await reply({ kind: 'find-aggregator', aggregatorUuid: SERVER_UUID })).to.deep.equal({
      ...{ status: 'error', aggregator_uuid: SERVER_UUID, transaction_id: SERVER_UUID },
    });
    expect(await reply(into)).to.deep.equal({ ...told, aggregator_uuid: SERVER_UUID, status: 'SELECTED' });
    expect(pathsHeard().join()).not.to.include('external-ws').and.not.include('create-aggregator');
  });

  for (const status of [400, 401, 403, 404, 409, 413])
    it(`tells the reason of status ${status}, in at most 200 characters of it`, async () => {
      at.server.answer('/select-aggregator/', () => ({ status, body: `no ${'!'.repeat(500)}` }));
      const { reply } = await connectAggregator();
      const { msg, ...rest } = await reply(selection('area'));
      expect(rest).to.deep.equal({ ...told, status: 'error' });
      expect(msg).to.match(
        new RegExp(`^the server answered with status ${status}( \\(.*\\))?: "no !{190,200}…$`),
      );
      expect(bodiesOf('/select-aggregator/')).to.have.length(status === 401 ? 2 : 1);
    });

  for (const status of [429, 500, 502])
    it(`takes status ${status} for no answer, since it may be otherwise the next time`, async () => {
      at.server.answer('/select-aggregator/', () => ({ status }));
      const { transport } = await connectAggregator();
      const error = await failure(transport.send(selection('area')));
      expect(error).to.have.property('code', 'ERR_GSY_TRANSPORT');
      expect(error.message).to.include(`status ${status}`);
    });

  it('tells who holds an area, whichever way the server says it', async () => {
    const { reply } = await connectAggregator();
    const held = { ...told, status: 'error', msg: 'Device already have selected other-uuid' };
    at.server.answer('/select-aggregator/', () => ({ body: { aggregator_uuid: 'other-uuid' } }));
    expect(await reply(selection('area'))).to.deep.equal(held);
    const detail = 'Device already have selected other-uuid';
    at.server.answer('/select-aggregator/', () => ({ status: 409, body: { detail } }));
    expect(await reply(selection('area'))).to.deep.equal(held);
  });

  it('takes an area that it holds already for selected', async () => {
    const { reply } = await connectAggregator();
    const detail = `Device already have selected ${SERVER_UUID}`;
    at.server.answer('/select-aggregator/', () => ({ status: 400, body: { detail } }));
    expect(await reply(selection('area'))).to.deep.equal({ ...told, status: 'SELECTED' });
  });

  it('selects a thousand areas, 25 at a time', async () => {
    const { transport, next } = await connectAggregator();
    const held: (() => void)[] = [];
    let most = 0;
    at.server.answer(
      '/select-aggregator/',
      () =>
        new Promise((resolve) => {
          held.push(() => resolve({}));
          most = Math.max(most, held.length);
          if (held.length === 25) for (const release of held.splice(0)) release();
        }),
    );
    for (let i = 0; i < 1_000; i += 1) transport.send(selection(String(i)));
    expect(await next('aggregator-response', 1_001)).to.have.length(1_001);
    expect(most).to.equal(25);
  });

  it('unselects, and errors where the server does not', async () => {
    const { transport, reply } = await connectAggregator();
    expect(await reply(selection('area', 'unselect'))).to.deep.equal({ ...told, status: 'UNSELECTED' });
    at.server.answer('/unselect-aggregator/', () => ({ status: 500 }));
    expect((await failure(transport.send(selection('area', 'unselect')))).message).to.include('status 500');
  });

  it('tells of selections that came from elsewhere', async () => {
    const { socket, next } = await connectAggregator();
    socket.send('{"event": "unselected_by_device", "device_uuid": "area"}');
    const [, data] = await next('aggregator-response', 2);
    expect(JSON.parse(String(data))).to.deep.equal({ ...told, status: 'UNSELECTED', transaction_id: '' });
  });
});
