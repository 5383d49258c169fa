import { expect } from 'chai';
import type { Community } from '../../lib/sandbox/sandbox.ts';
import { form, openAsked, samples } from './samples.ts';

const AHEAD: Partial<Community> = { futureHours: 4 };
const at = (hour: string): string => `2026-11-22T${hour}:00`;
const bid = (energy: number, slot: string) => ({ type: 'bid', energy, price: energy * 10, time_slot: slot });

const NAMES: Record<string, string> = {
  'future-load-bid-list-delete': 'Load 1 L13',
  'future-meter-bid': 'Meter',
  'future-storage-bid-refused': 'Tesla Powerwall 3',
};

describe('the future market', () => {
  for (const [name, asset] of Object.entries(NAMES))
    it(`answers as it was recorded: ${name}`, () => {
      const { ask, ticks } = openAsked(AHEAD);
      ticks(120);
      const { sent, received } = samples('settlement-and-future').find((sample) => sample.name === name)!;
      const { batch_commands } = JSON.parse(sent!.data) as { batch_commands: Record<string, object[]> };
      const { responses } = JSON.parse(received[0]!.data) as { responses: Record<string, object[]> };
      const recorded = Object.values(responses)[0]!;
      const replies = ask({ [asset]: Object.values(batch_commands)[0]! })[asset]!;
      expect(form(replies)).to.deep.equal(form(recorded));
      const told = ({ status, market_type }: { status?: unknown; market_type?: unknown }) => [
        status,
        market_type,
      ];
      expect(replies.map(told)).to.deep.equal(recorded.map(told));
    });

  it('is open for so many hours ahead, from slot to slot', () => {
    const { exchange, ask, ticks } = openAsked(AHEAD);
    const statusFor = (hour: string): unknown =>
      ask({ 'Load 1 L13': [bid(0.1, at(hour))] })['Load 1 L13']![0]!.status;
    expect([statusFor('01'), statusFor('04')]).to.deep.equal(['ready', 'ready']);
    expect(statusFor('05')).to.equal('error');
    expect(exchange.dangers()).to.equal(1);
    ticks(60);
    expect(statusFor('05')).to.equal('ready');
  });

  it('takes no more than the asset will need', () => {
    const { ask } = openAsked(AHEAD);
    const replies = ask({
      'Load 1 L13': [
        bid(0.21, at('02')),
        bid(0.2, at('02')),
        { ...bid(0.01, at('02')), replace_existing: false },
      ],
    });
    expect(replies['Load 1 L13']!.map(({ status }) => status)).to.deep.equal(['error', 'ready', 'error']);
  });

  it('knows what forecast assets will need from their forecasts', () => {
    const { ask } = openAsked(AHEAD);
    const replies = ask({
      'FC load': [
        bid(0.5, at('02')),
        { type: 'set_energy_forecast', energy_forecast: { [at('02')]: 0.5 } },
        bid(0.5, at('02')),
      ],
    });
    expect(replies['FC load']!.map(({ status }) => status)).to.deep.equal(['error', 'ready', 'ready']);
  });

  it('carries bids through the grid and drops them when their slot begins', () => {
    const { exchange, ask, ticks } = openAsked(AHEAD);
    const { trading } = exchange;
    ask({ Meter: [bid(0.4, at('01'))] });
    ticks(10);
    const { book } = trading.sessions.of(at('01'))!;
    expect(trading.grid.markets.flatMap((market) => [...book.at(market).bids]).length).to.be.above(1);
    ticks(60);
    expect(ask({ Meter: [{ type: 'list_bids' }] }).Meter![0]!.bid_list).to.deep.equal([]);
    expect(trading.trades.filter(({ marketType }) => marketType === 'future')).to.deep.equal([]);
  });

  it('answers an offer as what would end the real exchange', () => {
    const { exchange, ask } = openAsked(AHEAD);
    const offer = { ...bid(0.05, at('03')), type: 'offer' };
    const replies = ask({ 'PV 1 (4kW)': [offer], 'Tesla Powerwall 3': [offer] });
    expect(replies['PV 1 (4kW)']![0]).to.include({ status: 'error', market_type: 'Future Market' });
    expect(replies['Tesla Powerwall 3']![0]).to.include({ status: 'error', market_type: 'Future Market' });
    expect(exchange.dangers()).to.equal(1);
  });
});
