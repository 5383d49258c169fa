import { expect } from 'chai';
import { resultsOf } from '../../lib/sandbox/results.ts';
import type { AssetSpec, Community } from '../../lib/sandbox/sandbox.ts';
import { eventsIn, form, openAsked, openSampled, sampleCommunity, samples, type Asker } from './samples.ts';

const SLOTS = ['00', '01', '02', '03', '04', '05'].map((hour) => `2026-11-22T${hour}:00`);
const SETTLED: Partial<Community> = { settlementHours: 4 };

/** The recorded commands of a case, by area name. */
const commandsOf = (name: string): Record<string, object[]> => {
  const { sent } = samples('settlement-and-future').find((sample) => sample.name === name)!;
  const { batch_commands } = JSON.parse(sent!.data) as { batch_commands: Record<string, object[]> };
  const kinds: Record<string, string> = { '27d96898': 'FC load', '7fabed89': 'FC pv' };
  return Object.fromEntries(
    Object.entries(batch_commands).map(([uuid, commands]) => [kinds[uuid.slice(0, 8)]!, commands]),
  );
};

/** What was recorded of them, without what differs from run to run. */
const recordedOf = (name: string): readonly unknown[] => {
  const { received } = samples('settlement-and-future').find((sample) => sample.name === name)!;
  const { responses } = JSON.parse(received[0]!.data) as { responses: Record<string, unknown[]> };
  return Object.values(responses).map((replies) => replies.map(timeless));
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const timeless = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(UUID, 'uuid')
      .replace(/'transaction_id': '[^']*'/, "'transaction_id': 't'")
      .replace(/"transaction_id":"[^"]*"/g, '"transaction_id":"t"')
      .replace(/creation_time\\":\s*\\"[^"]*"/g, 'creation_time\\":\\"then\\"')
      .replace(/\\":\s/g, '\\":')
      .replace(/,\s\\"/g, ',\\"')
      .replace(/(\d)\.0\b/g, '$1'),
  );

/** The recorded run up to its third slot: measured are 1.5 kWh for the load and 1 for the PV, traded is nothing. */
const openRecorded = (): Asker => {
  const asker = openAsked(SETTLED);
  asker.ticks(60);
  asker.ask(commandsOf('forecast-and-measurement'));
  asker.ticks(60);
  return asker;
};

const infoOf = ({ ask }: Asker, name: string): Record<string, unknown> =>
  ask({ [name]: [{ type: 'device_info' }] })[name]![0]!.device_info as Record<string, unknown>;
const deviationsOf = (asker: Asker, name: string): unknown => infoOf(asker, name).unsettled_deviation_kWh;

describe('the settlement market', () => {
  for (const name of [
    'settlement-bid',
    'settlement-offer',
    'settlement-load-wrong-side',
    'settlement-pv-wrong-side',
    'settlement-too-much',
  ])
    it(`answers as it was recorded: ${name}`, () => {
      const replies = openRecorded().ask(commandsOf(name));
      expect(Object.values(replies).map((list) => list.map(timeless))).to.deep.equal(recordedOf(name));
    });

  it('tells what is unsettled in the recorded form', () => {
    const { said, ticks } = openAsked(SETTLED);
    ticks(4 * 60);
    const event = eventsIn(said, 'market').at(-1)!;
    const recorded = samples('aggregator-events').find(({ name }) => name === 'market-settlement')!;
    const loadIn = (tree: unknown): object => {
      const text = JSON.stringify(tree);
      const from = text.indexOf('{"unsettled_deviation_kWh"');
      return JSON.parse(text.slice(from, text.indexOf('},"last_slot_asset_info"', from) + 1)) as object;
    };
    expect(form(loadIn(event))).to.deep.equal(form(loadIn(JSON.parse(recorded.received[0]!.data))));
  });

  it('lists slots as long as they can be settled, the oldest first', () => {
    const asker = openAsked(SETTLED);
    expect(infoOf(asker, 'Load 1 L13')).not.to.have.property('unsettled_deviation_kWh');
    for (const expected of [
      SLOTS.slice(0, 1),
      SLOTS.slice(0, 2),
      SLOTS.slice(0, 3),
      SLOTS.slice(0, 4),
      SLOTS.slice(1, 5),
    ]) {
      asker.ticks(60);
      expect(Object.keys(deviationsOf(asker, 'Load 1 L13') as object)).to.deep.equal(expected);
    }
  });

  it('measures plain loads and PVs about what they were to need and to produce', () => {
    const asker = openAsked(SETTLED);
    asker.ticks(240);
    const [load, pv] = ['Load 1 L13', 'PV 1 (4kW)'].map((name) =>
      Object.values(deviationsOf(asker, name) as Record<string, number>),
    );
    for (const deviation of load!) expect(deviation).to.be.within(0.1, 0.3);
    for (const deviation of pv!) expect(deviation).to.be.within(-1.5, -0.5);
    expect(new Set(load).size).to.equal(4);
  });

  it('knows of forecast assets only what was measured, from the next slot on', () => {
    const asker = openRecorded();
    expect(deviationsOf(asker, 'FC load')).to.deep.equal({ [SLOTS[0]!]: 1.5, [SLOTS[1]!]: null });
    asker.ask({ 'FC load': [{ type: 'set_energy_measurement', energy_measurement: { [SLOTS[1]!]: 0.5 } }] });
    expect(deviationsOf(asker, 'FC load')).to.have.property(SLOTS[1]!, null);
    asker.ticks(60);
    expect(deviationsOf(asker, 'FC load')).to.have.property(SLOTS[1]!, 0.5);
  });

  it('trades for a past slot, takes the deviations down and tells of it', () => {
    const asker = openRecorded();
    asker.ask({
      'FC load': [{ type: 'bid', energy: 0.75, price: 22.5, time_slot: SLOTS[0] }],
      'FC pv': [{ type: 'offer', energy: 1, price: 10, time_slot: SLOTS[0] }],
    });
    asker.ticks(1);
    const [{ trade_list: trades }] = eventsIn(asker.said, 'trade') as [
      { trade_list: Record<string, unknown>[] },
    ];
    expect(
      trades.map(({ seller_origin, buyer_origin, trade_price }) => [
        seller_origin,
        buyer_origin,
        trade_price,
      ]),
    ).to.deep.equal([
      ['FC pv', 'FC load', 22.5],
      ['FC pv', 'FC load', 22.5],
    ]);
    expect(deviationsOf(asker, 'FC load')).to.deep.include({ [SLOTS[0]!]: 0.75 });
    expect(deviationsOf(asker, 'FC pv')).to.deep.include({ [SLOTS[0]!]: -0.25 });
    const house = resultsOf(asker.exchange.trading, 0).markets.find(({ name }) => name === 'House 2')!;
    expect(house.trades.map(({ marketType, slot }) => [marketType, slot])).to.deep.equal([
      ['settlement', SLOTS[0]],
    ]);
    expect(house.feesCents).to.equal(0.75);
  });

  it('leaves the running slot as it is: its orders, its requirements and its statistics', () => {
    const asker = openRecorded();
    const before = infoOf(asker, 'FC load');
    asker.ask({
      'FC load': [{ type: 'bid', energy: 0.75, price: 22.5, time_slot: SLOTS[0] }],
      'FC pv': [{ type: 'offer', energy: 1, price: 10, time_slot: SLOTS[0] }],
    });
    asker.ticks(1);
    expect({ ...infoOf(asker, 'FC load'), unsettled_deviation_kWh: 0 }).to.deep.equal({
      ...before,
      unsettled_deviation_kWh: 0,
    });
    expect(asker.ask({ 'FC pv': [{ type: 'list_offers' }] })['FC pv']![0]).to.include({ status: 'ready' });
    asker.ticks(60);
    const stats = asker.ask({ 'House 2': [{ type: 'dso_market_stats', data: {} }] })['House 2']![0]!;
    expect(stats.market_stats).to.include({ total_traded_energy_kWh: null });
  });

  it('keeps orders while their slot can be settled, and carries them through the grid', () => {
    const asker = openRecorded();
    asker.ask({ 'FC load': [{ type: 'bid', energy: 0.75, price: 22.5, time_slot: SLOTS[0] }] });
    const listed = (): unknown =>
      asker.ask({ 'FC load': [{ type: 'list_bids', time_slot: SLOTS[0] }] })['FC load']![0];
    asker.ticks(61);
    // A load of the exchange's own has sold it what it took less than it had bought.
    expect(listed()).to.have.nested.property('bid_list[0].energy').that.is.within(0.7, 0.75);
    const session = asker.exchange.trading.sessions.of(SLOTS[0]!)!;
    const rates = asker.exchange.trading.grid.markets.map((market) =>
      [...session.book.at(market).bids].map(({ rate }) => rate),
    );
    expect(rates.flat().toSorted()).to.include.members([25, 29, 30]);
    asker.ticks(120);
    expect(listed()).to.include({ status: 'error' });
  });

  it('ends the real exchange for a slot that can no longer be settled', () => {
    const asker = openRecorded();
    asker.ticks(180);
    asker.ask({ 'FC load': [{ type: 'bid', energy: 0.1, price: 1, time_slot: SLOTS[0] }] });
    expect(asker.exchange.dangers()).to.equal(1);
  });

  it('takes orders of storages for any slot, within what the battery may trade', () => {
    const asker = openRecorded();
    const bid = (energy: number, slot: string) => ({ type: 'bid', energy, price: energy, time_slot: slot });
    const replies = asker.ask({
      'Tesla Powerwall 3': [
        bid(3, SLOTS[0]!),
        bid(2, SLOTS[1]!),
        bid(0.1, SLOTS[1]!),
        { ...bid(0.1, SLOTS[0]!), replace_existing: false },
      ],
    })['Tesla Powerwall 3']!;
    expect(replies.map(({ status }) => status)).to.deep.equal(['ready', 'ready', 'ready', 'ready']);
    const more = asker.ask({ 'Tesla Powerwall 3': [{ ...bid(1.9, SLOTS[0]!), replace_existing: false }] });
    expect(more['Tesla Powerwall 3']![0]).to.include({ status: 'error', market_type: 'Settlement Market' });
  });

  it('refuses meters, which have no deviation', () => {
    const replies = openRecorded().ask({
      Meter: [{ type: 'bid', energy: 0.1, price: 1, time_slot: SLOTS[0] }],
    });
    expect(replies.Meter![0]).to.include({ status: 'error', market_type: 'Settlement Market' });
  });

  it('tells grid operators the deviation of the last slot, by asset', () => {
    const asker = openRecorded();
    const [reply] = asker.ask({ 'House 1': [{ type: 'dso_market_stats', data: {} }] })['House 1'] ?? [{}];
    expect(reply).to.deep.equal({});
    const [house] = asker.ask({ 'House 2': [{ type: 'dso_market_stats', data: {} }] })['House 2']!;
    const { market_energy_deviance: deviance } = house!.market_stats as { market_energy_deviance: object };
    expect(deviance).to.have.property(asker.uuid('FC load'), null);
    expect(Object.keys(deviance)).to.have.length(4);
  });

  it('settles for assets that nobody controls, dearer from slot to slot', () => {
    const alone = (spec: Partial<AssetSpec>): AssetSpec => ({ external: false, ...spec }) as AssetSpec;
    const { exchange } = openSampled({
      ...SETTLED,
      grid: {
        name: 'Grid',
        assets: [
          alone({ type: 'load', name: 'Load', powerW: [1000], initialRate: 0, finalRate: 0 }),
          alone({ type: 'pv', name: 'PV', powerW: [1000], initialRate: 50, finalRate: 50 }),
        ],
      },
    });
    for (let tick = 0; tick < 5 * 60; tick++) exchange.tick();
    const trades = exchange.trading.trades.filter(({ marketType }) => marketType === 'settlement');
    expect(
      trades.map(({ slot, timeMs, rate }) => [slot, new Date(timeMs).toISOString().slice(11, 16), rate]),
    ).to.deep.equal([
      // From 0 to 30 cents in three steps the bid rises, from 30 to 0 the offer falls.
      [SLOTS[0], '03:00', 20],
      [SLOTS[1], '04:00', 20],
    ]);
    for (const { deliveries } of exchange.trading.grid.assets)
      expect([...deliveries!.values()].slice(0, 2).some(({ tradedKWh }) => tradedKWh !== 0)).to.equal(true);
  });

  it('is two-sided whatever the market of the running slot is', () => {
    const asker = openAsked({ ...SETTLED, spotMarketType: 'one-sided-pay-as-offer' });
    asker.ticks(60);
    const [reply] = asker.ask({
      'Load 1 L13': [{ type: 'bid', energy: 0.01, price: 0.1, time_slot: SLOTS[0] }],
    })['Load 1 L13']!;
    expect(reply).to.include({ status: 'ready', market_type: 'Settlement Market' });
    expect(asker.exchange.dangers()).to.equal(0);
  });

  it('does not exist unless the community has one', () => {
    const asker = openAsked();
    asker.ticks(60);
    expect(infoOf(asker, 'Load 1 L13')).not.to.have.property('unsettled_deviation_kWh');
    asker.ask({ 'Load 1 L13': [{ type: 'bid', energy: 0.01, price: 0.1, time_slot: SLOTS[0] }] });
    expect(asker.exchange.dangers()).to.equal(1);
    expect(sampleCommunity).not.to.have.property('settlementHours');
  });
});
