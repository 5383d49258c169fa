import type { Area, MarketArea, MarketType, Order, Trade } from './areas.ts';
import type { Book, BookKeeping } from './book.ts';
import { preferencesLeft, type Terms } from './preferences.ts';

/** Two orders that met, and the trades that this made: from the buyer's market to the seller's. */
export interface Deal {
  readonly bid: Order;
  readonly offer: Order;
  readonly bidResidual: Order | undefined;
  readonly offerResidual: Order | undefined;
  readonly trades: readonly Trade[];
  /** Whether the bid was no order, but a buyer's wish in a one-sided market. */
  readonly oneSided: boolean;
}

/** The moment at which trades are made, and which slot's energy it is about. */
export interface Moment {
  readonly marketType: MarketType;
  readonly slot: string;
  readonly timeMs: number;
}

/** Two orders that have come to terms. */
export interface Agreement {
  readonly bid: Order;
  readonly offer: Order;
  readonly terms: Terms;
  /** cents/kWh in the market where they met. */
  readonly rate: number;
}

/** Fills two orders. The buyer pays what the rate comes to in its own market; each market on the way takes its fee. */
export const settle = (book: Book, keeping: BookKeeping, agreement: Agreement, moment: Moment): Deal => {
  const { bid, offer, terms } = agreement;
  const { energyKWh, bidNeed, offerNeed } = terms;
  const trades = tradesOf(keeping, agreement, moment);
  return {
    bid,
    offer,
    bidResidual: book.fill(bid, energyKWh, preferencesLeft(bid.preferences, bidNeed, energyKWh)),
    offerResidual: book.fill(offer, energyKWh, preferencesLeft(offer.preferences, offerNeed, energyKWh)),
    trades,
    oneSided: keeping.oneSided,
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

const tradesOf = (
  { random, fees, floor }: BookKeeping,
  { bid, offer, terms, rate }: Agreement,
  { marketType, slot, timeMs }: Moment,
): readonly Trade[] => {
  const path = hops(bid, offer);
  const tolls = fees.along(
    fees.paidBy(bid, rate),
    path.map(({ market }) => floor.feeOf(market)),
  );
  return path.map(({ market, buyer, seller }, index) => ({
    id: random.uuid(),
    market,
    marketType,
    slot,
    timeMs,
    rate: tolls[index]?.rate ?? 0,
    feeRate: tolls[index]?.feeRate ?? 0,
    energyKWh: terms.energyKWh,
    buyer,
    seller,
    buyerOrigin: bid.origin,
    sellerOrigin: offer.origin,
  }));
};
