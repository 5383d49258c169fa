import { expect } from 'chai';
import type { Exchange } from '../../lib/sandbox/exchange.ts';
import { samples, openSampled, uuidsHere, translated, type Message } from './samples.ts';

const text = ({ channel, data }: Message): readonly [string, unknown] => [channel, JSON.parse(data)];

const nextSlot = (exchange: Exchange): void => {
  const { slot } = exchange.trading.clock();
  while (exchange.trading.clock().slot === slot) exchange.tick();
};

describe('aggregator commands in the sandbox', () => {
  const { exchange, said } = openSampled();
  const here = uuidsHere(exchange);

  for (const { name, sent, received } of samples('aggregator-commands')) {
    it(`answers ${name} as the real exchange did`, () => {
      said.length = 0;
      exchange.receive({ channel: sent!.channel, data: translated(sent!.data, here) });
      const recorded = received.map(({ channel, data }) => ({ channel, data: translated(data, here) }));
      expect(said.map(text)).to.deep.equal(recorded.map(text));
    });
  }

  it('takes none of them for a danger', () => {
    expect(exchange.dangers()).to.equal(0);
  });
});

describe('registration by name in the sandbox', () => {
  const { exchange, said } = openSampled();
  const here = uuidsHere(exchange);

  for (const { name, sent, received } of samples('registration')) {
    it(`answers ${name} as the real exchange did`, () => {
      if (/already-connected$|^unregister-asset$/.test(name)) nextSlot(exchange);
      const listens = exchange.channels.includes(sent!.channel);
      expect(listens).to.equal(sent!.receivers_besides_recorder > 0);
      said.length = 0;
      if (listens) exchange.receive({ channel: sent!.channel, data: sent!.data });
      const recorded = received.map(({ channel, data }) => ({ channel, data: translated(data, here) }));
      expect(said.map(text)).to.deep.equal(recorded.map(text));
    });
  }

  it('takes an asset that was unregistered from its aggregator when the next slot begins', () => {
    const { exchange } = openSampled();
    const aggregator = '5ba05e9f-aabb-4f5e-991e-7b0f084565f6';
    const pv = exchange.trading.grid.assets.find(({ spec }) => spec.type === 'pv')!;
    const send = (channel: string, message: object): void =>
      exchange.receive({ channel, data: JSON.stringify(message) });
    send('aggregator-commands', {
      type: 'SELECT',
      aggregator_uuid: aggregator,
      device_uuid: pv.uuid,
      transaction_id: 's',
    });
    nextSlot(exchange);
    send(`${pv.name}/register_participant`, { transaction_id: 'r' });
    nextSlot(exchange);
    send(`${pv.name}/unregister_participant`, { transaction_id: 'u' });
    expect(pv.aggregatorUuid).to.equal(aggregator);
    nextSlot(exchange);
    expect(pv.aggregatorUuid).to.equal(undefined);
  });
});

describe('the area map of the sandbox', () => {
  it('names every area by its uuid, parents before children', () => {
    const { exchange, said } = openSampled();
    exchange.receive({ channel: '/area-map', data: '{}' });
    const [[channel, answer]] = said.map(text) as [[string, { area_mapping: Record<string, string> }]];
    expect(channel).to.equal('/response/area-map');
    expect(Object.values(answer.area_mapping)).to.deep.equal([
      'Grid',
      'Community Ünit/1',
      'House 1',
      'Load 1 L13',
      'PV 1 (4kW)',
      'Tesla Powerwall 3',
      'Plain load',
      'House 2',
      'Meter',
      'FC load',
      'FC pv',
      'Load 1 L13',
      'we*ird [a-z]? ñ/x',
      'Market Maker',
    ]);
  });
});
