import { rootOf, type Area, type MarketArea, type Order, type Trade } from './areas.ts';
import { TOLERANCE, type Book } from './book.ts';
import type { Random } from './random.ts';

/** Two orders that met, and the trades that this made: from the buyer's market to the seller's. */
export interface Deal {
  readonly bid: Order;
  readonly offer: Order;
  readonly bidResidual: Order | undefined;
  readonly offerResidual: Order | undefined;
  readonly trades: readonly Trade[];
}

/** The moment at which trades are made. */
export interface Moment {
  readonly slot: string;
  readonly timeMs: number;
}

/**
 * Two-sided pay-as-bid, as the exchange does it: offers by falling rate, and to each the bids by falling rate. The
 * buyer pays its bid; each market on the way takes its fee; the seller gets the rest.
 */
export const payAsBid =
  (book: Book, random: Random) =>
  (market: MarketArea, moment: Moment): readonly Deal[] => {
    const [bids, offers] = [[...market.bids], [...market.offers]];
    if (!(highest(bids) + TOLERANCE >= lowest(offers))) return [];
    bids.sort(byFallingRate);
    offers.sort(byFallingRate);
    const deals: Deal[] = [];
    for (const first of offers) {
      let offer: Order | undefined = first;
      for (let at = 0; at < bids.length && offer !== undefined; at++) {
        const bid = bids[at];
        if (bid?.open !== true) continue;
        if (bid.rate + TOLERANCE < offer.rate) break;
        if (bid.trader === offer.trader) continue;
        const deal: Deal = settle(book, random, bid, offer, moment);
        deals.push(deal);
        offer = deal.offerResidual;
        if (deal.bidResidual !== undefined) bids[at] = deal.bidResidual;
      }
    }
    return deals;
  };

const byFallingRate = (one: Order, other: Order): number => other.rate - one.rate;
const highest = (orders: readonly Order[]): number =>
  orders.reduce((rate, order) => Math.max(rate, order.rate), -Infinity);
const lowest = (orders: readonly Order[]): number =>
  orders.reduce((rate, order) => Math.min(rate, order.rate), Infinity);

const settle = (book: Book, random: Random, bid: Order, offer: Order, moment: Moment): Deal => {
  const energyKWh = Math.min(bid.energyKWh, offer.energyKWh);
  const trades = tradesAlong(random, bid, offer, energyKWh, moment);
  return {
    bid,
    offer,
    bidResidual: book.fill(bid, energyKWh),
    offerResidual: book.fill(offer, energyKWh),
    trades,
  };
};

/** Who buys from whom in a market. */
interface Hop {
  readonly market: MarketArea;
  readonly buyer: Area;
  readonly seller: Area;
}

/** From the buyer's market to the seller's, the one where the orders met being one of them. */
const hops = (bid: Order, offer: Order): readonly Hop[] => [
  ...buyingHops(bid),
  { market: bid.market, buyer: bid.trader, seller: offer.trader },
  ...sellingHops(offer),
];

const buyingHops = ({ source, trader }: Order): readonly Hop[] =>
  source === undefined
    ? []
    : [...buyingHops(source), { market: source.market, buyer: source.trader, seller: trader }];

const sellingHops = ({ source, trader }: Order): readonly Hop[] =>
  source === undefined
    ? []
    : [{ market: source.market, buyer: trader, seller: source.trader }, ...sellingHops(source)];

const tradesAlong = (
  random: Random,
  bid: Order,
  offer: Order,
  energyKWh: number,
  { slot, timeMs }: Moment,
): readonly Trade[] => {
  let rate = rootOf(bid).rate;
  return hops(bid, offer).map(({ market, buyer, seller }) => {
    const trade: Trade = {
      id: random.uuid(),
      market,
      slot,
      timeMs,
      rate,
      feeRate: market.slotFee,
      energyKWh,
      buyer,
      seller,
      buyerOrigin: bid.origin,
      sellerOrigin: offer.origin,
    };
    rate -= market.slotFee;
    return trade;
  });
};
