import type { Area, Grid, MarketArea, OwnedAsset } from '../model/grid.ts';
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
export const gridFee = (grid: Grid, from: string, to?: string, which: WhichFee = 'current'): number =>
  sumOf(
    to === undefined
      ? grid.pathToRoot(from)
      : marketsBetween(marketsToRoot(grid, from), marketsToRoot(grid, to)),
    which,
  );

/** What energy costs on its way between this asset and the root, as `gridFee` says it; each market's way is summed once. */
export const feeToRoot = (grid: Grid, { uuid, parentUuid }: OwnedAsset): number => {
  if (parentUuid === undefined) return gridFee(grid, uuid);
  const fees = feesToRoot.get(grid) ?? new Map<string, number>();
  const known = fees.get(parentUuid);
  if (known !== undefined) return known;
  const fee = gridFee(grid, parentUuid);
  feesToRoot.set(grid, fees.set(parentUuid, fee));
  return fee;
};

/** By the uuid of the market where a way begins. */
const feesToRoot = new WeakMap<Grid, Map<string, number>>();

const sumOf = (passed: readonly Area[], which: WhichFee): number => {
  let sum = 0;
  for (const area of passed)
    if (isMarketArea(area)) sum += (which === 'current' ? area.currentFee : area.lastFee) ?? 0;
  return sum;
};
