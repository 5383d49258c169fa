import { expect } from 'chai';
import fc from 'fast-check';
import type { AssetArea, MarketArea, Order, Trade } from '../../lib/sandbox/areas.ts';
import { runBatch } from '../../lib/sandbox/batches.ts';
import type { Deal } from '../../lib/sandbox/deals.ts';
import { seededRandom } from '../../lib/sandbox/random.ts';
import { resultsOf } from '../../lib/sandbox/results.ts';
import { deviationOf } from '../../lib/sandbox/settlement.ts';
import {
  parseCommunity,
  type AreaSpec,
  type AssetSpec,
  type Community,
  type SpotMarketType,
} from '../../lib/sandbox/sandbox.ts';
import { openTrading, type Trading } from '../../lib/sandbox/trading.ts';

const SLACK = 1e-6;
/** Rates that are closer than this are equal to the exchange. */
const RATE_SLACK = 2e-5;
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

const MARKETS: readonly SpotMarketType[] = [
  'two-sided-pay-as-bid',
  'two-sided-pay-as-clear',
  'one-sided-pay-as-offer',
];

/** Every kind of market and of fees, with and without settlement and degrees of freedom. */
const community: fc.Arbitrary<Community> = fc
  .record({
    grid: area(2),
    maker: fc.boolean(),
    spotMarketType: fc.constantFrom(...MARKETS),
    gridFeeUnit: fc.constantFrom('cents/kWh', 'percent'),
    settlementHours: fc.constantFrom(0, 0.5, 1),
    degreesOfFreedom: fc.boolean(),
  })
  .map(({ grid, maker, ...rules }) => ({
    startDate: '2026-06-21',
    slots: 3,
    slotLengthMinutes: 30,
    tickLengthSeconds: 60,
    updateIntervalMinutes: 4,
    ...rules,
    grid: {
      ...grid,
      assets: [
        ...(grid.assets ?? []),
        ...(maker ? [{ type: 'market-maker', name: 'Maker', buyRate: 8, sellRate: 30 } as const] : []),
      ],
    },
  }));

