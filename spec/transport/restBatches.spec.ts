import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { batchResponseChannel } from '../../lib/wire/channels.ts';
import { batch, failure, OURS, restClients } from './restClients.ts';
import { SERVER_UUID } from './restServer.ts';

describe('batches over REST', () => {
  const { at, connect, connectAggregator, bodiesOf } = restClients();

  it('go out under the uuid of the server, and their replies come in under ours', async () => {
    const { transport, next, socket } = await connectAggregator();
    expect(await firstValueFrom(transport.send(batch('one')))).to.deep.equal({});
    const commands = [{ type: 'bid', energy: 0.5, price: 10, replace_existing: true }];
    expect(bodiesOf('/batch-commands/')).to.deep.equal([
      { aggregator_uuid: SERVER_UUID, batch_commands: { area: commands }, transaction_id: 'one' },
    ]);
    const replyTo = (uuid: string) =>
      `{"command": "batch_commands", "transaction_id":"one", "aggregator_uuid": "${uuid}", "responses": {} }`;
    socket.send(replyTo(SERVER_UUID));
    socket.send(Buffer.from(replyTo(SERVER_UUID)));
    expect(await next(batchResponseChannel(OURS), 2)).to.deep.equal([
      replyTo(OURS),
      Buffer.from(replyTo(OURS)),
    ]);
  });

  it('keep their order, the next one waiting for the answer to the one before', async () => {
    const { transport } = await connectAggregator();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    at.server.answer('/batch-commands/', ({ body }) =>
      body.transaction_id === '0' ? gate.then(() => ({})) : {},
    );
    const heardFirst = firstValueFrom(at.server.heard$);
    const sends = ['0', '1', '2', '3'].map((id) => firstValueFrom(transport.send(batch(id))));
    await heardFirst;
    await firstValueFrom(transport.send({ kind: 'area-map' }));
    expect(bodiesOf('/batch-commands/')).to.have.length(1);
    release();
    await Promise.all(sends);
    expect(bodiesOf('/batch-commands/').map((body) => body.transaction_id)).to.deep.equal([
      '0',
      '1',
      '2',
      '3',
    ]);
  });

  it('are not sent late, after a long wait for those before', async () => {
    const { transport } = await connectAggregator();
    const now = performance.now.bind(performance);
    at.server.answer('/batch-commands/', () => {
      performance.now = () => now() + 10_001;
      return {};
    });
    const [early, late] = ['early', 'late'].map((id) => transport.send(batch(id)));
    await firstValueFrom(early!);
    const error = await failure(late!);
    performance.now = now;
    expect(error.message).to.equal(
      `The batch was not taken by ${at.server.domainName}: it was not sent in time: what came before it took too long`,
    );
    expect(bodiesOf('/batch-commands/')).to.have.length(1);
  });

  it('go out whenever the clock of this machine is set to another time', async () => {
    const { transport } = await connectAggregator();
    const { now } = Date;
    at.server.answer('/batch-commands/', ({ body }) => {
      const hours = body.transaction_id === 'one' ? 1 : -1;
      Date.now = () => now() + hours * 3_600_000;
      return {};
    });
    const sends = ['one', 'two', 'three'].map((id) => firstValueFrom(transport.send(batch(id))));
    await Promise.all(sends);
    Date.now = now;
    expect(bodiesOf('/batch-commands/')).to.have.length(3);
  });

  for (const status of [301, 400, 403, 404, 413, 429, 500, 502, 503])
    it(`are not tried again after status ${status}`, async () => {
      at.server.answer('/batch-commands/', () => ({
        status,
        body: 'x'.repeat(1_000),
        headers: { 'retry-after': '0' },
      }));
      const { transport } = await connectAggregator();
      const error = await failure(transport.send(batch('one')));
      expect(error).to.include({ code: 'ERR_GSY_TRANSPORT', status });
      expect(error.message).to.match(new RegExp(`status ${status}( \\(.*\\))?: "x{190,200}…$`));
      await firstValueFrom(transport.send({ kind: 'area-map' }));
      expect(bodiesOf('/batch-commands/')).to.have.length(1);
    });

  it('count as sent when the server hangs up on them without an answer', async () => {
    const { transport } = await connectAggregator();
    at.server.answer('/batch-commands/', () => 'hang up');
    expect(await firstValueFrom(transport.send(batch('one')))).to.deep.equal({});
  });

  it('are unsent when the server is gone', async () => {
    const { transport, status } = await connectAggregator();
    await at.server.stop();
    await status('gap');
    expect((await failure(transport.send(batch('one')))).message).to.include('is not open');
  });

  it('are refused before the aggregator is created', async () => {
    expect((await failure(connect().transport.send(batch('one')))).message).to.equal(
      `The aggregator ${OURS} has not been created.`,
    );
  });
});
