import { expect } from 'chai';
import fc from 'fast-check';
import type { Command } from '../../lib/model/commands.ts';
import { encodeRequest } from '../../lib/wire/requests.ts';
import { anyRequest, commandFor } from './arbitraries.ts';
import { decoded, recordedCases } from './recorded.ts';

const AREA = 'the-area';

const batchOf = (...commands: readonly Command[]) =>
  encodeRequest({
    kind: 'batch',
    aggregatorUuid: 'an-aggregator',
    transactionId: 'a-transaction',
    commands: new Map([[AREA, commands]]),
  });

/** The text of one command in a batch. */
const textOf = (command: Command): string => {
  const { data } = batchOf(command);
  return data.slice(data.indexOf('[{') + 1, data.lastIndexOf('}]') + 1);
};

const order = { areaUuid: AREA, energyKWh: 0.5, priceCents: 12, replaceExisting: true };

/** Every key that the protocol knows for a command, and no other. */
const KEYS: Readonly<Record<Command['kind'], readonly string[]>> = {
  bid: ['type', 'energy', 'price', 'replace_existing', 'time_slot', 'attributes', 'requirements'],
  offer: ['type', 'energy', 'price', 'replace_existing', 'time_slot', 'attributes', 'requirements'],
  'delete-bid': ['type', 'bid', 'time_slot'],
  'delete-offer': ['type', 'offer', 'time_slot'],
  'list-bids': ['type', 'time_slot'],
  'list-offers': ['type', 'time_slot'],
  'asset-info': ['type'],
  'dso-market-stats': ['type', 'data'],
  'grid-fees': ['type', 'data'],
  'set-energy-forecast': ['type', 'energy_forecast'],
  'set-energy-measurement': ['type', 'energy_measurement'],
};

