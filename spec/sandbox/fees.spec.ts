import { expect } from 'chai';
import type { Deal } from '../../lib/sandbox/deals.ts';
import { form, openAsked, openSampled, sampleCommunity, samples } from './samples.ts';
import { load, openByHand, pv, type ByHand } from './tradingByHand.ts';

/** The recorded setup's places, with the fees of a slot in percent. */
const open = (community: number): ByHand =>
  openByHand(
    {
      name: 'Grid',
      gridFee: 4,
      areas: [
        {
          name: 'Community',
          gridFee: community,
          areas: [
            { name: 'House 1', assets: [load('H1 Load'), pv('H1 PV')] },
            { name: 'House 2', gridFee: 1, assets: [load('H2 Load'), load('Other'), pv('H2 PV')] },
          ],
        },
      ],
      assets: [load('Bus in'), pv('Bus out')],
    },
    { gridFeeUnit: 'percent' },
  );

const rates = ({ trades }: Deal): readonly (readonly [string, number])[] =>
  trades.map(({ market, rate }) => [market.name, Math.round(rate * 1e8) / 1e8]);

describe('grid fees in percent', () => {
  it('make the rates that a recorded run had in the markets between a load and the grid beyond', () => {
    const { ticks, bid, offer } = open(2);
    bid('H1 Load', 36, 0.2);
    offer('Bus out', 22, 1);
    expect(ticks(8).map(rates)).to.deep.equal([
      [
        ['House 1', 36],
        ['Community', 36],
        ['Grid', 35.32075472],
      ],
    ]);
  });

  it('make the rates that a recorded run had between a PV and the grid beyond', () => {
    const { ticks, bid, offer } = open(2);
    bid('Bus in', 21, 0.2);
    offer('H1 PV', 0, 0.2);
    expect(ticks(8).map(rates)).to.deep.equal([
      [
        ['Grid', 21],
        ['Community', 20.20754717],
        ['House 1', 19.81132075],
      ],
    ]);
  });

  it('earn the markets what they earned in a recorded run', () => {
    const { trading, ticks, bid, offer } = open(4);
    offer('H2 PV', 10, 0.15);
    bid('H1 Load', 36, 0.15);
    ticks(8);
    offer('Bus out', 10, 1);
    for (const buyer of ['H2 Load', 'Other']) bid(buyer, 24.32203389830508, 0.1);
    ticks(8);
    const trades = trading.trades.filter(({ market }) => market.name === 'House 2');
    expect(trades.map(({ rate }) => Math.round(rate * 1e8) / 1e8)).to.deep.equal([
      34.62857143, 24.3220339, 24.3220339,
    ]);
    const revenue = trades.reduce((sum, { feeRate, energyKWh }) => sum + feeRate * energyKWh, 0);
    expect(revenue).to.be.closeTo(0.0960561565661, 1e-9);
  });

  it('are put on offers and taken off bids as shares of what their owners asked, not of fees', () => {
    const { trading, ticks, bid, offer } = open(2);
    offer('H2 PV', 100, 0.5);
    bid('H2 Load', 50, 0.5);
    ticks(8);
    const standing = trading.grid.markets.map(({ name, bids, offers }) => [
      name,
      ...[...bids, ...offers].map(({ rate }) => Number(rate.toFixed(9))),
    ]);
    expect(standing).to.deep.equal([
      ['Grid', 48.5, 107],
      ['Community', 49.5, 103],
      ['House 1', 48.5, 103],
      ['House 2', 50, 101],
    ]);
  });

  it('leave sellers no less than they asked, wherever the buyer is', () => {
    const { ticks, bid, offer } = open(50);
    offer('H2 PV', 10, 0.5);
    bid('H1 Load', 15.2, 0.5);
    const [deal] = ticks(8);
    const { rate, feeRate } = deal!.trades.at(-1)!;
    expect(rate - feeRate).to.be.at.least(10);
  });

  for (const { name, sent, received } of samples('percentage-fees')) {
    it(`are set and told in the recorded form: ${name}`, () => {
      const { ask, ticks } = openAsked({ gridFeeUnit: 'percent' });
      if (name === 'stats-with-bills') {
        ask({ 'we*ird [a-z]? ñ/x': [{ type: 'bid', energy: 0.1, price: 3 }] });
        ticks(60);
      }
      const recorded = JSON.parse(received[0]!.data) as { responses: Record<string, readonly unknown[]> };
      const { batch_commands } = JSON.parse(sent!.data) as { batch_commands: Record<string, object[]> };
      const [community, house] = Object.values(batch_commands);
      const replies = ask({ 'Community Ünit/1': community!, 'House 2': house! });
      // The key figures of self-sufficiency stay null here.
      const comparable = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value, (key, item: unknown) => (key.startsWith('self_') ? null : item)));
      expect(form(comparable(Object.values(replies)))).to.deep.equal(
        form(comparable(Object.values(recorded.responses))),
      );
      const statuses = Object.values(recorded.responses).map((list) =>
        (list as { status: string }[]).map(({ status }) => status),
      );
      expect(Object.values(replies).map((list) => list.map(({ status }) => status))).to.deep.equal(statuses);
    });
  }

  it('are told as shares where they were in force, and as percent where they are configured', () => {
    const { exchange, said, uuid } = openAsked({ gridFeeUnit: 'percent' });
    for (let tick = 0; tick < 60; tick++) exchange.tick();
    const { data } = said.findLast(({ data }) => data.includes('"event":"market"'))!;
    const { grid_tree } = JSON.parse(data) as { grid_tree: Record<string, object> };
    expect(grid_tree[uuid('Grid')]).to.include({ last_market_fee: 0.04, current_market_fee: 4 });
  });

  it('hold from the slot after the one in which they were set', () => {
    const { exchange, ask, ticks } = openAsked({ gridFeeUnit: 'percent' });
    const house = exchange.trading.grid.markets.find(({ name }) => name === 'House 2')!;
    expect(
      ask({ 'House 2': [{ type: 'grid_fees', data: { fee_const: 7, fee_percent: 12.5 } }] }),
    ).to.have.nested.property('House 2[0].market_fee_percent', '12.5');
    expect(house.slotFee).to.equal(0.01);
    ticks(60);
    expect(house.slotFee).to.equal(0.125);
  });

  it('leave the old fee where the new one is negative', () => {
    const { ask } = openAsked({ gridFeeUnit: 'percent' });
    const [reply] = ask({ 'House 2': [{ type: 'grid_fees', data: { fee_percent: -1 } }] })['House 2']!;
    expect(reply).to.include({ status: 'ready', market_fee_percent: '1', market_fee_const: 'None' });
  });

  it('raise what own strategies pay in the end to what the grid beyond asks with all of them', () => {
    const { exchange } = openSampled({
      gridFeeUnit: 'percent',
      grid: {
        ...sampleCommunity.grid,
        areas: [{ name: 'House', gridFee: 6, assets: [{ type: 'load', name: 'Load', powerW: [1000] }] }],
      },
    });
    for (let tick = 0; tick < 60; tick++) exchange.tick();
    expect(exchange.trading.trades[0]!.rate).to.be.within(22 * 1.1, 22 * 1.1 + (22 * 1.1 - 21) / 58);
  });
});
