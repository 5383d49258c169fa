import type { OrderAttributes, OrderRequirement } from '../model/commands.ts';
import type { AssetSpec } from './community.ts';
import type { Energy } from './energy.ts';
import type { MakerRates } from './makerRates.ts';
import type { Naming } from './naming.ts';

/** A slot's energy is traded while the slot runs, and where a community has it so, before and after. */
export type MarketType = 'spot' | 'future' | 'settlement';

/** The open orders of one slot in a market or of an asset, oldest first. */
export interface Stand {
  readonly bids: Set<Order>;
  readonly offers: Set<Order>;
}

/** What an order asks of whom it meets, and what it is itself (degrees of freedom). */
export interface Preferences {
  readonly attributes?: OrderAttributes;
  /** One satisfied is enough; without any, everybody will do. */
  readonly requirements?: readonly OrderRequirement[];
}

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
  /** What the asset pays or gets per kWh when it trades at its own limit: no fee is in it. */
  readonly originalRate: number;
  readonly energyKWh: number;
  readonly preferences: Preferences;
  /** The order that this one is a copy of. */
  readonly source: Order | undefined;
  copies: Order[];
  /** Which of two came to its market first: the smaller number. */
  readonly arrived: number;
  open: boolean;
}

/** One exchange of energy as one market saw it: a deal between distant assets is one trade in each market between. */
export interface Trade {
  readonly id: string;
  readonly market: MarketArea;
  readonly marketType: MarketType;
  /** The slot whose energy it is, `YYYY-MM-DDTHH:mm`. */
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

/** What markets and assets have in common. */
export interface AreaBase {
  readonly uuid: string;
  readonly name: string;
  /** What its own channels begin with. */
  readonly channelName: string;
  readonly external: boolean;
  /** The aggregator that has selected it. */
  aggregatorUuid: string | undefined;
  /** How far its registration by name has come; assets change over at the next market slot. */
  registration: 'none' | 'arriving' | 'connected' | 'leaving';
}

/** An area with a market; the orders are those of the running slot. */
export interface MarketArea extends AreaBase, Stand {
  readonly kind: 'market';
  readonly parent: MarketArea | undefined;
  readonly depth: number;
  readonly children: Area[];
  /** The fee now configured, cents/kWh or percent; it takes effect with the next slot. */
  fee: number | undefined;
  /** The fee of the running slot: cents/kWh, or a share (0.04 for 4 percent). */
  slotFee: number;
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

/** What an asset took from the grid in a past slot, kWh; what it gave counts as negative. */
export interface Delivery {
  /** Bought less sold, in all the slot's markets. */
  tradedKWh: number;
  /** What was measured; undefined as long as nobody has. */
  measuredKWh: number | undefined;
}

/** An asset: a leaf; the orders are its own of the running slot. */
export interface AssetArea extends AreaBase, Stand {
  readonly kind: 'asset';
  readonly parent: MarketArea;
  readonly spec: AssetSpec;
  /** The buyer or seller of its orders as replies tell it: JSON within a JSON string. */
  readonly party: string;
  readonly energy: Energy;
  /** A market maker's rates by slot. */
  readonly makerRates: ((slot: number) => MakerRates) | undefined;
  /** The ids of its offers that were traded in full in the running slot. */
  readonly tradedOfferIds: Set<string>;
  /** By the slots that can still be settled, oldest first; undefined where nothing is settled. */
  deliveries: Map<string, Delivery> | undefined;
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
  readonly naming: Naming;
  readonly root: MarketArea;
  readonly markets: readonly MarketArea[];
  readonly assets: readonly AssetArea[];
  readonly byUuid: ReadonlyMap<string, Area>;
  /** What the grid beyond paid and asked in the last finished slot; nothing before there is one. */
  lastRates: MakerRates;
}

/** The open orders of one side, in a market or of an asset, oldest first. */
export const ordersOf = (stand: Stand, side: Order['side']): Set<Order> =>
  side === 'bid' ? stand.bids : stand.offers;

/** The asset's own order that this one is, or is at last a copy of. */
export const rootOf = (order: Order): Order => (order.source === undefined ? order : rootOf(order.source));

/** What the grid beyond pays and asks in a slot: it buys below the root alone, and sells wherever it stands. */
export const ratesIn = ({ root, assets }: Pick<Grid, 'root' | 'assets'>, slot: number): MakerRates => {
  const makers = assets.filter(({ makerRates }) => makerRates !== undefined);
  const bus = makers.find(({ parent, spec }) => parent === root && 'buyRate' in spec);
  return {
    buyRate: bus?.makerRates?.(slot).buyRate ?? null,
    sellRate: (bus ?? makers[0])?.makerRates?.(slot).sellRate ?? null,
  };
};
