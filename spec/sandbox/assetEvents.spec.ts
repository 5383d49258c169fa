import { expect } from 'chai';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { AssetArea } from '../../lib/sandbox/areas.ts';
import { decode } from '../wire/decode.ts';
import { form, openSampled, samples } from './samples.ts';

const AGGREGATOR = '5ba05e9f-aabb-4f5e-991e-7b0f084565f6';
type Event = Readonly<Record<string, unknown>>;

const recorded = samples('direct-asset-events').flatMap(({ received }) => received);
const NAMES = ['Tesla Powerwall 3', 'we*ird [a-z]? ñ/x', 'Meter', 'PV 1 (4kW)'];

/** The recorded setup, in which these assets are registered by name, and what it says. */
const open = (names: readonly string[] = NAMES) => {
  const { exchange, said } = openSampled();
  const send = (channel: string, message: object): void =>
    exchange.receive({ channel, data: JSON.stringify(message) });
  const command = (type: string, asset: AssetArea): void =>
    send('aggregator-commands', {
      type,
      aggregator_uuid: AGGREGATOR,
      device_uuid: asset.uuid,
      transaction_id: 't',
    });
  const register = (name: string): void => send(`${name}/register_participant`, { transaction_id: 'r' });
  names.forEach(register);
  const asset = (name: string): AssetArea =>
    exchange.trading.grid.assets.find((candidate) => candidate.name === name)!;
  const heard = (channel: string): readonly Event[] =>
    said.filter((message) => message.channel === channel).map(({ data }) => JSON.parse(data) as Event);
  const ticks = (count: number): void => {
    for (let tick = 0; tick < count; tick++) exchange.tick();
  };
  return { exchange, said, send, command, register, asset, heard, ticks };
};

/** Without what is another in each run, or is empty in a run without result export. */
const plain = (event: Event): Event =>
  Object.fromEntries(
    Object.entries(event).filter(([key]) => !['id', 'area_uuid', 'device_bill'].includes(key)),
  );

