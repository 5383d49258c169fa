import { expect } from 'chai';
import type { Deal } from '../../lib/sandbox/deals.ts';
import type { Community } from '../../lib/sandbox/sandbox.ts';
import { openAsked, samples } from './samples.ts';
import { load, openByHand, pv, type ByHand } from './tradingByHand.ts';

/** A house in a village. */
const open = (more: Partial<Community> = {}): ByHand & { readonly uuid: (name: string) => string } => {
  const byHand = openByHand(
    {
      name: 'Village',
      gridFee: 2,
      areas: [{ name: 'House', gridFee: 1, assets: [load('A'), load('B'), pv('P'), pv('Q')] }],
      assets: [
        { type: 'storage', name: 'S', capacityKWh: 10, maxPowerKW: 5 },
        { type: 'smart-meter', name: 'M', powerW: [-1000] },
        pv('W'),
      ],
    },
    { degreesOfFreedom: true, ...more },
  );
  return { ...byHand, uuid: (name) => byHand.asset(name).uuid };
};

const told = ({ bid, offer, trades }: Deal) => {
  const { rate, energyKWh } = trades[0]!;
  return [offer.origin.name, bid.origin.name, rate, Number(energyKWh.toFixed(9))];
};

describe('degrees of freedom', () => {
  it('let an order trade with its partners alone', () => {
    const { ticks, uuid, bid, offer } = open();
    bid('A', 20, 1, { requirements: [{ tradingPartners: [uuid('Q')] }] });
    offer('P', 5, 1);
    expect(ticks(1)).to.deep.equal([]);
    offer('Q', 5, 1, { requirements: [{ tradingPartners: [uuid('A')] }] });
    bid('B', 30, 1);
    expect(ticks(1).map(told)).to.deep.equal([
      ['P', 'B', 30, 1],
      ['Q', 'A', 20, 1],
    ]);
  });

  it('let an order trade energy of its types alone, as attributes tell or else the kind of asset', () => {
    const { ticks, bid, offer } = open();
    bid('A', 30, 1, { requirements: [{ energyTypes: ['PV'] }] });
    offer('S', 5, 0.2);
    offer('M', 5, 0.2);
    offer('W', 5, 0.2, { attributes: { energyType: 'Grid' } });
    expect(ticks(6)).to.deep.equal([]);
    offer('P', 5, 0.2);
    offer('Q', 5, 0.2, { attributes: { energyType: 'PV' } });
    expect(ticks(1).map(told)).to.deep.equal([
      ['P', 'A', 30, 0.2],
      ['Q', 'A', 30, 0.2],
    ]);
  });

  it('take one satisfied requirement for enough', () => {
    const { ticks, uuid, bid, offer } = open();
    bid('A', 20, 1, { requirements: [{ tradingPartners: [uuid('Q')] }, { energyTypes: ['PV'], rate: 10 }] });
    offer('P', 5, 1);
    expect(ticks(1).map(told)).to.deep.equal([['P', 'A', 10, 1]]);
  });

  it('take none for a promise to trade with anybody', () => {
    const { ticks, bid, offer } = open();
    bid('A', 20, 1, { requirements: [] });
    offer('P', 5, 1, { attributes: {} });
    expect(ticks(1).map(told)).to.deep.equal([['P', 'A', 20, 1]]);
  });

  it('let a requirement narrow the rate of its order, and never widen it', () => {
    const { ticks, bid, offer } = open();
    bid('A', 20, 1, { requirements: [{ rate: 12 }] });
    bid('B', 20, 1, { requirements: [{ rate: 25 }] });
    offer('P', 5, 1, { requirements: [{ rate: 15 }] });
    expect(ticks(1).map(told)).to.deep.equal([['P', 'B', 20, 1]]);
    offer('Q', 11.5, 1);
    expect(ticks(1)).to.deep.equal([]);
    offer('Q', 11, 1);
    expect(ticks(1).map(told)).to.deep.equal([['Q', 'A', 12, 1]]);
  });

  for (const gridFeeUnit of ['cents/kWh', 'percent'] as const)
    it(`mean a requirement's rate where the asset is, whatever the way: fees in ${gridFeeUnit}`, () => {
      const { ticks, bid, offer } = open({ gridFeeUnit });
      bid('A', 20, 1, { requirements: [{ rate: 12 }] });
      offer('W', 8, 1);
      const [deal] = ticks(6);
      expect(deal!.trades.map(({ market }) => market.name)).to.deep.equal(['House', 'Village']);
      expect(deal!.trades[0]!.rate).to.be.closeTo(12, 1e-9);
      const { rate, feeRate } = deal!.trades[1]!;
      expect(rate - feeRate).to.be.at.least(8);
    });

  it('let a requirement be for a part of the energy, and the rest for others', () => {
    const { ticks, uuid, bid, offer } = open();
    bid('A', 20, 1, {
      requirements: [
        { tradingPartners: [uuid('P')], energyKWh: 0.3 },
        { tradingPartners: [uuid('P')], energyKWh: 0.2, rate: 10 },
        { tradingPartners: [uuid('Q')] },
      ],
    });
    offer('P', 5, 1);
    expect(ticks(1).map(told)).to.deep.equal([
      ['P', 'A', 20, 0.3],
      ['P', 'A', 10, 0.2],
    ]);
    offer('Q', 5, 1);
    expect(ticks(1).map(told)).to.deep.equal([['Q', 'A', 20, 0.5]]);
  });

  for (const spotMarketType of ['two-sided-pay-as-clear', 'one-sided-pay-as-offer'] as const)
    it(`count in ${spotMarketType} too`, () => {
      const { trading, ticks, uuid, bid, offer } = open({ spotMarketType });
      trading.grid.assets.find(({ name }) => name === 'A')!.aggregatorUuid = undefined;
      bid('A', 20, 1, { requirements: [{ tradingPartners: [uuid('Q')] }] });
      offer('P', 5, 1);
      offer('Q', 7, 1);
      expect(ticks(1).map(told)).to.deep.equal([['Q', 'A', 8, 1]]);
    });
});

