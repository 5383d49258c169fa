import { expect } from 'chai';
import { filter, firstValueFrom, timer } from 'rxjs';
import { booksOfSpecs, type BooksOptions } from './books.ts';
import { overRest } from './exchanges.ts';

/** A frame of the websocket protocol, as servers send it. */
const webSocketFrame = (opcode: number, payload: Buffer): Buffer => {
  const header = Buffer.alloc(10);
  header[0] = 0x80 | opcode;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(payload.length), 2);
  if (payload.length > 125) return Buffer.concat([header, payload]);
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
};
const TEXT = 1;
const CLOSE = 8;
/** What the request for a websocket has, and no other. */
const UPGRADE = 'Upgrade: websocket';

const closing = (code: number): Buffer => {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return webSocketFrame(CLOSE, payload);
};

const answered = (status: number, headers = ''): string =>
  `HTTP/1.1 ${status} So\r\n${headers}content-length: 0\r\nconnection: close\r\n\r\n`;

describe('a run on a hosted exchange', () => {
  const { openTrading, expectBack, expectGap } = booksOfSpecs();
  const open = (options: BooksOptions = {}) => openTrading(overRest, options);

  for (const how of ['reset', 'end'] as const)
    it(`goes on after all connections were cut (${how})`, async () => {
      const { way, until } = await open();
      way.proxy.cut(how);
      await until('gap');
      await expectBack();
    });

  for (const code of [1000, 1001, 1002, 1003, 1006, 1008, 1009, 1011, 1012, 1013, 4000, 4999])
    it(`goes on after its websocket was closed with code ${code}`, async () => {
      const { way, until, bid, arrived$ } = await open();
      const waiting = bid(2);
      await firstValueFrom(arrived$);
      // 1006 stands for an end without a closing frame.
      if (code === 1006) way.proxy.cut();
      else way.proxy.sayToClients(closing(code), UPGRADE);
      await until('gap');
      for (const kind of await waiting) expect(kind).to.be.oneOf(['unanswered', 'accepted']);
      await expectBack();
    });

  it('goes on when what comes over its websocket is no longer its protocol', async () => {
    const { way, until } = await open();
    way.proxy.sayToClients(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), UPGRADE);
    await until('gap');
    await expectBack();
  });

  for (const status of [400, 403, 404, 409, 413, 429, 500, 502, 503, 504])
    it(`calls a batch unsent that is answered with status ${status}, and goes on`, async () => {
      const { way, bid, outcomes } = await open();
      const hung = way.proxy.answerInstead('/batch-commands/', answered(status));
      expect(await bid(2)).to.deep.equal(['unsent', 'unsent']);
      await hung;
      expect(outcomes.at(-1)).to.have.property('reason').that.includes(`status ${status}`);
      await expectBack();
    });

  it('logs in again when its token is refused in the middle of a run, and sends the batch then', async () => {
    const { way, bid } = await open();
    const refused = way.proxy.answerInstead('/batch-commands/', answered(401));
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
    await refused;
    await expectBack();
  });

  it('keeps the pause that the server asks for, and sends nothing late', async () => {
    const { way, bid, running } = await open();
    const put = way.proxy.answerInstead('/batch-commands/', answered(429, 'retry-after: 1\r\n'));
    const beforeMs = performance.now();
    expect(await bid(2)).to.deep.equal(['unsent', 'unsent']);
    await put;
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    await firstValueFrom(running.failure$.pipe(filter(({ kind }) => kind === 'unexpected-reply')));
    expect(performance.now() - beforeMs).to.be.within(1_000, 3_000);
  });

  it('calls a batch unanswered when the connection breaks between sending and the answer', async () => {
    const { way, bid } = await open();
    const cut = way.proxy.cutBehind('/batch-commands/');
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    await cut;
    await expectBack();
    expectGap();
  });

  it('notices within its patience with silence that packets go nowhere, though no connection was closed', async () => {
    const { way, until, bid } = await open({ silenceMs: 300 });
    const beforeMs = performance.now();
    way.proxy.swallow();
    const outcomes = bid(2);
    await until('gap');
    expect(performance.now() - beforeMs).to.be.below(1_000);
    // What is given now waits for the answer to what was sent before, longer than the patience.
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    expect(await outcomes).to.deep.equal(['unanswered', 'unanswered']);
    await way.proxy.pass();
    await expectBack();
  });

  it('does not hammer a server that cuts every connection after 100 ms, and goes on when it does not', async () => {
    const { way, until } = await open();
    const before = way.proxy.connections();
    way.proxy.limitLives(100);
    way.proxy.cut();
    await until('gap');
    await firstValueFrom(timer(1_500));
    expect(way.proxy.connections() - before).to.be.within(2, 8);
    way.proxy.limitLives(Infinity);
    // Those whose lives are limited are cut now, so that none ends in the middle of the batch.
    way.proxy.cut();
    await until('gap');
    await expectBack();
  });

  it('takes a message of 50 MB for what it is not, and goes on', async () => {
    const { way, running } = await open();
    const failed = firstValueFrom(running.failure$);
    way.proxy.sayToClients(webSocketFrame(TEXT, Buffer.alloc(50_000_000, 'x')), UPGRADE);
    expect(await failed).to.include({ kind: 'decode-failure' });
    await expectBack();
  });
});
