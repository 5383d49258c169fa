import { expect } from 'chai';
import fc from 'fast-check';
import { openSampled } from './samples.ts';

const AGGREGATOR = '9b9ba8eb-6db4-4021-bed1-ee8ca7aaa296';
const words = [
  ...[
    'CREATE',
    'SELECT',
    'UNSELECT',
    'DELETE',
    'bid',
    'offer',
    'delete_bid',
    'delete_offer',
    'list_bids',
    'list_offers',
  ],
  ...[
    'device_info',
    'grid_fees',
    'dso_market_stats',
    'constructor',
    '__proto__',
    'toString',
    'None',
    AGGREGATOR,
  ],
];
const scalar = fc.oneof(
  fc.constantFrom(...words),
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, true, {}, [], '2026-11-22T00:00'),
);
const keys = [
  ...[
    'type',
    'transaction_id',
    'aggregator_uuid',
    'device_uuid',
    'name',
    'batch_commands',
    'energy',
    'price',
  ],
  ...['replace_existing', 'time_slot', 'bid', 'offer', 'data', 'fee_const', '__proto__', 'constructor'],
];
const object = fc.dictionary(fc.constantFrom(...keys), scalar);

describe('whatever is sent to the sandbox', () => {
  it('it goes on, and answers in JSON', () => {
    const uuids = [...openSampled().exchange.trading.grid.byUuid.keys()];
    const commands = fc.dictionary(
      fc.constantFrom(...uuids, '__proto__'),
      fc.oneof(scalar, fc.array(object)),
    );
    const batch = fc.record({
      transaction_id: fc.string(),
      aggregator_uuid: scalar,
      batch_commands: commands,
    });
    const text = fc.oneof(fc.string(), fc.json(), object.map(stringify), batch.map(stringify));
    const channels = fc.constantFrom(...openSampled().exchange.channels);
    fc.assert(
      fc.property(fc.array(fc.tuple(channels, text), { maxLength: 30 }), (messages) => {
        const { exchange, said } = openSampled();
        for (const device_uuid of uuids) {
          const select = { type: 'SELECT', aggregator_uuid: AGGREGATOR, device_uuid, transaction_id: 's' };
          exchange.receive({ channel: 'aggregator-commands', data: stringify(select) });
        }
        for (const [channel, data] of messages) {
          exchange.receive({ channel, data });
          exchange.tick();
        }
        for (const { data } of said) expect(JSON.parse(data)).to.be.an('object');
        expect(exchange.dangers()).to.be.at.least(0);
      }),
      { numRuns: 60 },
    );
  });

  it('survives what is nested deep', () => {
    const { exchange, said } = openSampled();
    const load = exchange.trading.grid.assets[0]!.uuid;
    const send = (channel: string, data: string): void => exchange.receive({ channel, data });
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    send('aggregator-commands', stringify({ type: 'CREATE', name: 'me', transaction_id: AGGREGATOR }));
    send(
      'aggregator-commands',
      stringify({ type: 'SELECT', aggregator_uuid: AGGREGATOR, device_uuid: load, transaction_id: 's' }),
    );
    const command = `{"type": "bid", "energy": 0.1, "price": 1, "foo": ${deep}}, {"type": ${deep}}`;
    const envelope = `"transaction_id": "t", "aggregator_uuid": "${AGGREGATOR}"`;
    send('external-aggregator//batch_commands', `{${envelope}, "batch_commands": {"${load}": [${command}]}}`);
    exchange.tick();
    expect(exchange.dangers()).to.equal(2);
    expect(said.at(-1)!.data).to.include('"event":"tick"');
  });

  it('survives a transaction id that is nested deep, wherever it would be said back', () => {
    const { exchange, said } = openSampled();
    const deep = `{"name": "me", "type": "CREATE", "transaction_id": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    // Device info needs no transaction id; what the HTTP door says, it has checked.
    const channels = exchange.channels.filter(
      (channel) => !/(\/device_info|^hosted\/commands)$/.test(channel),
    );
    for (const channel of channels) exchange.receive({ channel, data: deep });
    expect(said.map(({ channel }) => channel)).to.deep.equal(['/response/area-map']);
    expect(exchange.dangers()).to.equal(channels.length - 1);
  });

  describe('under the names of what every object inherits', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])
      it(`goes on as with any other name: ${name}`, () => {
        const { exchange, said } = openSampled();
        const send = (channel: string, data: string): void => exchange.receive({ channel, data });
        const command = (type: string, aggregator: string, device: string): void =>
          send(
            'aggregator-commands',
            stringify({
              type,
              name,
              transaction_id: type === 'CREATE' ? aggregator : 't',
              aggregator_uuid: aggregator,
              device_uuid: device,
            }),
          );
        const answers = (): readonly unknown[] =>
          said.splice(0).map(({ data }) => (JSON.parse(data) as Record<string, unknown>).status);
        const load = exchange.trading.grid.assets[0]!.uuid;

        command(name, name, load);
        expect(answers()).to.deep.equal([]);
        for (const type of ['CREATE', 'CREATE', 'SELECT', 'UNSELECT', 'SELECT']) command(type, name, load);
        expect(answers()).to.deep.equal([
          ...['ready', 'error', 'SELECTED', 'UNSELECTED', 'UNSELECTED', 'SELECTED'],
        ]);
        command('SELECT', name, name);
        expect(answers()).to.deep.equal(['SELECTED']);

        send(
          'external-aggregator//batch_commands',
          `{"transaction_id": "${name}", "aggregator_uuid": "${name}", "batch_commands": {
            "${name}": [{"type": "bid", "energy": 0.1, "price": 1}],
            "${load}": [{"type": "${name}"}, {"type": "device_info", "${name}": {"polluted": 1}}]}}`,
        );
        exchange.tick();
        expect(said[0]!.channel).to.equal(`external-aggregator//${name}/response/batch_commands`);
        const { responses } = JSON.parse(said[0]!.data) as {
          responses: Record<string, { status: string }[]>;
        };
        expect(Object.keys(responses)).to.deep.equal([load]);
        expect(responses[load]!.map(({ status }) => status)).to.deep.equal(['error', 'ready']);
        expect(said.slice(1).map(({ channel }) => channel)).to.deep.equal([
          `external-aggregator//${name}/events/all`,
          `external-aggregator//${name}/events/all`,
        ]);
        expect(exchange.dangers()).to.equal(0);
        expect({}).not.to.have.property('polluted');
      });
  });

  it('counts what is no UTF-8 as a danger', () => {
    const { exchange, said } = openSampled();
    const data = new Uint8Array([...new TextEncoder().encode('{"transaction_id": "'), 0xff, 0x22, 0x7d]);
    exchange.receive({ channel: '/pause', data });
    expect(exchange.dangers()).to.equal(1);
    expect(said).to.be.empty;
  });

  it('reads bytes as well as text', () => {
    const { exchange, said } = openSampled();
    exchange.receive({ channel: '/area-map', data: new TextEncoder().encode('{}') });
    expect(said).to.have.length(1);
  });
});

function stringify(value: unknown): string {
  return JSON.stringify(value);
}
