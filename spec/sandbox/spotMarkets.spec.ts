import { expect } from 'chai';
import type { AssetSpec, Community, SpotMarketType } from '../../lib/sandbox/sandbox.ts';
import { eventsIn, form, openAsked, openSampled, samples, type Asker } from './samples.ts';
import { load, openByHand, pv, told, type ByHand } from './tradingByHand.ts';

/** A village of two houses. What buyers would pay in a one-sided market is an own strategy's, and gone with it. */
const open = (spotMarketType: SpotMarketType, more: Partial<Community> = {}, seed = 1): ByHand =>
  openByHand(
    {
      name: 'Village',
      gridFee: 2,
      areas: [
        { name: 'One', gridFee: 1, assets: ['A', 'B', 'C'].map(load) },
        { name: 'Other', gridFee: 0.5, assets: ['P', 'Q', 'R'].map(pv) },
      ],
      assets: [load('V'), pv('W'), pv('X')],
    },
    { spotMarketType, ...more },
    { seed, isControlled: ({ type }) => type === 'pv' || spotMarketType !== 'one-sided-pay-as-offer' },
  );

describe('two-sided pay-as-clear', () => {
  it('has one rate for all: that of the dearest offer that is needed', () => {
    const { ticks, bid, offer } = open('two-sided-pay-as-clear');
    bid('V', 30, 1.5);
    offer('W', 8, 1);
    offer('X', 18, 1);
    expect(ticks(1).flatMap(told)).to.deep.equal([
      ['Village', 'W', 'V', 20, 1],
      ['Village', 'X', 'V', 20, 0.5],
    ]);
  });

  it('lets the first bid that gets less than it asks for set the rate', () => {
    const { ticks, bid, offer } = open('two-sided-pay-as-clear');
    bid('A', 33, 0.4);
    bid('B', 25, 0.4);
    bid('C', 9, 0.4);
    offer('P', 4, 0.6);
    offer('Q', 30, 1);
    const deals = ticks(4);
    const atTheTop = deals.flatMap(({ trades }) => trades.filter(({ market }) => market.name === 'Village'));
    expect(atTheTop.map(({ rate, energyKWh }) => [rate, Number(energyKWh.toFixed(9))])).to.deep.equal([
      [24, 0.4],
      [24, 0.2],
    ]);
  });

  it('adds and takes off the fees on the way to and from the market where orders met', () => {
    const { ticks, bid, offer } = open('two-sided-pay-as-clear');
    bid('A', 30, 0.5);
    offer('P', 10, 0.5);
    expect(ticks(4).flatMap(told)).to.deep.equal([
      ['One', 'One', 'A', 13.5, 0.5],
      ['Village', 'Other', 'One', 12.5, 0.5],
      ['Other', 'P', 'Other', 10.5, 0.5],
    ]);
  });

  it('keeps shares on both ways when fees are in percent', () => {
    const { ticks, bid, offer } = open('two-sided-pay-as-clear', { gridFeeUnit: 'percent' });
    bid('A', 30, 0.5);
    offer('P', 10, 0.5);
    const [deal] = ticks(4);
    const { rate, feeRate } = deal!.trades.at(-1)!;
    expect(deal!.trades[0]!.rate).to.be.closeTo(10.25 / 0.99, 1e-9);
    expect(rate - feeRate).to.be.closeTo(10.25 / 0.99 / 1.035, 1e-9);
    expect(rate - feeRate).to.be.at.least(10);
  });

  it('leaves standing what is not cleared', () => {
    const { ticks, asset, bid, offer } = open('two-sided-pay-as-clear');
    bid('V', 9, 1);
    offer('W', 8, 1);
    expect(ticks(1)).to.deep.equal([]);
    expect([asset('V').bids.size, asset('W').offers.size]).to.deep.equal([1, 1]);
  });
});