describe('encodeRequest', () => {
  describe('gives for', () => {
    it('a batch the channel, and an envelope with its keys in one order', () => {
      expect(batchOf({ kind: 'asset-info', areaUuid: AREA })).to.deep.equal({
        channel: 'external-aggregator//batch_commands',
        data:
          '{"type":"BATCHED","transaction_id":"a-transaction","aggregator_uuid":"an-aggregator",' +
          '"batch_commands":{"the-area":[{"type":"device_info"}]}}',
      });
    });

    it('a bid its four keys', () => {
      expect(textOf({ kind: 'bid', ...order })).to.equal(
        '{"type":"bid","energy":0.5,"price":12,"replace_existing":true}',
      );
    });

    it('an order with a slot that slot as well', () => {
      expect(
        textOf({ kind: 'offer', ...order, replaceExisting: false, timeSlot: '2026-01-31T13:45' }),
      ).to.equal(
        '{"type":"offer","energy":0.5,"price":12,"replace_existing":false,"time_slot":"2026-01-31T13:45"}',
      );
    });

    it('an order with degrees of freedom what it says of them', () => {
      const requirements = [
        { tradingPartners: ['a'], energyTypes: ['PV'], energyKWh: 0.2, rate: 9 },
      ] as const;
      expect(textOf({ kind: 'bid', ...order, attributes: { energyType: 'Load' }, requirements })).to.equal(
        '{"type":"bid","energy":0.5,"price":12,"replace_existing":true,"attributes":{"energy_type":"Load"},' +
          '"requirements":[{"trading_partners":["a"],"energy_type":["PV"],"energy":0.2,"price":9}]}',
      );
    });

    it('deletions the working key, or none for all orders', () => {
      expect(textOf({ kind: 'delete-bid', areaUuid: AREA, orders: { id: 'x' } })).to.equal(
        '{"type":"delete_bid","bid":"x"}',
      );
      expect(textOf({ kind: 'delete-offer', areaUuid: AREA, orders: { id: 'x' } })).to.equal(
        '{"type":"delete_offer","offer":"x"}',
      );
      expect(textOf({ kind: 'delete-offer', areaUuid: AREA, orders: 'all' })).to.equal(
        '{"type":"delete_offer"}',
      );
    });

    it('questions and settings what the protocol requires', () => {
      expect(textOf({ kind: 'list-bids', areaUuid: AREA })).to.equal('{"type":"list_bids"}');
      expect(textOf({ kind: 'dso-market-stats', areaUuid: AREA })).to.equal(
        '{"type":"dso_market_stats","data":{}}',
      );
      expect(textOf({ kind: 'grid-fees', areaUuid: AREA, fee: { centsPerKWh: 3 } })).to.equal(
        '{"type":"grid_fees","data":{"fee_const":3}}',
      );
      expect(textOf({ kind: 'grid-fees', areaUuid: AREA, fee: { percent: 4 } })).to.equal(
        '{"type":"grid_fees","data":{"fee_percent":4}}',
      );
      const energyKWh = { '2026-01-31T13:45': 1.5 };
      expect(textOf({ kind: 'set-energy-forecast', areaUuid: AREA, energyKWh })).to.equal(
        '{"type":"set_energy_forecast","energy_forecast":{"2026-01-31T13:45":1.5}}',
      );
      expect(textOf({ kind: 'set-energy-measurement', areaUuid: AREA, energyKWh })).to.equal(
        '{"type":"set_energy_measurement","energy_measurement":{"2026-01-31T13:45":1.5}}',
      );
    });

    it('aggregators and areas the global channels', () => {
      expect(encodeRequest({ kind: 'create-aggregator', name: 'me', aggregatorUuid: 'u' })).to.deep.equal({
        channel: 'aggregator-commands',
        data: '{"name":"me","type":"CREATE","transaction_id":"u"}',
      });
      expect(
        encodeRequest({ kind: 'select', aggregatorUuid: 'u', areaUuid: 'a', transactionId: 't' }),
      ).to.deep.equal({
        channel: 'aggregator-commands',
        data: '{"aggregator_uuid":"u","device_uuid":"a","type":"SELECT","transaction_id":"t"}',
      });
      expect(encodeRequest({ kind: 'area-map' })).to.deep.equal({ channel: '/area-map', data: '{}' });
    });

    it('the question whether there is an aggregator a CREATE of it', () => {
      expect(encodeRequest({ kind: 'find-aggregator', aggregatorUuid: 'u' }, 'cfg').data).to.equal(
        '{"name":"u","type":"CREATE","transaction_id":"u","config_uuid":"cfg"}',
      );
    });

    it('a market its own channels, and the fee beside the transaction', () => {
      const call = { channelName: 'house-1', transactionId: 't' } as const;
      expect(encodeRequest({ kind: 'grid-fees', ...call, fee: { centsPerKWh: 2 } })).to.deep.equal({
        channel: 'house-1/grid_fees',
        data: '{"transaction_id":"t","fee_const":2}',
      });
      expect(encodeRequest({ kind: 'dso-market-stats', ...call })).to.deep.equal({
        channel: 'house-1/dso_market_stats',
        data: '{"transaction_id":"t"}',
      });
    });

    it('one exchange among several its configuration', () => {
      const create = encodeRequest({ kind: 'create-aggregator', name: 'me', aggregatorUuid: 'u' }, 'cfg');
      expect(create.data).to.equal('{"name":"me","type":"CREATE","transaction_id":"u","config_uuid":"cfg"}');
      const batch = { kind: 'batch', aggregatorUuid: 'u', transactionId: 't', commands: new Map() } as const;
      expect(encodeRequest(batch, 'cfg').channel).to.equal('external-aggregator/cfg/batch_commands');
    });
  });

  it('refuses a number that JSON cannot carry, for the exchange dies of a null', () => {
    for (const energyKWh of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => batchOf({ kind: 'bid', ...order, energyKWh }))
        .to.throw(`Not sent: "energy" is ${energyKWh}`)
        .with.property('code', 'ERR_GSY_TRANSPORT');
  });

  it('writes the commands of many areas as each by itself, in their order, whatever kinds stand between orders', () => {
    const commands = fc
      .constantFrom('a', 'b-1', 'with "quotes", and a \\', '\u0000', 'Häuser Ω')
      .chain((areaUuid) => fc.tuple(fc.constant(areaUuid), fc.array(commandFor(areaUuid), { maxLength: 4 })));
    fc.assert(
      fc.property(fc.uniqueArray(commands, { selector: ([areaUuid]) => areaUuid }), (areas) => {
        const envelope = { kind: 'batch', aggregatorUuid: 'u"', transactionId: 't' } as const;
        const { data } = encodeRequest({ ...envelope, commands: new Map(areas) });
        const each = areas.map(
          ([areaUuid, ofArea]) => [areaUuid, `[${ofArea.map(textOf).join(',')}]`] as const,
        );
        const written = each.map(([areaUuid, ofArea]) => `${JSON.stringify(areaUuid)}:${ofArea}`).join(',');
        const head = '{"type":"BATCHED","transaction_id":"t","aggregator_uuid":"u\\""';
        expect(data).to.equal(`${head},"batch_commands":{${written}}}`);
      }),
    );
  });

  it('writes numbers as JSON does', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1 }), (orders) => {
        const bids = orders.map(
          ([energyKWh, priceCents]) => ({ ...order, kind: 'bid', energyKWh, priceCents }) as const,
        );
        const { batch_commands } = JSON.parse(batchOf(...bids).data) as {
          readonly batch_commands: Readonly<
            Record<string, readonly { readonly energy: number; readonly price: number }[]>
          >;
        };
        const written = batch_commands[AREA]?.map(({ energy, price }) => [energy, price]);
        expect(written).to.deep.equal(JSON.parse(JSON.stringify(orders)));
      }),
    );
  });

  it('sends no key that the protocol does not know, whatever a command carries beside', () => {
    fc.assert(
      fc.property(commandFor(AREA), fc.dictionary(fc.string(), fc.jsonValue()), (command, extra) => {
        const sent = JSON.parse(textOf({ ...extra, ...command })) as Readonly<Record<string, unknown>>;
        expect(KEYS[command.kind]).to.include.members(Object.keys(sent));
        expect(Object.values(sent)).to.not.include(null);
      }),
    );
  });
});

