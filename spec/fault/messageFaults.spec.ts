import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import { aggregatorUuidOf } from 'gsy-rx';
import { AGGREGATOR_RESPONSE, batchResponseChannel, eventsChannel } from '../../lib/wire/channels.ts';
import { booksOfSpecs } from './books.ts';
import { overRedis, type OpenFaultyWay } from './exchanges.ts';

const OURS = aggregatorUuidOf('fault');
const REPLIES = batchResponseChannel(OURS);

type Publish = (channel: string, data: string) => void;

/** What an unreliable exchange makes of one reply to a batch of ours. */
type Tamper = (data: string, publish: Publish) => void;

/** An exchange whose replies to batches go through these hands, one after the other; the last is for all that follow. */
const tampering =
  (...hands: readonly Tamper[]): OpenFaultyWay =>
  async (community) => {
    const way = await overRedis()(community);
    const left = [...hands];
    const say: Publish = (channel, data) => way.bus.publish(channel, data);
    const publish: Publish = (channel, data) => {
      const hand = channel !== REPLIES ? undefined : left.length > 1 ? left.shift() : left[0];
      if (hand === undefined) say(channel, data);
      else hand(data, say);
    };
    return { ...way, bus: { ...way.bus, publish } };
  };

const pass: Tamper = (data, publish) => publish(REPLIES, data);

const hostile: Readonly<Record<string, string>> = {
  'is no JSON': 'Traceback (most recent call last)',
  'is cut short': '{"event": "tick", "slot_completion": "10%", "grid_tr',
  'is empty': '',
  'is of the wrong type': '[1, "two", null]',
  'has values of the wrong types':
    '{"event": "tick", "slot_completion": 10, "market_slot": false, "grid_tree": "none", "num_ticks": []}',
  'has an event nobody knows': '{"event": "earthquake", "richter": 7}',
  'is nested 100,000 levels deep': `{"event": "tick", "grid_tree": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  'is 25 MB long': `"${'x'.repeat(25_000_000)}"`,
};

describe('a run that hears what it should not', () => {
  const suite = booksOfSpecs();
  const open = (way: OpenFaultyWay, patienceMs = 500) => suite.open(way, { patienceMs });

  for (const [name, data] of Object.entries(hostile))
    it(`reports a message that ${name}, in at most 200 characters of it, and goes on`, async () => {
      const { way, running, failures, bid } = await open(overRedis());
      const failed = firstValueFrom(running.failure$);
      way.bus.publish(eventsChannel(OURS), data);
      expect(await failed).to.include({ kind: 'decode-failure' });
      expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
      expect(failures).to.have.length(1);
      expect(JSON.stringify(failures).length).to.be.below(1_000);
    });

  it('loses the connection over a message of 50 MB, which is more than Redis lets a listener owe, and comes back', async () => {
    const { way, until, bid, states } = await open(overRedis());
    way.bus.publish(eventsChannel(OURS), `"${'x'.repeat(50_000_000)}"`);
    await until('gap');
    await until('open');
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
    expect(states).to.include('gap');
  });

  it('calls commands unanswered whose reply is lost', async () => {
    const { bid } = await open(tampering(() => undefined, pass));
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
  });

  it('counts a reply once that comes twice, and reports the other', async () => {
    const { bid, running } = await open(
      tampering((data, publish) => {
        publish(REPLIES, data);
        publish(REPLIES, data);
      }, pass),
    );
    const failed = firstValueFrom(running.failure$);
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
    expect(await failed).to.include({ kind: 'unexpected-reply' });
  });

  it('gives each command its own reply when replies come out of order', async () => {
    let kept = '';
    const { bid, arrived$ } = await open(
      tampering(
        (data) => (kept = data),
        (data, publish) => {
          publish(REPLIES, data);
          publish(REPLIES, kept);
        },
        pass,
      ),
      2_000,
    );
    const first = bid(2);
    await firstValueFrom(arrived$);
    const second = bid(3);
    expect(await second).to.deep.equal(['accepted', 'accepted', 'accepted']);
    expect(await first).to.deep.equal(['accepted', 'accepted']);
  });

  it('does not take a reply for its own that answers somebody else', async () => {
    const { bid, running } = await open(
      tampering(
        (data, publish) => publish(REPLIES, data.replace(/("transaction_id": ?")[^"]+/g, '$1somebody else')),
        pass,
      ),
    );
    const failed = firstValueFrom(running.failure$);
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    expect(await failed).to.include({ kind: 'unexpected-reply', transactionId: 'somebody else' });
  });

  it('calls commands unanswered whose reply it cannot read, and reports it', async () => {
    const { bid, running } = await open(
      tampering((data, publish) => publish(REPLIES, data.slice(0, data.length / 2)), pass),
    );
    const failed = firstValueFrom(running.failure$);
    expect(await bid(2)).to.deep.equal(['unanswered', 'unanswered']);
    expect(await failed).to.include({ kind: 'decode-failure' });
  });

  it('lets 10,000 replies to other clients pass', async () => {
    const { way, bid, failures } = await open(overRedis(), 10_000);
    const foreign = JSON.stringify({ status: 'ready', name: 'other', transaction_id: 'other' });
    for (let i = 0; i < 10_000; i += 1) way.bus.publish(AGGREGATOR_RESPONSE, foreign);
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
    expect(failures).to.be.empty;
  });

  it('reports each of 1,000 bad messages in a row', async () => {
    const { way, bid, running } = await open(overRedis());
    const failed = firstValueFrom(running.failure$.pipe(take(1_000), toArray()));
    for (let i = 0; i < 1_000; i += 1) way.bus.publish(eventsChannel(OURS), `no JSON ${i}`);
    expect(new Set((await failed).map(({ kind }) => kind))).to.deep.equal(new Set(['decode-failure']));
    expect(await bid(2)).to.deep.equal(['accepted', 'accepted']);
  });
});