/** What a client asks of an asset: `which` of them, for which slot, how much of what it could trade, or more. */
const request = fc.noBias(
  fc.record({
    which: fc.nat(),
    type: fc.constantFrom('bid', 'offer'),
    share: fc.integer({ min: 0, max: 12 }).map((tenths) => tenths / 10),
    rate,
    replace_existing: fc.boolean(),
    slotsAgo: fc.constantFrom(0, 0, 1, 2),
    requirement: fc.option(
      fc.oneof(
        rate.map((price) => ({ price })),
        fc.integer({ min: 0, max: 10 }).map((tenths) => ({ energy: tenths / 10 })),
        fc.constantFrom('PV', 'Grid', 'Load', 'Storage').map((type) => ({ energy_type: [type] })),
      ),
    ),
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

const send = (trading: Trading, asset: AssetArea, wish: Wish): void => {
  const { grid, sessions, community } = trading;
  const { type, replace_existing, requirement } = wish;
  const past = wish.slotsAgo === 0 ? undefined : sessions.settlements().at(-wish.slotsAgo)?.slot;
  const deviation = past === undefined ? undefined : deviationOf(asset, past);
  const could = type === 'bid' ? asset.energy.toBuyKWh() : asset.energy.toSellKWh();
  const energy = Math.abs(deviation ?? could) * wish.share;
  const command = {
    ...{ type, energy, price: energy * wish.rate, replace_existing },
    ...(past !== undefined && { time_slot: past }),
    ...(requirement !== null && { requirements: [requirement] }),
  };
  runBatch(
    grid,
    { transactionId: 't', aggregatorUuid: 'client', commands: { [asset.uuid]: [command] } },
    { community, sessions, clock: trading.clock(), strict: false },
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
const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
};

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

  it('energy bought is energy sold, for every slot, in every market and through every agent', () => {
    property(
      () => undefined,
      ({ trading }) => {
        for (const trades of grouped(trading.trades, ({ slot, marketType }) => `${slot} ${marketType}`)) {
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

  it('what an agent gets for energy in one market, less the fee, it has paid in the other', () => {
    property((_, deals) => {
      for (const { trades } of deals) {
        trades.slice(1).forEach(({ rate }, index) => {
          const { rate: got, feeRate } = trades[index]!;
          expect(got - feeRate).to.be.closeTo(rate, SLACK);
        });
      }
    });
  });

  it('no order trades more than its energy, above a bid or below an offer', () => {
    property((_, deals) => {
      for (const { bid, offer, trades } of deals) {
        for (const { energyKWh } of trades) {
          expect(energyKWh).to.be.at.most(Math.min(bid.energyKWh, offer.energyKWh));
          expect(energyKWh).to.be.above(0);
        }
        const [paid, got] = [trades[0]!, trades.at(-1)!];
        expect(paid.rate).to.be.at.most(bid.originalRate + RATE_SLACK);
        expect(got.rate - got.feeRate).to.be.at.least(offer.originalRate - RATE_SLACK);
      }
    });
  });

  it('no order trades twice: what is left of it goes on as another', () => {
    property(
      () => undefined,
      ({ deals }) => {
        const ids = deals.flatMap(({ bid, offer }) => [root(bid).id, root(offer).id]);
        expect(new Set(ids).size).to.equal(ids.length);
        for (const { bid, offer } of deals)
          expect([root(bid).open, root(offer).open]).to.deep.equal([false, false]);
      },
    );
  });

  it('buyers pay what they bid, what all pay, or what is asked, as the market has it', () => {
    property((trading, deals) => {
      const { spotMarketType: type, gridFeeUnit } = trading.community;
      const spot = deals.filter(({ trades }) => trades[0]!.marketType === 'spot');
      // Fees in percent are shares of what each seller gets, so that they move a common rate a little.
      if (type === 'two-sided-pay-as-clear' && gridFeeUnit === 'cents/kWh') {
        for (const together of grouped(spot, ({ bid }) => bid.market.uuid)) {
          const rates = together.map(
            ({ bid, trades }) => trades.find(({ market }) => market === bid.market)!.rate,
          );
          expect(Math.max(...rates) - Math.min(...rates)).to.be.at.most(SLACK);
        }
      }
      for (const { bid, offer, trades } of spot) {
        const isFree = [bid, offer].every(({ preferences: { requirements } }) => requirements === undefined);
        if (!isFree) continue;
        const here = trades.find(({ market }) => market === bid.market)!;
        if (type === 'two-sided-pay-as-bid') expect(trades[0]!.rate).to.be.closeTo(bid.originalRate, SLACK);
        if (type === 'one-sided-pay-as-offer') expect(here.rate).to.be.closeTo(offer.rate, RATE_SLACK);
      }
    });
  });

  it('in a running slot nothing buys more than it needs, and nothing sells more than it has', () => {
    property(
      () => undefined,
      ({ trading: { grid, trades } }) => {
        const spot = trades.filter(({ marketType }) => marketType === 'spot');
        for (const asset of grid.assets) {
          if (asset.spec.type === 'storage' || asset.spec.type === 'market-maker') continue;
          const { demandKWh, productionKWh } = asset;
          const bought = sum(
            spot.filter(({ buyer }) => buyer === asset),
            energyOf,
          );
          const sold = sum(
            spot.filter(({ seller }) => seller === asset),
            energyOf,
          );
          expect(bought).to.be.at.most(demandKWh + SLACK);
          expect(sold).to.be.at.most(productionKWh === 0 ? 0 : productionKWh + 3 * PV_SLACK_KWH + SLACK);
        }
      },
    );
  });

  it('settlement brings deviations nearer to nothing, and never beyond', () => {
    property(
      () => undefined,
      ({ trading: { grid, trades } }) => {
        const settled = trades.filter(({ marketType }) => marketType === 'settlement');
        for (const asset of grid.assets) {
          for (const [slot, { tradedKWh, measuredKWh }] of asset.deliveries ?? []) {
            const own = settled.filter((trade) => trade.slot === slot);
            const bought = sum(
              own.filter(({ buyer }) => buyer === asset),
              energyOf,
            );
            const sold = sum(
              own.filter(({ seller }) => seller === asset),
              energyOf,
            );
            const before = measuredKWh! - (tradedKWh - bought + sold);
            expect(before > 0 ? sold : bought).to.equal(0);
            expect(bought + sold).to.be.at.most(Math.abs(before) + SLACK);
          }
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
    property(({ grid, community: { spotMarketType, degreesOfFreedom } }) => {
      // One clearing a tick may leave what only trades with itself, and requirements may leave anything.
      if (spotMarketType === 'two-sided-pay-as-clear' || degreesOfFreedom === true) return;
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

  it('the same seed and the same requests make the same day, to the last id', () => {
    fc.assert(
      fc.property(community, requests, fc.nat(), (data, asked, seed) => {
        const [one, other] = [1, 2].map(() => run(data, asked, seed, () => undefined));
        const text = ({ trading }: Run): string => JSON.stringify(resultsOf(trading, 0));
        expect(text(one!)).to.equal(text(other!));
      }),
      { numRuns: 15 },
    );
  });
});
