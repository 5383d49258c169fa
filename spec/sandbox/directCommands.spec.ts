import { expect } from 'chai';
import { openSampled, samples, form, translated, uuidsHere, type Message } from './samples.ts';

type Reply = Readonly<Record<string, unknown>>;

/** An exchange in its second slot with everything registered but `FC pv`, that says what one tick brings. */
const setUp = () => {
  const { exchange, said } = openSampled();
  const send = (channel: string, data: string): void => exchange.receive({ channel, data });
  const names = exchange.trading.grid.assets.map(({ channelName }) => channelName);
  for (const name of [...names, 'community-unit-1'])
    if (name !== 'FC pv') send(`${name}/register_participant`, '{"transaction_id": "r"}');
  for (let tick = 0; tick < 70; tick++) exchange.tick();
  const answers = (): readonly Message[] => {
    exchange.tick();
    return said.filter(({ channel }) => channel.includes('/response/'));
  };
  said.length = 0;
  return { exchange, said, send, answers };
};

/** Without the money and energy of a run with bills. */
const withoutBills = (data: string): string =>
  data.replace(/"Accumulated Trades":\s*\{[^}]*\}/, '"Accumulated Trades": {}');

describe('direct commands in the sandbox', () => {
  describe('beside the recorded ones', () => {
    const { exchange, said, send, answers } = setUp();
    const here = new Map(uuidsHere(exchange));

    for (const { name, sent, received } of samples('direct-asset-api')) {
      it(`answers ${name} in the recorded form`, () => {
        said.length = 0;
        send(sent!.channel, translated(sent!.data, here));
        const ours = answers();
        expect(ours.map(({ channel }) => channel)).to.deep.equal(received.map(({ channel }) => channel));
        ours.forEach(({ data }, index) => {
          const [reply, recorded] = [data, received[index]!.data].map(
            (text) => JSON.parse(withoutBills(text)) as Reply,
          ) as [Reply, Reply];
          expect(form(reply)).to.deep.equal(form(recorded));
          expect([reply.status, reply.error]).to.deep.equal([recorded.status, recorded.error]);
          if (typeof recorded.offer === 'string') {
            const id = (offer: unknown): string => (JSON.parse(String(offer)) as { id: string }).id;
            here.set(id(recorded.offer), id(reply.offer));
          }
        });
      });
    }

    it('counts none of them as a danger', () => {
      expect(exchange.dangers()).to.equal(0);
    });
  });

  for (const { name, sent } of samples('dangerous').filter((sample) => sample.name.startsWith('direct')))
    it(`counts ${name}, and goes on`, () => {
      const { exchange, send, said, answers } = setUp();
      send(sent!.channel, sent!.data);
      for (const { data } of answers()) expect(data).to.match(/"status":"error"/);
      expect(exchange.dangers()).to.equal(1);
      said.length = 0;
      send('PV 1 (4kW)/device_info', '{}');
      expect(answers()).to.have.length(1);
    });

  it('counts a fee that is a text, and keeps the old one', () => {
    const { exchange, send, answers } = setUp();
    send('community-unit-1/grid_fees', '{"transaction_id": "t", "fee_const": "2"}');
    expect(answers()).to.deep.equal([]);
    expect(exchange.dangers()).to.equal(1);
    expect(exchange.trading.grid.markets[1]!.fee).to.equal(4);
  });

  it('lets a registered market set its fee without an aggregator', () => {
    const { exchange, send, answers } = setUp();
    send('community-unit-1/grid_fees', '{"transaction_id": "t", "fee_const": 2.5}');
    expect(JSON.parse(answers()[0]!.data)).to.include({ status: 'ready', market_fee_const: '2.5' });
    expect(exchange.trading.grid.markets[1]!.fee).to.equal(2.5);
  });

  it('leaves an asset to its aggregator, once it has one', () => {
    const { exchange, send, answers } = setUp();
    const [load] = exchange.trading.grid.assets;
    const select = { type: 'SELECT', aggregator_uuid: 'a', device_uuid: load!.uuid, transaction_id: 's' };
    send('aggregator-commands', JSON.stringify(select));
    send('Load 1 L13/device_info', '{"transaction_id": "t"}');
    expect(answers()).to.deep.equal([]);
  });
});
