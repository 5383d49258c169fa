import { expect } from 'chai';
import type { Exchange } from '../../lib/sandbox/exchange.ts';
import { AGGREGATOR_COMMANDS, batchChannel } from '../../lib/wire/channels.ts';
import { form, openSampled, samples, translated, uuidsHere, type Message } from './samples.ts';

interface Reply {
  readonly status: string;
  readonly bid?: string;
  readonly offer?: string;
}
type Responses = Readonly<Record<string, readonly Reply[]>>;

const AGGREGATOR = 'ccae40d9-4881-42a8-9005-0533f6a676a4';

/** The recorded run kept no bills, the sandbox does: this is how another recorded run, with bills, filled them in. */
const withBills = (data: string): string =>
  data.replaceAll(
    '"Accumulated Trades": {}',
    '"Accumulated Trades": {"earned": 0, "spent": 0, "bought": 0, "sold": 0}',
  );

const responsesIn = (messages: readonly Message[]): Responses =>
  messages.length === 0
    ? {}
    : (JSON.parse(withBills(messages[0]!.data)) as { responses: Responses }).responses;

const idOf = ({ bid, offer }: Reply): string | undefined => {
  const text = bid ?? offer;
  return text === undefined ? undefined : (JSON.parse(text) as { id: string }).id;
};

/** Asks as the recorded client did, and gives what the exchange answers at the end of the tick. */
const asker =
  (exchange: Exchange, said: Message[]) =>
  (data: string): readonly Message[] => {
    exchange.receive({ channel: batchChannel(), data });
    said.length = 0;
    exchange.tick();
    return said.filter(({ channel }) => channel.endsWith('/response/batch_commands'));
  };

describe('batch commands in the sandbox', () => {
  const { exchange, said } = openSampled();
  const here = new Map(uuidsHere(exchange));
  const ask = asker(exchange, said);
  for (const uuid of here.values()) {
    const select = { type: 'SELECT', aggregator_uuid: AGGREGATOR, device_uuid: uuid, transaction_id: uuid };
    exchange.receive({ channel: AGGREGATOR_COMMANDS, data: JSON.stringify(select) });
  }
  const goTo = (slot: string): void => {
    while (exchange.trading.clock().slot < slot) exchange.tick();
  };
  goTo('2026-11-22T03:00');

  for (const { name, sent, received } of samples('batch-commands')) {
    const recorded = responsesIn(received);
    const areas = Object.keys(recorded);
    const unknownKind = areas.some((uuid) => !here.has(uuid));
    if (unknownKind || name === 'area-not-selected-by-anyone') continue;

    it(`answers ${name} in the recorded form`, () => {
      goTo(/time_slot[^\d]*([\dT:-]{16})/.exec(received[0]?.data ?? '')?.[1] ?? '');
      const ours = responsesIn(ask(translated(sent!.data, here)));
      for (const uuid of areas) {
        recorded[uuid]!.forEach((reply, index) => {
          const [id, ourId] = [idOf(reply), idOf(ours[here.get(uuid)!]![index]!)];
          if (id !== undefined && ourId !== undefined) here.set(id, ourId);
        });
      }
      const expected = areas.map((uuid) => [here.get(uuid), recorded[uuid]!]);
      expect(form(Object.entries(ours))).to.deep.equal(form(expected));
      expect(Object.values(ours).map((replies) => replies.map(({ status }) => status))).to.deep.equal(
        areas.map((uuid) => recorded[uuid]!.map(({ status }) => status)),
      );
    });
  }

  it('does not let any of them count as a danger', () => {
    expect(exchange.dangers()).to.equal(0);
  });
});

describe('batches in the sandbox', () => {
  const SENDER = '9b9ba8eb-6db4-4021-bed1-ee8ca7aaa296';
  const setUp = () => {
    const { exchange, said } = openSampled();
    const uuid = (type: string): string =>
      exchange.trading.grid.assets.find(({ spec }) => spec.type === type)!.uuid;
    for (const device_uuid of [uuid('load'), uuid('pv')]) {
      const select = { type: 'SELECT', aggregator_uuid: SENDER, device_uuid, transaction_id: 's' };
      exchange.receive({ channel: AGGREGATOR_COMMANDS, data: JSON.stringify(select) });
    }
    const send = (transaction_id: string, asset: string, ...commands: readonly object[]): void => {
      const batch = { transaction_id, aggregator_uuid: SENDER, batch_commands: { [uuid(asset)]: commands } };
      exchange.receive({ channel: batchChannel(), data: JSON.stringify(batch) });
    };
    /** What one tick answers: the transactions, and the statuses of their commands. */
    const answers = (): readonly (readonly [string, readonly string[]])[] => {
      said.length = 0;
      exchange.tick();
      return said
        .filter(({ channel }) => channel.endsWith('/response/batch_commands'))
        .map(({ data }) => {
          const { transaction_id, responses } = JSON.parse(data) as {
            transaction_id: string;
            responses: Responses;
          };
          return [
            transaction_id,
            Object.values(responses).flatMap((replies) => replies.map(({ status }) => status)),
          ];
        });
    };
    return { exchange, send, answers };
  };

  it('are answered one by one in the order sent, at the end of the next tick', () => {
    const { send, answers } = setUp();
    send('one', 'load', { type: 'device_info' });
    send('two', 'pv', { type: 'device_info' });
    expect(answers()).to.deep.equal([
      ['one', ['ready']],
      ['two', ['ready']],
    ]);
    expect(answers()).to.deep.equal([]);
  });

  it('give way to a later one of the same transaction', () => {
    const { send, answers } = setUp();
    send('one', 'load', { type: 'device_info' });
    send('one', 'load', { type: 'device_info' }, { type: 'list_bids' });
    expect(answers()).to.deep.equal([['one', ['ready', 'ready']]]);
  });

  it('find that a refused replacement has already deleted the old order', () => {
    const { exchange, send, answers } = setUp();
    send('one', 'load', { type: 'bid', energy: 0.1, price: 0.1 }, { type: 'bid', energy: 0, price: 0.1 });
    expect(answers()).to.deep.equal([['one', ['ready', 'error']]]);
    expect(exchange.trading.grid.assets[0]!.bids.size).to.equal(0);
    send('two', 'load', { type: 'bid', energy: 0.1, price: 0.1 }, { type: 'bid', energy: 9, price: 0.1 });
    expect(answers()).to.deep.equal([['two', ['ready', 'error']]]);
    expect(exchange.trading.grid.assets[0]!.bids.size).to.equal(1);
  });

  it('count open and sold energy against an offer that is to stand beside others', () => {
    const { send, answers } = setUp();
    const offer = (energy: number, rate: number, replace_existing: boolean) => ({
      type: 'offer',
      energy,
      price: energy * rate,
      replace_existing,
    });
    answers();
    send('one', 'pv', offer(0.4, 60, true), offer(0.6, 60, false), offer(0.01, 60, false));
    expect(answers()).to.deep.equal([['one', ['ready', 'ready', 'error']]]);
    send('two', 'load', { type: 'bid', energy: 0.1, price: 6 });
    send('three', 'pv', { type: 'delete_offer' }, offer(0.1, 1, false));
    answers();
    answers();
    // 0.1 of 1 kWh is sold: it is neither there any more nor may it be offered again.
    send('four', 'pv', offer(0.85, 60, false), offer(0.8, 60, false));
    expect(answers()).to.deep.equal([['four', ['error', 'ready']]]);
  });
});
