import { expect } from 'chai';
import fc from 'fast-check';
import type { AssetArea, MarketArea, Order, Trade } from '../../lib/sandbox/areas.ts';
import { runBatch } from '../../lib/sandbox/batches.ts';
import type { Deal } from '../../lib/sandbox/matching.ts';
import { seededRandom } from '../../lib/sandbox/random.ts';
import { resultsOf } from '../../lib/sandbox/results.ts';
import { parseCommunity, type AreaSpec, type AssetSpec, type Community } from '../../lib/sandbox/sandbox.ts';
import { openTrading, type Trading } from '../../lib/sandbox/trading.ts';

const SLACK = 1e-6;
/** The exchange itself lets an offer exceed a PV's energy by less than this. */
const PV_SLACK_KWH = 2e-5;

const rate = fc.integer({ min: 0, max: 400 }).map((tenths) => tenths / 10);
const high = fc.integer({ min: 200, max: 400 }).map((tenths) => tenths / 10);
const low = fc.integer({ min: 0, max: 150 }).map((tenths) => tenths / 10);
const powers = fc.array(fc.integer({ min: 100, max: 4000 }), { minLength: 1, maxLength: 4, size: 'max' });
const asset: fc.Arbitrary<AssetSpec> = fc.oneof(
  fc.record({
    type: fc.constant('load' as const),
    name: fc.constant('Load'),
    powerW: powers,
    finalRate: high,
  }),
  fc.record({ type: fc.constant('pv' as const), name: fc.constant('PV'), powerW: powers, finalRate: low }),
  fc.record({
    type: fc.constant('smart-meter' as const),
    name: fc.constant('Meter'),
    powerW: fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: 1, maxLength: 4, size: 'max' }),
  }),
  fc.record({
    type: fc.constant('storage' as const),
    name: fc.constant('Battery'),
    capacityKWh: fc.integer({ min: 1, max: 20 }),
    maxPowerKW: fc.integer({ min: 1, max: 30 }),
    initialSocPercent: fc.integer({ min: 20, max: 80 }),
    minSocPercent: fc.integer({ min: 0, max: 20 }),
    maxSocPercent: fc.integer({ min: 80, max: 100 }),
    efficiencyPercent: fc.integer({ min: 50, max: 100 }),
  }),
);

/** Areas to three levels, each asset named after its place. */
const area = (depth: number): fc.Arbitrary<AreaSpec> =>
  fc.record({
    name: fc.constant('Area'),
    gridFee: fc.integer({ min: 0, max: 30 }).map((tenths) => tenths / 10),
    assets: fc.array(asset, { minLength: depth === 0 ? 1 : 0, maxLength: 4, size: 'max' }).map(numbered),
    areas:
      depth === 0
        ? fc.constant([])
        : fc.array(area(depth - 1), { minLength: 1, maxLength: 3, size: 'max' }).map(numbered),
  });
const numbered = <T extends { name: string }>(items: readonly T[]): readonly T[] =>
  items.map((item, index) => ({ ...item, name: `${item.name} ${index}` }));

const community: fc.Arbitrary<Community> = fc
  .record({ grid: area(2), maker: fc.boolean() })
  .map(({ grid, maker }) => ({
    startDate: '2026-06-21',
    slots: 3,
    slotLengthMinutes: 30,
    tickLengthSeconds: 60,
    updateIntervalMinutes: 4,
    grid: {
      ...grid,
      assets: [
        ...(grid.assets ?? []),
        ...(maker ? [{ type: 'market-maker', name: 'Maker', buyRate: 8, sellRate: 30 } as const] : []),
      ],
    },
  }));

/** What a client asks of an asset: `which` of them, and how much of what it could trade, or more. */
const request = fc.noBias(
  fc.record({
    which: fc.nat(),
    type: fc.constantFrom('bid', 'offer'),
    share: fc.integer({ min: 0, max: 12 }).map((tenths) => tenths / 10),
    rate,
    replace_existing: fc.boolean(),
  }),
);
type Wish = typeof request extends fc.Arbitrary<infer T> ? T : never;
const requests = fc.array(fc.array(request, { maxLength: 3, size: 'max' }), { minLength: 90, maxLength: 90 });

interface Run {
  readonly trading: Trading;
  readonly deals: readonly Deal[];
}

/** A run in which every second asset is a client's; `check` looks at it after each tick. */
const run = (
  data: Community,
  asked: readonly (readonly Wish[])[],
  seed: number,
  check: (trading: Trading, deals: readonly Deal[]) => void,
): Run => {
  const trading = openTrading(parseCommunity(JSON.stringify(data)), seededRandom(seed), () => undefined);
  const owned = trading.grid.assets.filter(({ external }, index) => external && index % 2 === 0);
  for (const asset of owned) asset.aggregatorUuid = 'client';
  const all: Deal[] = [];
  for (const wishes of asked) {
    trading.beginTick();
    const deals = trading.endTick();
    all.push(...deals);
    check(trading, deals);
    for (const wish of owned.length === 0 ? [] : wishes)
      send(trading, owned[wish.which % owned.length]!, wish);
  }
  return { trading, deals: all };
};

