import { ordersOf, type AssetArea, type MarketArea, type Order, type Preferences } from './areas.ts';
import type { Fees } from './fees.ts';
import type { Floor } from './floor.ts';
import type { Random } from './random.ts';
import { marketsBelow, openReserve, type Below } from './reserve.ts';

/** Orders smaller than this are not worth a residual, and rates closer than this are equal (as in the exchange). */
export const TOLERANCE = 1e-5;
/** An order must stand in a market for so many ticks before an agent carries it on. */
const FORWARD_AFTER_TICKS = 2;

/** What a book is kept with. */
export interface BookKeeping {
  readonly random: Random;
  readonly fees: Fees;
  readonly floor: Floor;
  /** In one-sided markets buyers go to the offers: their wishes stay where they are. */
  readonly oneSided: boolean;
  /** Whether markets at the bottom get only what can trade there, which must make no difference to what does. */
  readonly sparing: boolean;
}

/** All orders of one slot. It keeps them in step wherever they were forwarded to. */
export interface Book extends Floor {
  /** Puts an asset's order into its market. `rate` is without the market's fee. */
  post(
    asset: AssetArea,
    side: Order['side'],
    rate: number,
    energyKWh: number,
    preferences?: Preferences,
  ): Order;
  /** Takes an order away, with all its copies. */
  withdraw(order: Order): void;
  /** Takes energy off an order, its source and theirs; what is left goes on under new ids, with these preferences. */
  fill(order: Order, energyKWh: number, preferences: Preferences): Order | undefined;
  /** What an order's rate would be where it stands if its owner had set this one. */
  rateOf(order: Order, originalRate: number): number;
  /** Carries on what has stood long enough in its market; to be called once in each tick. */
  forward(): void;
  /** The markets that got an order since this was called last, or could be brought one. */
  takeChanged(): readonly MarketArea[];
  /** Brings into a market what could trade with what stands there; to be called before its orders are matched. */
  bring(market: MarketArea): void;
  /** Whether an order of a side stands in a market, or could be brought there. */
  holds(market: MarketArea, side: Order['side']): boolean;
  /** Drops everything: the slot is over. */
  clear(): void;
}

const NONE: Preferences = {};
/** Most orders have one copy or none, and to push to an empty array makes room for seventeen. */
const NO_COPIES: Order[] = [];
const addCopy = (order: Order, copy: Order): void => {
  if (order.copies === NO_COPIES) order.copies = [copy];
  else order.copies.push(copy);
};