describe('attributes and requirements in orders', () => {
  const ORDER = { type: 'bid', energy: 0.05, price: 0.5 };

  for (const { name, sent, received } of samples('degrees-of-freedom-disabled'))
    it(`are dropped where they do not count, as it was recorded: ${name}`, () => {
      const { exchange, ask } = openAsked({ degreesOfFreedom: false });
      const { batch_commands } = JSON.parse(sent!.data) as { batch_commands: Record<string, object[]> };
      const { responses } = JSON.parse(received[0]!.data) as {
        responses: Record<string, Record<string, unknown>[]>;
      };
      const [recorded] = Object.values(responses)[0]!;
      const order = JSON.parse((recorded!.bid ?? recorded!.offer) as string) as Record<
        string,
        { name: string }
      >;
      const asset = (order.buyer ?? order.seller)!.name;
      const [reply] = ask({ [asset]: Object.values(batch_commands)[0]! })[asset]!;
      expect(Object.keys(reply!)).to.deep.equal(Object.keys(recorded!));
      expect(reply).to.include({ status: 'ready', message: recorded!.message });
      const placed = [...exchange.trading.grid.assets].flatMap(({ bids, offers }) => [...bids, ...offers]);
      expect(placed.map(({ preferences }) => preferences)).to.deep.include({});
      expect(exchange.dangers()).to.equal(0);
    });

  it('are kept where they count, without a word', () => {
    const { exchange, ask, uuid } = openAsked({ degreesOfFreedom: true });
    const requirements = [
      { trading_partners: [uuid('PV 1 (4kW)')], energy_type: ['PV'], energy: 0.02, price: 12 },
    ];
    const [reply] = ask({ 'Load 1 L13': [{ ...ORDER, requirements, attributes: { energy_type: 'Load' } }] })[
      'Load 1 L13'
    ]!;
    expect(reply).to.include({ status: 'ready', message: '' });
    const [bid] = exchange.trading.grid.assets.find(({ name }) => name === 'Load 1 L13')!.bids;
    expect(bid!.preferences).to.deep.equal({
      attributes: { energyType: 'Load' },
      requirements: [
        { tradingPartners: [uuid('PV 1 (4kW)')], energyTypes: ['PV'], energyKWh: 0.02, rate: 12 },
      ],
    });
    expect(exchange.dangers()).to.equal(0);
  });

  it('are refused where they count and make no sense', () => {
    const { exchange, ask } = openAsked({ degreesOfFreedom: true });
    const replies = ask({
      'Load 1 L13': [
        { ...ORDER, requirements: 'PV' },
        { ...ORDER, requirements: [{ energy: 'much' }] },
        { ...ORDER, attributes: { energy_type: 'Coal' } },
      ],
    })['Load 1 L13']!;
    expect(replies.map(({ status }) => status)).to.deep.equal(['error', 'error', 'error']);
    expect(replies[2]!.error_message).to.include('energy_type');
    expect(exchange.dangers()).to.equal(0);
  });

  it('end the real exchange where nothing is said of them', () => {
    const { exchange, ask } = openAsked();
    ask({
      'Load 1 L13': [{ ...ORDER, requirements: null }],
      'PV 1 (4kW)': [{ ...ORDER, type: 'offer', attributes: null }],
    });
    expect(exchange.dangers()).to.equal(2);
  });
});