describe('decode, on requests', () => {
  it('gives back every request that was encoded', () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom('', 'cfg'), (request, configurationId) => {
        const frame = encodeRequest(request, configurationId);
        expect(decoded('request', frame).request).to.deep.equal(request);
      }),
    );
  });

  const heardIn = (file: string, name: string) => {
    const sent = recordedCases(file).find((recorded) => recorded.name === name)?.sent;
    if (!sent) throw new Error(`nothing sent in ${name}`);
    return decoded('request', sent).request;
  };

  const commandsIn = (file: string, name: string) => {
    const request = heardIn(file, name);
    return request.kind === 'batch' ? [...request.commands.values()].flat() : [];
  };

  it('knows the defaults of an order', () => {
    expect(commandsIn('batch-commands', 'load-bid-minimal')).to.deep.equal([
      {
        kind: 'bid',
        areaUuid: '9f67ca55-fa0a-47d4-b8f9-7adb2e3270d7',
        energyKWh: 0.05,
        priceCents: 0.5,
        replaceExisting: true,
      },
    ]);
  });

  it('knows that a delete with the official client’s key deletes all orders', () => {
    const [command] = commandsIn('batch-commands', 'load-delete-bid-sdk-key');
    expect(command).to.include({ kind: 'delete-bid', orders: 'all' });
  });

  it('accepts slots in every form that the exchange reads', () => {
    const slots = ['2026-01-31T13', '2026-01-31T13:00', '2026-01-31T13:00:00'].map((time_slot) => {
      const batch_commands = { a: [{ type: 'list_bids', time_slot }] };
      const data = JSON.stringify({ transaction_id: 't', aggregator_uuid: 'u', batch_commands });
      const { request } = decoded('request', { channel: 'external-aggregator//batch_commands', data });
      return request.kind === 'batch' ? request.commands.get('a') : undefined;
    });
    for (const commands of slots)
      expect(commands).to.deep.equal([{ kind: 'list-bids', areaUuid: 'a', timeSlot: '2026-01-31T13:00' }]);
  });

  it('sets a command aside that is none, and says why', () => {
    const [unknown] = commandsIn('batch-commands', 'load-unknown-type');
    expect(unknown).to.include({ kind: 'other-command', type: 'foo' });
    const [untyped] = commandsIn('batch-commands', 'load-no-type');
    expect(untyped).to.include({ kind: 'other-command' }).and.not.have.property('type');
    const [extraKey] = commandsIn('dangerous', 'load-bid-extra-key');
    expect(extraKey).to.include({
      kind: 'other-command',
      type: 'bid',
      reason: '$.foo: expected no such key, got 1',
    });
    const [noPrice] = commandsIn('dangerous', 'load-bid-without-price');
    expect(noPrice).to.include({ reason: '$.price: expected a finite number, got nothing' });
    const [noFee] = commandsIn('batch-commands', 'market-grid-fees-empty');
    expect(noFee).to.include({ reason: '$.data: expected either a fee_const or a fee_percent, got {}' });
  });

  it('does not ask an area anything whose value is null', () => {
    const data = '{"transaction_id": "t", "aggregator_uuid": "u", "batch_commands": {"a": null, "b": []}}';
    const { request } = decoded('request', { channel: 'external-aggregator//batch_commands', data });
    expect(request).to.deep.include({ commands: new Map([['b', []]]) });
  });

  it('hears what a market is asked directly', () => {
    expect(heardIn('direct-asset-api', 'market-grid-fees-percent')).to.deep.include({
      kind: 'grid-fees',
      channelName: 'community-unit-1',
      fee: { percent: 2 },
    });
    expect(heardIn('direct-asset-api', 'market-dso-stats')).to.deep.include({
      kind: 'dso-market-stats',
      channelName: 'community-unit-1',
    });
  });

  it('hears what this library does not ask for', () => {
    const channel = 'aggregator-commands';
    expect(heardIn('aggregator-commands', 'unknown-type')).to.deep.equal({ kind: 'other-request', channel });
    expect(heardIn('control', 'pause')).to.deep.equal({ kind: 'other-request', channel: '/pause' });
    expect(heardIn('direct-asset-api', 'storage-bid')).to.deep.equal({
      kind: 'other-request',
      channel: 'Tesla Powerwall 3/bid',
    });
  });
});
