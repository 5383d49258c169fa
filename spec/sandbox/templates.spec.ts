import { expect } from 'chai';
import { seededRandom } from '../../lib/sandbox/random.ts';
import type { AssetSpec, Community } from '../../lib/sandbox/sandbox.ts';
import { openTrading, type Trading } from '../../lib/sandbox/trading.ts';

const alone = (asset: AssetSpec, more: Partial<Community> = {}, ...others: readonly AssetSpec[]): Trading =>
  openTrading(
    {
      startDate: '2026-06-21',
      slots: 2,
      slotLengthMinutes: 15,
      tickLengthSeconds: 15,
      grid: {
        name: 'Grid',
        gridFee: 2,
        areas: [{ name: 'House', gridFee: 1, assets: [asset] }],
        assets: others,
      },
      ...more,
    },
    seededRandom(1),
    () => undefined,
  );

/** The rates at which the house's bids, or else offers, stand at the end of each tick, fees taken off again. */
const rates = (trading: Trading, ticks: number): readonly number[] =>
  Array.from({ length: ticks }, () => {
    trading.beginTick();
    trading.endTick();
    const [asset] = trading.grid.assets;
    const [bid] = asset!.bids;
    const [offer] = asset!.offers;
    return Number((bid?.rate ?? offer!.rate - 1).toFixed(9));
  });

const load: AssetSpec = { type: 'load', name: 'L', powerW: [1000], initialRate: 10, finalRate: 24 };

describe("the exchange's own strategies", () => {
  it('raise a load by one step each minute, to the final rate one interval before the slot ends', () => {
    const steps = rates(alone(load), 60);
    expect(steps.slice(0, 9)).to.deep.equal([10, 10, 10, 10, 11, 11, 11, 11, 12]);
    expect(steps.slice(52)).to.deep.equal([23, 23, 23, 23, 24, 24, 24, 24]);
  });

  it('lower a PV likewise', () => {
    const pv: AssetSpec = { type: 'pv', name: 'P', powerW: [1000], initialRate: 24, finalRate: 10 };
    expect(rates(alone(pv), 60).filter((_, tick) => tick % 4 === 0)).to.deep.equal([
      24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,
    ]);
  });

  it('take one step a tick at most, and so do not reach the final rate with long ticks', () => {
    expect(rates(alone(load, { tickLengthSeconds: 90 }), 10)).to.deep.equal([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ]);
  });

  it('begin anew in the next slot', () => {
    expect(rates(alone(load), 61).at(-1)).to.equal(10);
  });

  it('go from what the market maker pays to what it asks with the fees on the way, where no rates are given', () => {
    const maker: AssetSpec = { type: 'market-maker', name: 'M', buyRate: 8, sellRate: 30 };
    const plain: AssetSpec = { type: 'load', name: 'L', powerW: [1000] };
    const trading = alone(plain, {}, maker);
    expect(rates(trading, 1)).to.deep.equal([8]);
    const deals = Array.from({ length: 59 }, () => {
      trading.beginTick();
      return trading.endTick();
    }).flat();
    expect(deals.flatMap(({ trades }) => trades.map(({ rate }) => Number(rate.toFixed(9))))).to.deep.equal([
      33, 32,
    ]);
  });

  it('let the market maker ask at each time of the day what it asks then, and the others follow', () => {
    const maker: AssetSpec = {
      type: 'market-maker',
      name: 'M',
      buyRate: 8,
      sellRate: { '00:00': 30, '00:15': 50 },
    };
    const trading = alone({ type: 'pv', name: 'P', powerW: [1000], finalRate: 60 }, {}, maker);
    expect(rates(trading, 61).filter((_, tick) => tick % 60 === 0)).to.deep.equal([30, 50]);
    const { offers } = trading.grid.assets.find(({ name }) => name === 'M')!;
    expect([...offers].map(({ originalRate }) => originalRate)).to.deep.equal([50]);
    expect(trading.grid.lastRates).to.deep.equal({ buyRate: 8, sellRate: 30 });
  });

  it('let a market maker that names no buying rate buy nothing', () => {
    const maker: AssetSpec = { type: 'market-maker', name: 'M', sellRate: 30 };
    const trading = alone({ type: 'pv', name: 'P', powerW: [1000] }, {}, maker);
    rates(trading, 61);
    expect(trading.grid.assets.find(({ name }) => name === 'M')!.bids.size).to.equal(0);
    expect(trading.trades).to.deep.equal([]);
    expect(trading.grid.lastRates).to.deep.equal({ buyRate: null, sellRate: 30 });
  });

  it('tell no feed-in tariff where the grid beyond is not below the root', () => {
    const maker: AssetSpec = { type: 'market-maker', name: 'M', buyRate: 8, sellRate: 30 };
    const trading = alone(maker);
    rates(trading, 61);
    expect(trading.grid.lastRates).to.deep.equal({ buyRate: null, sellRate: 30 });
  });

  it('hold a battery back from trading with itself', () => {
    const battery: AssetSpec = { type: 'storage', name: 'B', capacityKWh: 10, maxPowerKW: 5 };
    const trading = alone(battery, {}, { type: 'market-maker', name: 'M', buyRate: 20, sellRate: 20 });
    for (let tick = 0; tick < 60; tick++) {
      trading.beginTick();
      for (const { buyerOrigin, sellerOrigin } of trading.endTick().flatMap(({ trades }) => trades)) {
        expect(buyerOrigin).not.to.equal(sellerOrigin);
      }
    }
  });

  it('leave an asset alone as soon as somebody has it, with what was posted for it', () => {
    const trading = alone(load);
    expect(rates(trading, 9).at(-1)).to.equal(12);
    trading.grid.assets[0]!.aggregatorUuid = 'somebody';
    expect(rates(trading, 20).at(-1)).to.equal(12);
  });
});