describe('one-sided pay-as-offer', () => {
  it('lets buyers take the cheapest offers that they can pay, at what is asked', () => {
    const { ticks, bid, offer } = open('one-sided-pay-as-offer');
    offer('W', 20, 0.5);
    offer('X', 8, 0.5);
    bid('V', 22, 0.7);
    expect(ticks(1).flatMap(told)).to.deep.equal([
      ['Village', 'X', 'V', 10, 0.5],
      ['Village', 'W', 'V', 22, 0.2],
    ]);
  });

  it('carries offers to the buyers and no wish to the sellers', () => {
    const { trading, ticks, bid, offer } = open('one-sided-pay-as-offer');
    bid('A', 30, 0.5);
    offer('P', 10, 0.5);
    expect(ticks(4)).to.deep.equal([]);
    const wishes = trading.grid.markets.map(({ bids }) => [...bids].filter(({ rate }) => rate > 0).length);
    expect(wishes).to.deep.equal([0, 1, 0]);
    expect(ticks(1).flatMap(told)).to.deep.equal([
      ['One', 'One', 'A', 13.5, 0.5],
      ['Village', 'Other', 'One', 12.5, 0.5],
      ['Other', 'P', 'Other', 10.5, 0.5],
    ]);
  });

  it('draws lots for who comes first', () => {
    const firsts = new Set(
      Array.from({ length: 20 }, (_, seed) => {
        const { ticks, bid, offer } = open('one-sided-pay-as-offer', {}, seed);
        for (const name of ['A', 'B', 'C']) bid(name, 30, 0.5);
        offer('P', 10, 0.5);
        return ticks(5)[0]!.bid.origin.name;
      }),
    );
    expect([...firsts].toSorted()).to.deep.equal(['A', 'B', 'C']);
  });
});

describe('a one-sided market', () => {
  const oneSided: Partial<Community> = { spotMarketType: 'one-sided-pay-as-offer' };
  const bids = [{ type: 'bid', energy: 0.05, price: 0.5 }, { type: 'list_bids' }, { type: 'delete_bid' }];
  const statuses = (replies: ReturnType<Asker['ask']>): readonly unknown[] =>
    Object.values(replies).flatMap((list) => list.map(({ status }) => status));

  it('takes bids, and commands about bids, of loads for what would end the real exchange', () => {
    const { exchange, ask } = openAsked(oneSided);
    expect(statuses(ask({ 'Load 1 L13': bids }))).to.deep.equal(['error', 'error', 'error']);
    expect(exchange.dangers()).to.equal(3);
  });

  it('refuses those of storages and meters without harm', () => {
    const { exchange, ask } = openAsked(oneSided);
    expect(statuses(ask({ 'Tesla Powerwall 3': bids, Meter: bids }))).to.deep.equal(Array(6).fill('error'));
    expect(exchange.dangers()).to.equal(0);
  });

  it('takes the offers of PVs and storages, and tells of their trades as a recorded run did', () => {
    const { said, ask, ticks } = openAsked({
      ...oneSided,
      grid: {
        name: 'Grid',
        assets: [
          { type: 'pv', name: 'PV 1 (4kW)', powerW: [1000] },
          ...[200, 100].map((watts): AssetSpec => ({
            ...{ type: 'load', name: `${watts} W`, powerW: [watts], external: false },
            ...{ initialRate: 30, finalRate: 30 },
          })),
        ],
      },
    });
    ticks(60);
    ask({ 'PV 1 (4kW)': [{ type: 'offer', energy: 0.3, price: 3 }] });
    ticks(1);
    const [event] = eventsIn(said, 'trade') as [{ trade_list: Record<string, unknown>[] }];
    const recorded = samples('aggregator-events').find(({ name }) => name === 'trade-one-sided')!;
    const { trade_list } = JSON.parse(recorded.received[0]!.data) as typeof event;
    expect(form(event.trade_list)).to.deep.equal(form(trade_list));
    const [first, second] = event.trade_list;
    expect(first).to.include({ bid_id: 'None', residual_bid_id: 'None' });
    expect(first!.residual_offer_id).to.equal(second!.offer_id);
    expect(second!.residual_offer_id).to.equal('None');
  });

  it('buys for a load as long as nobody has it, and no longer', () => {
    const { exchange } = openSampled(oneSided);
    const { assets } = exchange.trading.grid;
    const loads = assets.filter(({ name }) => name === 'Load 1 L13');
    for (let tick = 0; tick < 10; tick++) exchange.tick();
    expect(loads.map(({ bids }) => bids.size)).to.deep.equal([1, 1]);
    exchange.receive({
      channel: 'aggregator-commands',
      data: JSON.stringify({
        ...{ type: 'SELECT', aggregator_uuid: 'me', transaction_id: 't' },
        device_uuid: loads[1]!.uuid,
      }),
    });
    for (let tick = 10; tick < 60; tick++) exchange.tick();
    expect(loads.map(({ slot }) => slot.energyKWh > 0)).to.deep.equal([true, false]);
  });
});
