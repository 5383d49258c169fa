import { type MarketArea, type Order, type Stand } from './areas.ts';

/**
 * Orders that agents have carried to the door of the markets at the bottom of the grid, and no further. A market without
 * areas below it passes nothing on, so what cannot trade there need not stand there: with a copy of every order in every
 * home, a thousand homes would cost a million copies.
 */
export interface Reserve {
  /** Takes an order that could be carried from its market into those at the bottom below it. */
  add(order: Order, arrived: number): void;
  /** The markets at the bottom that got something to choose from since this was asked last. */
  takeStirred(): readonly MarketArea[];
  /** The orders that could trade in a market with what stands there, by the rates that they would have there. */
  wantedIn(market: MarketArea, stand: Stand, rateThere: RateThere): readonly Ready[];
  /** Whether there is an open order of a side that a market could have. */
  holdsFor(market: MarketArea, side: Order['side']): boolean;
  clear(): void;
}

/** The markets below a market: those that have areas below them again, and those that have not. */
export interface Below {
  readonly nested: readonly MarketArea[];
  readonly bottom: readonly MarketArea[];
}

/** Sorts the markets below a market. */
export const marketsBelow = ({ children }: MarketArea): Below => {
  const markets = children.filter((child) => child.kind === 'market');
  const hasMarkets = (market: MarketArea): boolean => market.children.some(({ kind }) => kind === 'market');
  return {
    nested: markets.filter(hasMarkets),
    bottom: markets.filter((market) => !hasMarkets(market)),
  };
};

/** The orders of one side that stand in one market, the highest rates first once they are sorted. */
interface Shelf {
  ready: Ready[];
  sorted: boolean;
}

/** What the rate of an order would be in another market. */
export type RateThere = (order: Order) => number;

/** An order at the door, and when it came there. */
export interface Ready {
  readonly order: Order;
  readonly arrived: number;
}

/** An empty reserve. */
export const openReserve = (
  bottomOf: (market: MarketArea) => readonly MarketArea[],
  tolerance: number,
): Reserve => {
  const shelves = { bid: new Map<MarketArea, Shelf>(), offer: new Map<MarketArea, Shelf>() };
  let stirred = new Set<MarketArea>();

  const sortedIn = (market: MarketArea, side: Order['side']): readonly Ready[] => {
    const shelf = shelves[side].get(market);
    if (shelf === undefined) return [];
    if (!shelf.sorted) {
      // Those of one rate stay in the order in which they came.
      shelf.ready = shelf.ready
        .filter(({ order }) => order.open)
        .sort((one, other) => other.order.rate - one.order.rate);
      shelf.sorted = true;
    }
    return shelf.ready;
  };

  return {
    add: (order, arrived) => {
      const shelf = shelves[order.side].get(order.market);
      const ready = { order, arrived };
      if (shelf === undefined) shelves[order.side].set(order.market, { ready: [ready], sorted: true });
      else {
        shelf.ready.push(ready);
        shelf.sorted = false;
      }
      stirred.add(order.market);
    },
    takeStirred: () => {
      const markets = [...stirred].flatMap(bottomOf);
      stirred = new Set();
      return markets;
    },
    wantedIn: (market, stand, rateThere) => {
      const { parent } = market;
      if (parent === undefined) return [];
      const choice = { market, rateThere, tolerance };
      const offers = wanted('offer', stand.bids, { ready: sortedIn(parent, 'offer'), ...choice });
      const bids = wanted('bid', stand.offers, { ready: sortedIn(parent, 'bid'), ...choice });
      return bids.length === 0 ? offers : [...offers, ...bids];
    },
    holdsFor: (market, side) =>
      market.parent !== undefined &&
      (shelves[side].get(market.parent)?.ready.some(({ order }) => isFor(order, market)) ?? false),
    clear: () => {
      shelves.bid.clear();
      shelves.offer.clear();
      stirred = new Set();
    },
  };
};

const isFor = ({ open, source }: Order, market: MarketArea): boolean => open && source?.market !== market;

interface Choice {
  readonly ready: readonly Ready[];
  readonly market: MarketArea;
  readonly rateThere: RateThere;
  readonly tolerance: number;
}

/**
 * Both sides are matched from the highest rate down, so an order gets to none behind those that come to the energy of
 * all that stand with it: what it can trade begins at its own rate for a bid, at the highest for an offer.
 */
const wanted = (side: Order['side'], standing: ReadonlySet<Order>, choice: Choice): readonly Ready[] => {
  const { ready, market, rateThere, tolerance } = choice;
  const best = (side === 'offer' ? ready.at(-1) : ready[0])?.order;
  if (best === undefined || standing.size === 0) return NONE;
  const limit = rateThere(best);
  const opposite: Order[] = [];
  for (const order of standing) {
    const meets = side === 'offer' ? order.rate + tolerance >= limit : limit + tolerance >= order.rate;
    if (meets && order.trader !== market) opposite.push(order);
  }
  if (opposite.length === 0) return NONE;
  const enoughKWh = opposite.reduce((sum, { energyKWh }) => sum + energyKWh, 0);
  const found = new Set<Ready>();
  for (const { rate } of opposite) {
    const first = side === 'offer' ? firstBelow(choice, rate + tolerance) : 0;
    let energyKWh = 0;
    for (let at = first; at < ready.length && energyKWh < enoughKWh; at++) {
      const one = ready[at];
      if (one === undefined || (side === 'bid' && rateThere(one.order) + tolerance < rate)) break;
      if (!isFor(one.order, market)) continue;
      found.add(one);
      energyKWh += one.order.energyKWh;
    }
  }
  return [...found];
};

const NONE: readonly Ready[] = [];

/** Where in falling rates those begin that are no higher than a limit. */
const firstBelow = ({ ready, rateThere }: Choice, limit: number): number => {
  let [low, high] = [0, ready.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = ready[middle];
    if (one !== undefined && rateThere(one.order) > limit) low = middle + 1;
    else high = middle;
  }
  return low;
};