const send = ({ grid, book, ...trading }: Trading, asset: AssetArea, wish: Wish): void => {
  const could = wish.type === 'bid' ? asset.energy.toBuyKWh() : asset.energy.toSellKWh();
  const energy = could * wish.share;
  const { type, replace_existing } = wish;
  const commands = { [asset.uuid]: [{ type, energy, price: energy * wish.rate, replace_existing }] };
  runBatch(
    grid,
    { transactionId: 't', aggregatorUuid: 'client', commands },
    { book, clock: trading.clock() },
  );
};

const property = (
  check: (trading: Trading, deals: readonly Deal[]) => void,
  after?: (made: Run) => void,
): void =>
  fc.assert(
    fc.property(community, requests, fc.nat(), (data, asked, seed) => {
      const made = run(data, asked, seed, check);
      after?.(made);
    }),
    { numRuns: 30 },
  );

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0);
const energyOf = ({ energyKWh }: Trade): number => energyKWh;
const root = (order: Order): Order => (order.source === undefined ? order : root(order.source));
const orders = ({ grid }: Trading): readonly Order[] =>
  grid.markets.flatMap(({ bids, offers }) => [...bids, ...offers]);

describe('whatever the community and whatever its clients ask', () => {
  it('what buyers pay is what sellers get and markets take', () => {
    property(
      () => undefined,
      ({ trading }) => {
        const { assets, markets } = resultsOf(trading, 0);
        const paid = sum(assets, ({ paidCents }) => paidCents);
        const earned = sum(assets, ({ earnedCents }) => earnedCents);
        const fees = sum(markets, ({ feesCents }) => feesCents);
        expect(paid).to.be.closeTo(earned + fees, SLACK);
      },
    );
  });

  it('energy bought is energy sold, in every slot and through every agent', () => {
    property(
      () => undefined,
      ({ trading }) => {
        const slots = new Set(trading.trades.map(({ slot }) => slot));
        for (const slot of slots) {
          const trades = trading.trades.filter((trade) => trade.slot === slot);
          const bought = trades.filter(({ buyer }) => buyer.kind === 'asset');
          const sold = trades.filter(({ seller }) => seller.kind === 'asset');
          expect(sum(bought, energyOf)).to.be.closeTo(sum(sold, energyOf), SLACK);
          for (const agent of trading.grid.markets) {
            const taken = trades.filter(({ buyer }) => buyer === agent);
            const given = trades.filter(({ seller }) => seller === agent);
            expect(sum(taken, energyOf)).to.be.closeTo(sum(given, energyOf), SLACK);
          }
        }
      },
    );
  });

  it('no order trades more than its energy, above a bid or below an offer', () => {
    property((_, deals) => {
      for (const { bid, offer, trades } of deals) {
        for (const { energyKWh } of trades)
          expect(energyKWh).to.be.at.most(Math.min(bid.energyKWh, offer.energyKWh));
        const [paid, got] = [trades[0]!, trades.at(-1)!];
        expect(paid.rate).to.be.closeTo(root(bid).rate, SLACK);
        // An offer stands with its market's fee on it, and so does the rate of the trade.
        expect(got.rate).to.be.at.least(root(offer).rate - 1e-5 - SLACK);
      }
    });
  });

  it('nothing buys more than it needs, and nothing sells more than it has', () => {
    property(
      () => undefined,
      ({ trading }) => {
        for (const { type, boughtKWh, soldKWh, demandKWh, productionKWh } of resultsOf(trading, 0).assets) {
          if (type === 'storage' || type === 'market-maker') continue;
          expect(boughtKWh).to.be.at.most(demandKWh + SLACK);
          expect(soldKWh).to.be.at.most(productionKWh === 0 ? 0 : productionKWh + 3 * PV_SLACK_KWH + SLACK);
        }
      },
    );
  });

  it('a battery keeps between its states of charge, whatever it still has to deliver', () => {
    property(({ grid }) => {
      for (const { spec, energy, slot } of grid.assets) {
        if (spec.type !== 'storage') continue;
        const [least, most] = [spec.minSocPercent!, spec.maxSocPercent!].map(
          (soc) => (spec.capacityKWh * soc) / 100,
        );
        const held = spec.capacityKWh - energy.charge!.freeKWh();
        expect(held).to.be.within(least! - SLACK, most! + SLACK);
        expect(slot.energyKWh).to.be.at.most(2 * spec.maxPowerKW * 0.5 + SLACK);
      }
    });
  });

  it('nothing that could trade in a market is left standing after a tick', () => {
    const crossing = ({ bids, offers }: MarketArea): boolean =>
      [...offers].some((offer) =>
        [...bids].some((bid) => bid.rate >= offer.rate && bid.trader !== offer.trader),
      );
    property(({ grid }) => {
      expect(grid.markets.filter(crossing).map(({ name }) => name)).to.deep.equal([]);
    });
  });

  it('every copy of an order holds the energy of its source, and none outlives it', () => {
    property((trading) => {
      for (const { source, energyKWh, open } of orders(trading)) {
        expect(open).to.equal(true);
        if (source !== undefined) expect([source.open, source.energyKWh]).to.deep.equal([true, energyKWh]);
      }
    });
  });
});
