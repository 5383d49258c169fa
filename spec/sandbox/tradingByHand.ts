import type { AreaSpec, AssetSpec, Community } from '../../lib/sandbox/sandbox.ts';
import type { AssetArea, Order, Preferences } from '../../lib/sandbox/areas.ts';
import type { Deal } from '../../lib/sandbox/deals.ts';
import { seededRandom } from '../../lib/sandbox/random.ts';
import { openTrading, type Trading } from '../../lib/sandbox/trading.ts';

/** What the exchange's own strategy would do with it does not matter, or is nothing. */
export const load = (name: string): AssetSpec => ({
  ...{ type: 'load', name, powerW: [1000] },
  ...{ initialRate: 0, finalRate: 0 },
});
export const pv = (name: string): AssetSpec => ({ type: 'pv', name, powerW: [1000] });

/** Markets in which nobody trades but the test. */
export interface ByHand {
  readonly trading: Trading;
  /** What so many ticks bring about. */
  readonly ticks: (count: number) => readonly Deal[];
  readonly asset: (name: string) => AssetArea;
  readonly bid: Post;
  readonly offer: Post;
}
type Post = (name: string, rate: number, energyKWh: number, preferences?: Preferences) => Order;

/** Markets whose first tick is gone; an hour has sixty. What is not controlled the exchange trades for. */
export const openByHand = (
  grid: AreaSpec,
  more: Partial<Community> = {},
  {
    seed = 1,
    isControlled = () => true,
  }: { seed?: number; isControlled?: (spec: AssetSpec) => boolean } = {},
): ByHand => {
  const trading = openTrading(
    {
      ...{ startDate: '2026-06-21', slots: 2, slotLengthMinutes: 60, tickLengthSeconds: 60 },
      updateIntervalMinutes: 60,
      grid,
      ...more,
    },
    seededRandom(seed),
    () => undefined,
  );
  const { assets } = trading.grid;
  for (const asset of assets) if (isControlled(asset.spec)) asset.aggregatorUuid = 'test';
  const ticks = (count: number): readonly Deal[] =>
    Array.from({ length: count }, () => {
      trading.beginTick();
      return trading.endTick();
    }).flat();
  ticks(1);
  const asset = (name: string): AssetArea => assets.find((one) => one.name === name)!;
  const post =
    (side: Order['side']): Post =>
    (name, ...order) =>
      trading.book.post(asset(name), side, ...order);
  return { trading, ticks, asset, bid: post('bid'), offer: post('offer') };
};

/** Who bought from whom in which market, at what rate and how much. */
export const told = ({ trades }: Deal): readonly (readonly [string, string, string, number, number])[] =>
  trades.map(({ market, seller, buyer, rate, energyKWh }) => [
    market.name,
    seller.name,
    buyer.name,
    Number(rate.toFixed(9)),
    Number(energyKWh.toFixed(9)),
  ]);
