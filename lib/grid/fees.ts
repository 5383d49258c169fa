import type { Grid, MarketArea, OwnedAsset } from '../model/grid.ts';
import { isMarketArea } from './grid.ts';

/** Which fee of a market: the one now configured, or the one of the last finished slot. */
export type WhichFee = 'current' | 'last';

const marketsToRoot = (grid: Grid, nameOrUuid: string): readonly MarketArea[] =>
  grid.pathToRoot(nameOrUuid).filter(isMarketArea);

/** The markets that only one of two ways to the root passes, and the one where they meet. */
const marketsBetween = (from: readonly MarketArea[], to: readonly MarketArea[]): readonly MarketArea[] => {
  const onTheOtherWay = new Set(to);
  const meeting = from.findIndex((market) => onTheOtherWay.has(market));
  const commonAncestor = from[meeting];
  return commonAncestor
    ? [...from.slice(0, meeting + 1), ...to.slice(0, to.indexOf(commonAncestor))]
    : [...from, ...to];
};

/**
 * The sum of the grid fees of all markets between two areas, each counted once, in `grid.feeUnit`.
 *
 * An asset has no fee itself: its way begins with its parent's market. Without `to` the way leads up to the root
 * market and includes it, for that is where the market maker trades. A market without a fee counts 0. Percentages are
 * added up too, which is only approximately what a trade pays (exchange protocol, fee along a path).
 *
 * @throws GsyError `ERR_GSY_UNKNOWN_AREA` or `ERR_GSY_AMBIGUOUS_NAME`, as `Grid.area` does.
 *
 * @example
 * gridFee(slot.grid, 'Load 1'); // what energy from the market maker costs Load 1 in fees, cents/kWh
 */
export const gridFee = (grid: Grid, from: string, to?: string, which: WhichFee = 'current'): number => {
  if (to === undefined) {
    const area = grid.byUuid(from) ?? grid.area(from);
    return sumsToRoot(grid, which).get(isMarketArea(area) ? area.uuid : (area.parentUuid ?? '')) ?? 0;
  }
  let sum = 0;
  for (const market of marketsBetween(marketsToRoot(grid, from), marketsToRoot(grid, to)))
    sum += feeOf(market, which);
  return sum;
};

/** What energy costs in fees on its way between an asset of the grid and the root, as `gridFee` says it. */
export const feeToRoot = (grid: Grid, { parentUuid = '' }: OwnedAsset): number =>
  sumsToRoot(grid, 'current').get(parentUuid) ?? 0;

type Sums = ReadonlyMap<string, number>;

/**
 * The sums of the fees from each market up to the root, by the market's uuid. At each event all assets ask for one, and
 * from most events to the next the markets are the same.
 */
const sumsToRoot = ({ markets }: Grid, which: WhichFee): Sums => {
  const memory = which === 'current' ? currentSums : lastSums;
  const known = memory.get(markets);
  if (known !== undefined) return known;
  const sums = new Map<string, number>();
  for (const market of markets)
    if (!sums.has(market.uuid))
      sums.set(market.uuid, (sums.get(market.parentUuid ?? '') ?? 0) + feeOf(market, which));
  memory.set(markets, sums);
  return sums;
};

const currentSums = new WeakMap<readonly MarketArea[], Sums>();
const lastSums = new WeakMap<readonly MarketArea[], Sums>();

const feeOf = ({ currentFee, lastFee }: MarketArea, which: WhichFee): number =>
  (which === 'current' ? currentFee : lastFee) ?? 0;
