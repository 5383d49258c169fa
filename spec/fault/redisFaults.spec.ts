import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { booksOfSpecs, type BooksOptions } from './books.ts';
import { overRedis } from './exchanges.ts';

describe('a run over Redis', () => {
  const suite = booksOfSpecs();
  const open = (options: BooksOptions = {}, ...settings: readonly string[]) =>
    suite.openTrading(overRedis(...settings), options);
  /** It trades again, and the gap was told. */
  const expectBack = async () => {
    await suite.expectBack();
    suite.expectGap();
  };

  for (const how of ['reset', 'end'] as const)
    it(`goes on after its connections were cut (${how})`, async () => {
      const { way, until } = await open();
      way.proxy.cut(how);
      await until('gap');
      await expectBack();
    });

  it('calls commands unsent while nothing listens where Redis was, and trades when it is back', async () => {
    const { way, until, bid } = await open();
    way.proxy.refuse();
    way.proxy.cut();
    await until('gap');
    expect(await bid(2)).to.deep.equal(['unsent', 'unsent']);
    await way.proxy.pass();
    await expectBack();
  });

  it('calls a batch unanswered when the connection breaks between sending and the reply', async () => {
    const { way, bid } = await open();
    const cut = way.proxy.cutBehind('batch_commands');
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    await cut;
    await expectBack();
  });

  it('goes on after a message was cut in the middle', async () => {
    const { way, bid } = await open();
    way.proxy.cutAfter(20, 'toServer');
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    await expectBack();
    way.proxy.cutAfter(40);
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    await expectBack();
  });

  it('notices within its patience with silence that packets go nowhere, though no connection was closed', async () => {
    const { way, until, bid } = await open({ silenceMs: 300 });
    const beforeMs = Date.now();
    way.proxy.swallow();
    const outcomes = bid(2);
    await until('gap');
    expect(Date.now() - beforeMs).to.be.below(1_000);
    expect(await bid(2)).to.deep.equal(['unsent', 'unsent']);
    expect(await outcomes).to.deep.equal(['unanswered', 'unanswered']);
    await way.proxy.pass();
    await expectBack();
  });

  it('notices that it hears nothing although what it says arrives', async () => {
    const { way, until, bid } = await open({ silenceMs: 300 });
    way.proxy.swallow('toClient');
    const outcomes = bid(2);
    await until('gap');
    expect(await outcomes).to.deep.equal(['unanswered', 'unanswered']);
    await way.proxy.pass();
    await expectBack();
  });

  it('trades over a slow connection, and tells of replies that are later than its patience', async () => {
    const { way, bid, failures, running } = await open({ patienceMs: 600 });
    way.proxy.delay(150);
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
    way.proxy.delay(400);
    const late = firstValueFrom(running.failure$);
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    expect(await late).to.include({ kind: 'unexpected-reply' });
    await way.proxy.pass();
    expect(failures).to.have.length(1);
  });

  it('tells of the gap when Redis drops it for reading too slowly', async () => {
    const { way, until } = await open({}, '--client-output-buffer-limit', 'pubsub 1mb 0 0');
    way.proxy.hold();
    for (let i = 0; i < 30; i += 1) way.bus.publish('aggregator-response', ' '.repeat(1_000_000));
    await way.proxy.pass();
    await until('gap');
    await expectBack();
  });

  it('goes on when what comes from Redis is no longer its protocol', async () => {
    const { way, until } = await open();
    way.proxy.sayToClients(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), '');
    await until('gap');
    await expectBack();
  });
});