describe('events of assets without an aggregator in the sandbox', () => {
  describe('beside the recorded ones', () => {
    const { exchange, heard, ticks } = open();
    before(() => {
      ticks(24 * 60);
      exchange.finish();
    });

    for (const { channel, data } of recorded.filter((message) => !message.channel.endsWith('/trade')))
      it(`has those on ${channel} with the same fields and kinds of value`, () => {
        const event = JSON.parse(data) as Event;
        const slot = event.start_time ?? event.market_slot;
        const ours = heard(channel).find((one) => (one.start_time ?? one.market_slot) === slot)!;
        expect(Object.keys(ours)).to.deep.equal(Object.keys(event));
        expect(form(plain(ours))).to.deep.equal(form(plain(event)));
        // Before anything was traded the storage's figures are the same, too.
        if (channel.startsWith('Tesla') && slot === '2026-11-22T00:00')
          expect(plain(ours)).to.deep.equal(plain(event));
      });
  });

  it('tells the beginning of a slot before its first tick, and before the batches that wait for it', () => {
    const { said, heard, ticks, send, command, asset } = open(['Meter']);
    command('SELECT', asset('PV 1 (4kW)'));
    ticks(60);
    said.length = 0;
    const commands = { [asset('PV 1 (4kW)').uuid]: [{ type: 'device_info' }] };
    send('external-aggregator//batch_commands', {
      transaction_id: 'b',
      aggregator_uuid: AGGREGATOR,
      batch_commands: commands,
    });
    ticks(1);
    expect(said.map(({ channel }) => channel)).to.deep.equal([
      'Meter/events/market',
      `external-aggregator//${AGGREGATOR}/response/batch_commands`,
      `external-aggregator//${AGGREGATOR}/events/all`,
      `external-aggregator//${AGGREGATOR}/events/all`,
      'Meter/events/tick',
    ]);
    const [event] = heard('Meter/events/market');
    expect(event).to.include({ start_time: '2026-11-22T01:00', last_market_maker_rate: 22 });
    expect(event!.device_bill).to.include({ type: 'Area' });
  });

  it('gives all assets of a market the id of its slot', () => {
    const { heard, ticks } = open();
    ticks(61);
    const ids = (name: string) => heard(`${name}/events/market`).map(({ id }) => id);
    expect(ids('PV 1 (4kW)')).to.deep.equal(ids('Tesla Powerwall 3'));
    expect(new Set([...ids('PV 1 (4kW)'), ...ids('Meter')]).size).to.equal(4);
  });

  it('tells a trade as the real exchange does, to the asset that made it alone', () => {
    const { said, heard, ticks, send, command, asset } = open(['Tesla Powerwall 3', 'PV 1 (4kW)']);
    const storage = asset('Tesla Powerwall 3');
    command('SELECT', storage);
    ticks(5);
    const offer = { type: 'offer', energy: 0.05, price: 0 };
    send('external-aggregator//batch_commands', {
      transaction_id: 'b',
      aggregator_uuid: AGGREGATOR,
      batch_commands: { [storage.uuid]: [offer] },
    });
    ticks(1);
    command('UNSELECT', storage);
    ticks(30);
    const sample = recorded.find(({ channel }) => channel.endsWith('/events/trade'))!;
    const trades = heard(sample.channel);
    expect(trades.map(({ traded_energy }) => traded_energy)).to.deep.equal([0.05]);
    const event = JSON.parse(sample.data) as Event;
    expect(form(trades[0])).to.deep.equal(form(event));
    expect(trades[0]!.area_uuid).to.equal(storage.uuid);
    for (const key of ['seller', 'buyer', 'event_type', 'residual_id', 'traded_energy'])
      expect(trades[0]![key], key).to.equal(event[key]);
    expect(said.filter(({ channel }) => channel.endsWith('/events/trade'))).to.have.length(1);
    expect(trades[0]!.device_info).to.include({ energy_traded: 0.05 });
  });

  it('says nothing to an asset that an aggregator has selected, nor before the slot after its registration', () => {
    const { said, ticks, command, asset, register } = open([]);
    const events = () => said.filter(({ channel }) => /^(Meter|PV).*\/events\//.test(channel));
    ticks(1);
    register('Meter');
    register('PV 1 (4kW)');
    command('SELECT', asset('PV 1 (4kW)'));
    ticks(59);
    expect(events()).to.be.empty;
    ticks(60);
    expect(new Set(events().map(({ channel }) => channel))).to.deep.equal(
      new Set(['Meter/events/market', 'Meter/events/tick']),
    );
  });

  it('says nothing more from the slot after its unregistration on', () => {
    const { said, ticks, send, heard } = open(['Meter']);
    ticks(1);
    send('Meter/unregister_participant', { transaction_id: 'u' });
    ticks(59);
    expect(heard('Meter/events/tick')).to.have.length(10);
    said.length = 0;
    ticks(60);
    expect(said).to.be.empty;
  });

  it('leaves the trading of a connected asset to nobody', () => {
    const { ticks, asset } = open(['PV 1 (4kW)']);
    ticks(60);
    expect(asset('PV 1 (4kW)').slot).to.deep.equal({ energyKWh: 0, costCents: 0 });
    expect(open([]).asset('PV 1 (4kW)').registration).to.equal('none');
    const left = open([]);
    left.ticks(60);
    expect(left.asset('PV 1 (4kW)').slot.energyKWh).to.be.greaterThan(0);
  });

  it('says nothing that the library cannot read', () => {
    const { exchange, said, ticks } = open();
    ticks(180);
    exchange.finish();
    const failures = said.flatMap((message) => {
      const decoded = decode(message, { feeUnit: 'cents/kWh' });
      return isLeft(decoded) ? [decoded.left] : [];
    });
    expect(failures).to.deep.equal([]);
  });
});
