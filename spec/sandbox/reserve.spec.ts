import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../lib/sandbox/random.ts';
import type { AreaSpec, Community } from '../../lib/sandbox/sandbox.ts';
import { openTrading } from '../../lib/sandbox/trading.ts';

/** What a client or the exchange's own strategies do to an asset in a tick. */
interface Deed {
  readonly tick: number;
  readonly asset: number;
  readonly side: 'bid' | 'offer';
  readonly rate: number;
  readonly energyKWh: number;
  /** Whether what the asset had posted on that side goes before. */
  readonly replaces: boolean;
}

const home = (name: string): AreaSpec => ({
  name,
  gridFee: name.length % 3,
  assets: ['a', 'b', 'c'].map((asset) => ({
    type: 'storage',
    name: `${name} ${asset}`,
    capacityKWh: 1e6,
    maxPowerKW: 1e5,
  })),
});
const street = (name: string, homes: readonly string[]): AreaSpec => ({
  name,
  gridFee: 1,
  areas: homes.map((each) => home(`${name} ${each}`)),
  assets: [{ type: 'storage', name: `${name} battery`, capacityKWh: 1e6, maxPowerKW: 1e5 }],
});
const community: Community = {
  startDate: '2026-06-21',
  slots: 1,
  slotLengthMinutes: 60,
  tickLengthSeconds: 60,
  grid: {
    name: 'Grid',
    gridFee: 0.5,
    areas: [street('S', ['1', '22', '333']), street('T', ['1', '22']), home('Farm')],
    assets: [{ type: 'market-maker', name: 'Maker', buyRate: 8, sellRate: 30 }],
  },
};

/** Lots that go by the names of areas, whatever order they come in. */
const byName = <T>(items: readonly T[]): readonly T[] =>
  items.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
const nameOf = (item: unknown): string => (item as { readonly name?: string }).name ?? '';

/** Every trade that comes of these deeds. */
const tradesOf = (deeds: readonly Deed[], everything: boolean): readonly unknown[] => {
  const random = { ...seededRandom(1), shuffled: byName };
  // Where partners can be chosen, markets at the bottom get copies of everything.
  const trading = openTrading({ ...community, degreesOfFreedom: everything }, random, ({ assets }) => {
    for (const asset of assets) if (asset.spec.type === 'storage') asset.aggregatorUuid = 'somebody';
  });
  const homes = trading.grid.assets.filter(({ spec }) => spec.type === 'storage');
  for (let tick = 0; tick < 30; tick++) {
    trading.beginTick();
    trading.endTick();
    for (const { asset, side, rate, energyKWh, replaces } of deeds.filter((deed) => deed.tick === tick)) {
      const own = homes[asset % homes.length]!;
      const standing = side === 'bid' ? own.bids : own.offers;
      if (replaces) for (const order of [...standing]) trading.book.withdraw(order);
      trading.book.post(own, side, rate, energyKWh);
    }
  }
  return trading.trades.map(({ market, timeMs, rate, energyKWh, buyer, seller, buyerOrigin, sellerOrigin }) =>
    [
      market.name,
      timeMs,
      rate,
      energyKWh,
      buyer.name,
      seller.name,
      buyerOrigin.name,
      sellerOrigin.name,
    ].join(),
  );
};

const deed: fc.Arbitrary<Deed> = fc.record({
  tick: fc.integer({ min: 0, max: 25 }),
  asset: fc.integer({ min: 0, max: 40 }),
  side: fc.constantFrom('bid', 'offer'),
  // Few different rates and energies, so that many are equal.
  rate: fc.integer({ min: 5, max: 40 }),
  energyKWh: fc.integer({ min: 1, max: 8 }).map((eighths) => eighths / 8),
  replaces: fc.boolean(),
});

describe('markets at the bottom of the grid', () => {
  it('trade the same whether they get a copy of every order or only of what can trade there', () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 80 }), (deeds) => {
        expect(tradesOf(deeds, false)).to.deep.equal(tradesOf(deeds, true));
      }),
      { numRuns: 200 },
    );
  });
});