/** An empty book. */
export const openBook = ({ random, fees, floor, oneSided, sparing }: BookKeeping): Book => {
  const below = new Map<MarketArea, Below>();
  const belowOf = (market: MarketArea): Below => {
    const known = below.get(market) ?? marketsBelow(market);
    below.set(market, known);
    return known;
  };
  const reserve = openReserve((market) => belowOf(market).bottom, TOLERANCE);
  let tick = 0;
  let arrivals = 0;
  const arrival = (): number => (arrivals += 1);
  /** What is to be carried on, by the tick in which it is due. */
  let due = new Map<number, Order[]>();
  let changed = new Set<MarketArea>();
  let markets = new Set<MarketArea>();

  const insert = (order: Order, sinceTick: number): Order => {
    ordersOf(floor.at(order.market), order.side).add(order);
    if (order.source === undefined) ordersOf(floor.at(order.origin), order.side).add(order);
    markets.add(order.market);
    if (oneSided && order.side === 'bid') return order;
    const at = sinceTick + FORWARD_AFTER_TICKS;
    const waiting = due.get(at);
    if (waiting === undefined) due.set(at, [order]);
    else waiting.push(order);
    return order;
  };

  const offerToMarket = (order: Order): Order => {
    changed.add(order.market);
    return insert(order, tick);
  };

  const remove = (order: Order): void => {
    order.open = false;
    ordersOf(floor.at(order.market), order.side).delete(order);
    if (order.source === undefined) ordersOf(floor.at(order.origin), order.side).delete(order);
  };

  const withdraw = (order: Order): void => {
    remove(order);
    for (const copy of order.copies) if (copy.open) withdraw(copy);
  };

  const carry = (order: Order): void => {
    const { market } = order;
    if (market.parent !== undefined) copyInto(order, market.parent, market);
    const { nested, bottom } = belowOf(market);
    for (const child of nested) copyInto(order, child, child);
    if (sparing && bottom.length > 0) reserve.add(order, arrival());
    else for (const child of bottom) copyInto(order, child, child);
  };

  /** A bid leaves a market without its fee, an offer enters one with it. */
  const carriedRate = (order: Order, rate: number, market: MarketArea, originalRate: number): number =>
    order.side === 'bid'
      ? rate - fees.on(originalRate, floor.feeOf(order.market))
      : rate + fees.on(originalRate, floor.feeOf(market));

  /** Written out, since there are hundreds of thousands a day: to spread an order takes several times as long. */
  const another = (
    { side, origin, originalRate }: Order,
    market: MarketArea,
    trader: Order['trader'],
    rate: number,
    energyKWh: number,
    preferences: Preferences,
    source: Order | undefined,
    arrived: number,
  ): Order => ({
    id: random.uuid(),
    side,
    market,
    trader,
    origin,
    rate,
    originalRate,
    energyKWh,
    preferences,
    source,
    copies: NO_COPIES,
    arrived,
    open: true,
  });

  /** Never back to where it came from, never twice, never below zero. */
  const copyInto = (order: Order, market: MarketArea, agent: MarketArea, arrived = arrival()): void => {
    if (order.source?.market === market) return;
    if (order.copies.length > 0 && order.copies.some((copy) => copy.open && copy.market === market)) return;
    const rate = carriedRate(order, order.rate, market, order.originalRate);
    if (rate < 0) return;
    const copy = another(order, market, agent, rate, order.energyKWh, order.preferences, order, arrived);
    addCopy(order, offerToMarket(copy));
  };

  const postedRate = (side: Order['side'], market: MarketArea, originalRate: number): number =>
    side === 'bid' ? originalRate : originalRate + fees.on(originalRate, floor.feeOf(market));

  const rateOf = (order: Order, originalRate: number): number => {
    const { source, side, market } = order;
    return source === undefined
      ? postedRate(side, market, originalRate)
      : carriedRate(source, rateOf(source, originalRate), market, originalRate);
  };

  /** The order's chain, from its root to itself. */
  const chain = (order: Order): readonly Order[] =>
    order.source === undefined ? [order] : [...chain(order.source), order];

  return {
    ...floor,
    post: (asset, side, rate, energyKWh, preferences = NONE) =>
      offerToMarket({
        id: random.uuid(),
        side,
        market: asset.parent,
        trader: asset,
        origin: asset,
        rate: postedRate(side, asset.parent, rate),
        originalRate: rate,
        energyKWh,
        preferences,
        source: undefined,
        copies: NO_COPIES,
        arrived: arrival(),
        open: true,
      }),
    withdraw,
    fill: (order, energyKWh, preferences) => {
      const orders = chain(order);
      const [root] = orders;
      if (root !== undefined) withdraw(root);
      const leftKWh = order.energyKWh - energyKWh;
      if (leftKWh <= TOLERANCE) return undefined;
      let source: Order | undefined;
      for (const filled of orders) {
        const { market, trader, rate } = filled;
        const residual = another(filled, market, trader, rate, leftKWh, preferences, source, arrival());
        if (source !== undefined) addCopy(source, residual);
        // Its age counts from the tick in which it was matched, which `forward` has left behind already.
        source = insert(residual, tick - 1);
      }
      return source;
    },
    rateOf,
    forward: () => {
      const orders = due.get(tick) ?? [];
      due.delete(tick);
      for (const order of orders) if (order.open) carry(order);
      tick += 1;
    },
    takeChanged: () => {
      for (const market of reserve.takeStirred()) {
        const { bids, offers } = floor.at(market);
        if (bids.size > 0 || offers.size > 0) changed.add(market);
      }
      const taken = [...changed];
      changed = new Set();
      return taken;
    },
    bring: (market) => {
      const wanted = reserve.wantedIn(market, floor.at(market), (order) =>
        carriedRate(order, order.rate, market, order.originalRate),
      );
      for (const { order, arrived } of wanted) copyInto(order, market, market, arrived);
    },
    holds: (market, side) => ordersOf(floor.at(market), side).size > 0 || reserve.holdsFor(market, side),
    clear: () => {
      for (const market of markets) {
        const { bids, offers } = floor.at(market);
        for (const order of [...bids, ...offers]) remove(order);
      }
      markets = new Set();
      changed = new Set();
      due = new Map();
      reserve.clear();
    },
  };
};
