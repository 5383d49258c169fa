import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  bidEnergy,
  deleteBid,
  deleteOffer,
  gridFees,
  lastMarketDsoStats,
  listBids,
  offerEnergy,
} from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import type { SinkOptions } from '../../lib/sink/options.ts';
import { encodeRequest } from '../../lib/wire/requests.ts';
import { bench, kinds, SLOT, tick } from './bench.ts';

interface Sample {
  readonly name: string;
  readonly outcome: string;
  readonly sent: { readonly channel: string; readonly data: string };
}
const samples = readFileSync(new URL('../fixtures/samples/dangerous.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Sample);

/** What a strategy would have to emit to bring each message about, types set aside. */
const attempts: Readonly<Record<string, unknown>> = {
  'area-commands-object': { type: 'device_info' },
  'area-commands-strings': 'device_info',
  'command-type-array': { kind: [], areaUuid: 'load' },
  'load-bid-attributes-null': bidEnergy('load', 0.05, 0.5, { attributes: null as never }),
  'load-bid-requirements-list': bidEnergy('load', 0.05, 0.5, { requirements: [{ rate: 12 }] }),
  'load-bid-time-slot-unknown': bidEnergy('load', 0.05, 0.5, { timeSlot: '2031-01-01T00:00' }),
  'load-bid-time-slot-bad-format': bidEnergy('load', 0.05, 0.5, { timeSlot: '2024-07-01T03:00:00+00:00' }),
  'load-bid-time-slot-empty': bidEnergy('load', 0.05, 0.5, { timeSlot: '' }),
  'load-bid-energy-string': bidEnergy('load', '0.05' as never, 0.5),
  'load-bid-energy-null': bidEnergy('load', null as never, 0.5),
  'load-bid-price-null': bidEnergy('load', 0.05, null as never),
  'load-bid-without-price': { kind: 'bid', areaUuid: 'load', energyKWh: 0.05, replaceExisting: true },
  'pv-offer-requirements-null': offerEnergy('pv', 0.05, 3, { requirements: null as never }),
  'pv-offer-time-slot-unknown': offerEnergy('pv', 0.05, 3, { timeSlot: '2031-01-01T00:00' }),
  'pv-offer-price-string': offerEnergy('pv', 0.05, '1' as never),
  'pv-delete-offer-unknown-id': deleteOffer('pv', '11111111-2222-4333-8444-555555555555'),
  'pv-delete-offer-unknown-slot': deleteOffer('pv', 'all', { timeSlot: '2031-01-01T00:00' }),
  'load-list-bids-bad-slot-format': listBids('load', { timeSlot: 'x' }),
  'storage-bid-without-price': { kind: 'bid', areaUuid: 'pv', energyKWh: 0.05, replaceExisting: true },
  'storage-offer-unknown-slot': offerEnergy('pv', 0.05, 3, { timeSlot: '2031-01-01T00:00' }),
  'storage-delete-offer-unknown-id': deleteOffer('pv', '11111111-2222-4333-8444-555555555555'),
  'storage-delete-bid-unknown-slot': deleteBid('pv', 'all', { timeSlot: '2031-01-01T00:00' }),
  'meter-bid-unknown-slot': bidEnergy('load', 0.05, 0.5, { timeSlot: '2031-01-01T00:00' }),
  'grid-fees-without-data': { kind: 'grid-fees', areaUuid: 'house', fee_const: 3 },
  'grid-fees-string': gridFees('house', '3' as never),
  'one-sided-load-bid': bidEnergy('load', 0.05, 0.5),
  'one-sided-load-list-bids': listBids('load'),
  'one-sided-load-delete-bid': deleteBid('load', 'all'),
  'future-market-pv-offer': offerEnergy('pv', 0.05, 3, { timeSlot: '2026-06-21T12:30' }),
};

/** Messages that differ from sound ones in what the wire adds or leaves out, which no command has a say in. */
const disarmed: Readonly<Record<string, { readonly command: Command; readonly wire: object }>> = {
  'load-bid-extra-key': {
    command: { ...bidEnergy('load', 0.05, 0.5), foo: 1 } as Command,
    wire: { type: 'bid', energy: 0.05, price: 0.5, replace_existing: true },
  },
  'load-bid-extra-key-dof-disabled': {
    command: { ...bidEnergy('load', 0.05, 0.5), foo: 1 } as Command,
    wire: { type: 'bid', energy: 0.05, price: 0.5, replace_existing: true },
  },
  'pv-offer-extra-key': {
    command: { ...offerEnergy('pv', 0.05, 3), foo: 1 } as Command,
    wire: { type: 'offer', energy: 0.05, price: 3, replace_existing: true },
  },
  'storage-bid-extra-key': {
    command: { ...bidEnergy('pv', 0.05, 0.5), foo: 1 } as Command,
    wire: { type: 'bid', energy: 0.05, price: 0.5, replace_existing: true },
  },
  'dso-stats-without-data': {
    command: lastMarketDsoStats('house'),
    wire: { type: 'dso_market_stats', data: {} },
  },
};

/** Messages of kinds that this library never builds from what its users give it. */
const unaskable: readonly string[] = [
  'commands-malformed-json',
  'commands-array',
  'commands-without-type',
  'create-without-name',
  'create-without-transaction-id',
  'select-without-device',
  'delete-without-aggregator',
  'batch-malformed-json',
  'batch-without-transaction-id',
  'batch-without-aggregator',
  'batch-without-commands',
  'register-without-transaction-id',
  'register-empty-transaction-id',
  'register-malformed-json',
  'unregister-without-transaction-id',
  'unselect-asset-not-registered',
  'delete-aggregator-with-assets',
  'batch-commands-null',
  'batch-commands-array',
  'direct-load-bid',
  'direct-pv-offer',
  'direct-bid-without-transaction-id',
  'direct-forecast',
];

const execute = (command: unknown, overrides: Partial<SinkOptions> = {}) => {
  const b = bench(overrides);
  b.hear(tick(SLOT, 0.1));
  b.give(command as Command);
  b.run();
  return b;
};

describe('the messages that must never be sent', () => {
  it('are all accounted for', () => {
    const known = [...Object.keys(attempts), ...Object.keys(disarmed), ...unaskable];
    expect(known.sort()).to.deep.equal(samples.map(({ name }) => name).sort());
  });

  for (const [name, command] of Object.entries(attempts))
    it(`cannot be brought about: ${name}`, () => {
      const marketType = name.startsWith('one-sided') ? 'one-sided' : 'two-sided';
      const { outcomes, sent } = execute(command, { marketType });
      expect(sent).to.be.empty;
      expect(kinds(outcomes)).to.deep.equal(['refused']);
    });

  for (const [name, { command, wire }] of Object.entries(disarmed))
    it(`leave as sound ones: ${name}`, () => {
      const { sent } = execute(command);
      const text = encodeRequest(sent[0]!.batch).data;
      const { batch_commands } = JSON.parse(text) as { batch_commands: Record<string, unknown> };
      expect(batch_commands).to.deep.equal({ [command.areaUuid]: [wire] });
    });
});
