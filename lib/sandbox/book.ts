import { ordersOf, type Area, type AssetArea, type MarketArea, type Order } from './areas.ts';
import type { Random } from './random.ts';

/** Orders smaller than this are not worth a residual, and rates closer than this are equal (as in the exchange). */
export const TOLERANCE = 1e-5;
/** An order must stand in a market for so many ticks before an agent carries it on. */
const FORWARD_AFTER_TICKS = 2;

/** All orders of the running slot. It keeps them in step wherever they were forwarded to. */
export interface Book {
  /** Puts an asset's order into its market. `rate` is without the market's fee. */
  post(asset: AssetArea, side: Order['side'], rate: number, energyKWh: number): Order;
  /** Takes an order away, with all its copies. */
  withdraw(order: Order): void;
  /** Takes energy off an order, its source and theirs; what is left goes on under new ids. */
  fill(order: Order, energyKWh: number): Order | undefined;
  /** Carries on what has stood long enough in its market; to be called once in each tick. */
  forward(): void;
  /** The markets that got an order since this was called last. */
  takeChanged(): readonly MarketArea[];
  /** Drops everything: the slot is over. */
  clear(): void;
}

/** An empty book. */
export const openBook = (random: Random): Book => {
  let tick = 0;
  /** What is to be carried on, by the tick in which it is due. */
  let due = new Map<number, Order[]>();
  let changed = new Set<MarketArea>();
  let markets = new Set<MarketArea>();

  const stand = (
    side: Order['side'],
    market: MarketArea,
    trader: Area,
    origin: AssetArea,
    rate: number,
    energyKWh: number,
    source: Order | undefined,
  ): Order => ({
    id: random.uuid(),
    side,
    market,
    trader,
    origin,
    rate,
    energyKWh,
    source,
    copies: [],
    open: true,
  });

  const insert = (order: Order, sinceTick: number): Order => {
    ordersOf(order.market, order.side).add(order);
    if (order.source === undefined) ordersOf(order.origin, order.side).add(order);
    markets.add(order.market);
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
    ordersOf(order.market, order.side).delete(order);
    if (order.source === undefined) ordersOf(order.origin, order.side).delete(order);
  };

  const withdraw = (order: Order): void => {
    remove(order);
    for (const copy of order.copies) if (copy.open) withdraw(copy);
  };

  const carry = (order: Order): void => {
    const { market } = order;
    if (market.parent !== undefined) copyInto(order, market.parent, market);
    for (const child of market.children) if (child.kind === 'market') copyInto(order, child, child);
  };

  /** Never back to where it came from, never twice, never below zero. */
  const copyInto = (order: Order, market: MarketArea, agent: MarketArea): void => {
    if (order.source?.market === market) return;
    if (order.copies.length > 0 && order.copies.some((copy) => copy.open && copy.market === market)) return;
    const rate = order.side === 'bid' ? order.rate - order.market.slotFee : order.rate + market.slotFee;
    if (rate < 0) return;
    const { side, origin, energyKWh } = order;
    order.copies.push(offerToMarket(stand(side, market, agent, origin, rate, energyKWh, order)));
  };

  /** The order's chain, from its root to itself. */
  const chain = (order: Order): readonly Order[] =>
    order.source === undefined ? [order] : [...chain(order.source), order];

  return {
    post: (asset, side, rate, energyKWh) =>
      offerToMarket(
        stand(
          side,
          asset.parent,
          asset,
          asset,
          side === 'bid' ? rate : rate + asset.parent.slotFee,
          energyKWh,
          undefined,
        ),
      ),
    withdraw,
    fill: (order, energyKWh) => {
      const orders = chain(order);
      const [root] = orders;
      if (root !== undefined) withdraw(root);
      const leftKWh = order.energyKWh - energyKWh;
      if (leftKWh <= TOLERANCE) return undefined;
      let source: Order | undefined;
      for (const filled of orders) {
        const residual: Order = {
          ...filled,
          id: random.uuid(),
          energyKWh: leftKWh,
          source,
          copies: [],
          open: true,
        };
        source?.copies.push(residual);
        // Its age counts from the tick in which it was matched, which `forward` has left behind already.
        source = insert(residual, tick - 1);
      }
      return source;
    },
    forward: () => {
      const orders = due.get(tick) ?? [];
      due.delete(tick);
      for (const order of orders) if (order.open) carry(order);
      tick += 1;
    },
    takeChanged: () => {
      const taken = [...changed];
      changed = new Set();
      return taken;
    },
    clear: () => {
      for (const market of markets) {
        for (const order of [...market.bids, ...market.offers]) remove(order);
      }
      markets = new Set();
      changed = new Set();
      due = new Map();
    },
  };
};
