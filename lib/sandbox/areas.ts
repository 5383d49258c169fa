import { v5 as uuidV5 } from 'uuid';
import type { AreaSpec, AssetSpec, Community } from './community.ts';
import { energyOf, type Energy } from './energy.ts';

/** An open or closed order. Where it was forwarded to, a copy of it stands in the other market. */
export interface Order {
  readonly id: string;
  readonly side: 'bid' | 'offer';
  readonly market: MarketArea;
  /** Who stands for it in this market: the asset itself, or the area whose agent brought it. */
  readonly trader: Area;
  readonly origin: AssetArea;
  /** cents/kWh in this market: an offer's with this market's fee, a bid's without those of the markets it left. */
  readonly rate: number;
  readonly energyKWh: number;
  /** The order that this one is a copy of. */
  readonly source: Order | undefined;
  readonly copies: Order[];
  open: boolean;
}

/** One exchange of energy as one market saw it: a deal between distant assets is one trade in each market between. */
export interface Trade {
  readonly id: string;
  readonly market: MarketArea;
  /** `YYYY-MM-DDTHH:mm`. */
  readonly slot: string;
  readonly timeMs: number;
  /** cents/kWh in this market, its fee included: the seller gets `rate - feeRate`. */
  readonly rate: number;
  readonly feeRate: number;
  readonly energyKWh: number;
  readonly buyer: Area;
  readonly seller: Area;
  readonly buyerOrigin: AssetArea;
  readonly sellerOrigin: AssetArea;
}

/** Sums over trades: kWh and cents, both without the fee of the market where they were made. */
export interface Totals {
  boughtKWh: number;
  soldKWh: number;
  spentCents: number;
  earnedCents: number;
}

interface AreaBase {
  readonly uuid: string;
  readonly name: string;
  readonly external: boolean;
  /** The aggregator that has selected it. */
  aggregatorUuid: string | undefined;
  /** How far its registration by name has come; assets change over at the next market slot. */
  registration: 'none' | 'arriving' | 'connected' | 'leaving';
}

/** An area with a market. */
export interface MarketArea extends AreaBase {
  readonly kind: 'market';
  readonly parent: MarketArea | undefined;
  readonly depth: number;
  readonly children: Area[];
  /** The fee now configured, cents/kWh; it takes effect with the next slot. */
  fee: number | undefined;
  /** The fee of the running slot. */
  slotFee: number;
  readonly bids: Set<Order>;
  readonly offers: Set<Order>;
  /** Of the running slot. */
  trades: Trade[];
  /** Of the last finished slot; undefined before there is one. */
  last: { readonly trades: readonly Trade[]; readonly fee: number } | undefined;
  /** What its children traded in it. */
  readonly accumulated: Totals;
  /** What its own agent traded in it, for the world outside. */
  readonly beyond: Totals;
}

/** What an asset traded in a slot: energy both ways together, and the price of it with the market's fee. */
export interface SlotFigures {
  energyKWh: number;
  costCents: number;
}

/** An asset: a leaf. */
export interface AssetArea extends AreaBase {
  readonly kind: 'asset';
  readonly parent: MarketArea;
  readonly spec: AssetSpec;
  readonly energy: Energy;
  readonly bids: Set<Order>;
  readonly offers: Set<Order>;
  /** The ids of its offers that were traded in full in the running slot. */
  readonly tradedOfferIds: Set<string>;
  slot: SlotFigures;
  lastSlot: SlotFigures;
  /** Up to the last finished slot. */
  readonly bill: Totals & { feesCents: number };
  /** What it needed and produced in all slots so far, kWh. */
  demandKWh: number;
  productionKWh: number;
}

/** What stands in the grid: markets, and assets as their leaves. */
export type Area = MarketArea | AssetArea;

/** Every area of a community, made ready to trade; parents stand before their children. */
export interface Grid {
  readonly root: MarketArea;
  readonly markets: readonly MarketArea[];
  readonly assets: readonly AssetArea[];
  readonly byUuid: ReadonlyMap<string, Area>;
}

/** The open orders of one side, in a market or of an asset, oldest first. */
export const ordersOf = (place: Pick<Area, 'bids' | 'offers'>, side: Order['side']): Set<Order> =>
  side === 'bid' ? place.bids : place.offers;

/** The asset's own order that this one is, or is at last a copy of. */
export const rootOf = (order: Order): Order => (order.source === undefined ? order : rootOf(order.source));

/** The totals of nothing. */
const emptyTotals = (): Totals => ({ boughtKWh: 0, soldKWh: 0, spentCents: 0, earnedCents: 0 });

/** The grid of a community. The uuid of an area comes from its path alone, so it is the same in every run. */
export const buildGrid = (community: Community): Grid => {
  const areas: Area[] = [];
  const root = marketArea(community, community.grid, undefined, '', areas);
  return {
    root,
    markets: areas.filter((area) => area.kind === 'market'),
    assets: areas.filter((area) => area.kind === 'asset'),
    byUuid: new Map(areas.map((area) => [area.uuid, area])),
  };
};

const AREAS = '6b0d8c1e-5c44-5d5c-9d0b-3f8a2b7c1e60';

const marketArea = (
  community: Community,
  spec: AreaSpec,
  parent: MarketArea | undefined,
  parentPath: string,
  areas: Area[],
): MarketArea => {
  const path = pathBelow(parentPath, spec.name);
  const area: MarketArea = {
    ...base(path, spec.name, spec.external ?? true),
    kind: 'market',
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    children: [],
    fee: spec.gridFee,
    slotFee: spec.gridFee ?? 0,
    bids: new Set(),
    offers: new Set(),
    trades: [],
    last: undefined,
    accumulated: emptyTotals(),
    beyond: emptyTotals(),
  };
  areas.push(area);
  for (const child of spec.areas ?? []) area.children.push(marketArea(community, child, area, path, areas));
  for (const child of spec.assets ?? []) {
    const asset = assetArea(community, child, area, path);
    areas.push(asset);
    area.children.push(asset);
  }
  return area;
};

const assetArea = (
  community: Community,
  spec: AssetSpec,
  parent: MarketArea,
  parentPath: string,
): AssetArea => ({
  ...base(
    pathBelow(parentPath, spec.name),
    spec.name,
    spec.type !== 'market-maker' && (spec.external ?? true),
  ),
  kind: 'asset',
  parent,
  spec,
  energy: energyOf(spec, community.slotLengthMinutes),
  bids: new Set(),
  offers: new Set(),
  tradedOfferIds: new Set(),
  slot: { energyKWh: 0, costCents: 0 },
  lastSlot: { energyKWh: 0, costCents: 0 },
  bill: { ...emptyTotals(), feesCents: 0 },
  demandKWh: 0,
  productionKWh: 0,
});

/** Slashes inside names are told from those between them (as in a JSON pointer). */
const pathBelow = (parentPath: string, name: string): string =>
  `${parentPath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const base = (path: string, name: string, external: boolean): AreaBase & { registration: 'none' } => ({
  uuid: uuidV5(path, AREAS),
  name,
  external,
  aggregatorUuid: undefined,
  registration: 'none',
});
