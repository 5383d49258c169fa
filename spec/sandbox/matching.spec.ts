import { expect } from 'chai';
import type { Deal } from '../../lib/sandbox/deals.ts';
import type { AreaSpec, AssetSpec } from '../../lib/sandbox/sandbox.ts';
import { load, openByHand, pv, told, type ByHand } from './tradingByHand.ts';

const house = (name: string, gridFee: number, ...assets: readonly AssetSpec[]): AreaSpec => ({
  name,
  gridFee,
  assets,
});

/** A community of two houses under a village. */
const open = (
  one: readonly AssetSpec[],
  other: readonly AssetSpec[] = [],
  village: readonly AssetSpec[] = [],
  seed = 1,
): ByHand =>
  openByHand(
    { ...house('Village', 2, ...village), areas: [house('One', 1, ...one), house('Other', 0.5, ...other)] },
    {},
    { seed },
  );

describe('matching in the sandbox', () => {
  it('takes the highest bid first, and of the offers the dearest that it can pay', () => {
    const { trading, asset, ticks } = open([load('A'), load('B'), pv('P'), pv('Q')]);
    trading.book.post(asset('A'), 'bid', 20, 1);
    trading.book.post(asset('B'), 'bid', 25, 1);
    trading.book.post(asset('P'), 'offer', 5, 1);
    trading.book.post(asset('Q'), 'offer', 18, 1);
    expect(ticks(1).flatMap(told)).to.deep.equal([
      ['One', 'Q', 'B', 25, 1],
      ['One', 'P', 'A', 20, 1],
    ]);
  });

  it('puts a market fee on its offers, so that a bid must pay both', () => {
    const { trading, asset, ticks } = open([load('A'), pv('P')]);
    trading.book.post(asset('A'), 'bid', 10, 1);
    const offer = trading.book.post(asset('P'), 'offer', 9.1, 1);
    expect(offer.rate).to.equal(10.1);
    expect(ticks(1)).to.deep.equal([]);
    trading.book.withdraw(offer);
    trading.book.post(asset('P'), 'offer', 9, 1);
    expect(ticks(1).flatMap(told)).to.deep.equal([['One', 'P', 'A', 10, 1]]);
  });

  it('leaves what is not traded under a new id', () => {
    const { trading, asset, ticks } = open([load('A'), pv('P')]);
    trading.book.post(asset('A'), 'bid', 10, 0.4);
    const offer = trading.book.post(asset('P'), 'offer', 5, 1);
    const [{ bidResidual, offerResidual }] = ticks(1) as [Deal];
    expect(bidResidual).to.equal(undefined);
    expect(offerResidual).to.include({ energyKWh: 0.6, rate: 6, open: true });
    expect(offerResidual!.id).not.to.equal(offer.id);
    expect([...asset('P').offers]).to.deep.equal([offerResidual]);
  });

  it('carries an order on after two ticks at each market, and takes each fee on the way once', () => {
    const { trading, asset, ticks } = open([load('A')], [pv('P')]);
    trading.book.post(asset('A'), 'bid', 20, 0.5);
    trading.book.post(asset('P'), 'offer', 10, 0.5);
    expect(ticks(2)).to.deep.equal([]);
    const [deal] = ticks(1) as [Deal];
    expect(told(deal)).to.deep.equal([
      ['One', 'One', 'A', 20, 0.5],
      ['Village', 'Other', 'One', 19, 0.5],
      ['Other', 'P', 'Other', 17, 0.5],
    ]);
    expect(deal.trades.map(({ feeRate }) => feeRate)).to.deep.equal([1, 2, 0.5]);
  });

  it('never carries a bid below zero, nor an order back to where it came from', () => {
    const { trading, asset, ticks } = open([load('A'), load('B')]);
    trading.book.post(asset('A'), 'bid', 0.9, 1);
    trading.book.post(asset('B'), 'bid', 1.1, 1);
    ticks(10);
    const standing = trading.grid.markets.map(({ name, bids }) => [name, [...bids].map(({ rate }) => rate)]);
    expect(standing).to.deep.equal([
      ['Village', [1.1 - 1]],
      ['One', [0.9, 1.1]],
      ['Other', []],
    ]);
  });

  it('takes all copies of an order away with it', () => {
    const { trading, asset, ticks } = open([load('A')]);
    const bid = trading.book.post(asset('A'), 'bid', 20, 1);
    ticks(8);
    const holdBids = () => trading.grid.markets.map((market) => trading.book.holds(market, 'bid'));
    expect(holdBids()).to.deep.equal([true, true, true]);
    trading.book.withdraw(bid);
    expect(holdBids()).to.deep.equal([false, false, false]);
  });

  it('matches children before parents, whatever lots are drawn', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { trading, asset, ticks } = open([load('A')], [pv('P')], [load('V')], seed);
      trading.book.post(asset('P'), 'offer', 10, 1);
      ticks(6);
      trading.book.post(asset('V'), 'bid', 30, 1);
      trading.book.post(asset('A'), 'bid', 30, 1);
      expect(ticks(1).map(({ bid }) => bid.origin.name)).to.deep.equal(['A']);
    }
  });

  it('lets orders die with their slot', () => {
    const { trading, asset, ticks } = open([load('A')]);
    trading.book.post(asset('A'), 'bid', 20, 1);
    ticks(60);
    expect(trading.grid.markets.map(({ bids }) => bids.size)).to.deep.equal([0, 0, 0]);
    expect(asset('A').bids.size).to.equal(0);
  });

  it('changes a fee with the next slot only', () => {
    const { trading, asset, ticks } = open([load('A'), pv('P')]);
    trading.grid.markets[1]!.fee = 5;
    expect(trading.book.post(asset('P'), 'offer', 10, 0.5).rate).to.equal(11);
    ticks(60);
    expect(trading.book.post(asset('P'), 'offer', 10, 0.5).rate).to.equal(15);
  });
});
