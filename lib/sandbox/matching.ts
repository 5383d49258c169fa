import type { MarketArea, Order } from './areas.ts';
import { TOLERANCE, type Book, type BookKeeping } from './book.ts';
import type { SpotMarketType } from './community.ts';
import { settle, type Deal, type Moment } from './deals.ts';
import { isFree, termsOf, type Terms } from './preferences.ts';
import type { Random } from './random.ts';

/** Makes the deals that are to be made in a market between the orders that stand there. */
export type Match = (market: MarketArea, moment: Moment) => readonly Deal[];

/** The matching of one kind of market. */
export const matcher = (type: SpotMarketType, book: Book, keeping: BookKeeping): Match => {
  const roundOf = ROUNDS[type];
  return (market, moment) => {
    const { bids, offers } = book.at(market);
    if (!(highest(bids) + TOLERANCE >= lowest(offers))) return [];
    const round = roundOf([...bids], [...offers], book, keeping.random);
    return agreeAll(book, round, (agreement) => settle(book, keeping, agreement, moment));
  };
};

/** Who goes to whom, in which order, and at what rate they trade; where there is no rate they do not. */
interface Round {
  readonly first: readonly Order[];
  /** The best ones first: where one does not fit, those after it do not either. */
  readonly then: Order[];
  readonly rateOf: (terms: Terms) => number | undefined;
}

type RoundOf = (bids: Order[], offers: Order[], book: Book, random: Random) => Round;

const byFallingRate = (one: Order, other: Order): number =>
  other.rate - one.rate || one.arrived - other.arrived;
const byRisingRate = (one: Order, other: Order): number =>
  one.rate - other.rate || one.arrived - other.arrived;

/** Offers by falling rate, and to each the bids by falling rate, as the exchange does it. Buyers pay their bids. */
const payAsBid: RoundOf = (bids, offers) => ({
  first: offers.sort(byFallingRate),
  then: bids.sort(byFallingRate),
  rateOf: ({ bidRate }) => bidRate,
});

/** The highest bids meet the lowest offers, all at the rate at which the two curves cross. */
const payAsClear: RoundOf = (bids, offers, book) => {
  const [first, then] = [...bids, ...offers].every(isFree) ? [bids, offers] : suited(bids, offers, book);
  first.sort(byFallingRate);
  then.sort(byRisingRate);
  const rate = clearingRate(first, then);
  return {
    first,
    then,
    rateOf: ({ bidRate, offerRate }) =>
      bidRate + TOLERANCE >= rate && offerRate <= rate + TOLERANCE ? rate : undefined,
  };
};

/** Who finds nobody that will do has no part in the curves. */
const suited = (bids: readonly Order[], offers: readonly Order[], book: Book) => {
  const suits = (bid: Order, offer: Order): boolean => termsOf(book, bid, offer) !== undefined;
  return [
    bids.filter((bid) => offers.some((offer) => suits(bid, offer))),
    offers.filter((offer) => bids.some((bid) => suits(bid, offer))),
  ] as const;
};

/** Buyers, in an order drawn by lot, take the cheapest offers that they can pay, and pay what is asked. */
const payAsOffer: RoundOf = (bids, offers, _, random) => ({
  first: random.shuffled(bids),
  then: offers.sort(byRisingRate),
  rateOf: ({ offerRate }) => offerRate,
});

const ROUNDS: Readonly<Record<SpotMarketType, RoundOf>> = {
  'two-sided-pay-as-bid': payAsBid,
  'two-sided-pay-as-clear': payAsClear,
  'one-sided-pay-as-offer': payAsOffer,
};

/**
 * The lowest rate at which no more is asked for than offered: that of the dearest offer that is needed, or of the first
 * bid that gets less than it asks for, if that is higher. Bids fall, offers rise.
 */
const clearingRate = (bids: readonly Order[], offers: readonly Order[]): number => {
  let [atBid, atOffer] = [0, 0];
  let [bid, offer] = [bids[0], offers[0]];
  let [bidKWh, offerKWh] = [bid?.energyKWh ?? 0, offer?.energyKWh ?? 0];
  let [least, most] = [0, Infinity];
  while (bid !== undefined && offer !== undefined && bid.rate + TOLERANCE >= offer.rate) {
    [least, most] = [offer.rate, bid.rate];
    const energyKWh = Math.min(bidKWh, offerKWh);
    bidKWh -= energyKWh;
    offerKWh -= energyKWh;
    if (bidKWh <= 0) {
      bid = bids[++atBid];
      bidKWh = bid?.energyKWh ?? 0;
    }
    if (offerKWh <= 0) {
      offer = offers[++atOffer];
      offerKWh = offer?.energyKWh ?? 0;
    }
  }
  return Math.min(most, Math.max(least, bid?.rate ?? 0));
};

const highest = (orders: Iterable<Order>): number => {
  let rate = -Infinity;
  for (const order of orders) rate = Math.max(rate, order.rate);
  return rate;
};
const lowest = (orders: Iterable<Order>): number => {
  let rate = Infinity;
  for (const order of orders) rate = Math.min(rate, order.rate);
  return rate;
};

/** Lets each order go on until it is used up; what is left of those it meets takes their places. */
const agreeAll = (
  book: Book,
  { first, then, rateOf }: Round,
  make: (agreement: { bid: Order; offer: Order; terms: Terms; rate: number }) => Deal,
): readonly Deal[] => {
  const deals: Deal[] = [];
  let from = 0;
  for (const start of first) {
    let one: Order | undefined = start;
    while (from < then.length && then[from]?.open !== true) from += 1;
    for (let at = from; at < then.length && one !== undefined; at++) {
      const other = then[at];
      if (other?.open !== true) continue;
      const [bid, offer]: readonly [Order, Order] = one.side === 'bid' ? [one, other] : [other, one];
      if (bid.rate + TOLERANCE < offer.rate) break;
      if (bid.trader === offer.trader) continue;
      const terms = termsOf(book, bid, offer);
      const rate = terms && rateOf(terms);
      if (terms === undefined || rate === undefined) continue;
      const deal = make({ bid, offer, terms, rate });
      deals.push(deal);
      const left: readonly [Order | undefined, Order | undefined] =
        one.side === 'bid' ? [deal.bidResidual, deal.offerResidual] : [deal.offerResidual, deal.bidResidual];
      one = left[0];
      if (left[1] !== undefined) then[at] = left[1];
      // Of both something is left only where a requirement was for a part; another one may do for the rest.
      if (one !== undefined && left[1] !== undefined) at -= 1;
    }
  }
  return deals;
};
