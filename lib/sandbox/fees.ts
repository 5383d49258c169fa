import type { FeeUnit } from '../model/grid.ts';
import type { Order } from './areas.ts';

/** What a trade costs in one market on its way: the rate there, and the market's own part of it, cents/kWh. */
export interface Toll {
  readonly rate: number;
  readonly feeRate: number;
}

/** How a community's grid fees work: in cents/kWh, or in percent of what the seller gets. */
export interface Fees {
  /** A fee as it counts in a slot: cents/kWh, or a share (0.04 for 4 percent). */
  inForce(configured: number | undefined): number;
  /** What a fee adds to an offer that enters its market, and takes off a bid that leaves it, cents/kWh. */
  on(originalRate: number, fee: number): number;
  /** What the buyer pays for each kWh when its bid, or a copy of it, trades at this rate. */
  paidBy(bid: Order, rate: number): number;
  /** The markets' rates and fees from the buyer's to the seller's, by the fees in force in them. */
  along(paidRate: number, fees: readonly number[]): readonly Toll[];
  /** What a seller may ask who is to get by at this rate in a market with all these fees before it; 0 at least. */
  net(rate: number, fees: readonly number[]): number;
  /** What a buyer must pay for what costs this rate before all these fees. */
  gross(rate: number, fees: readonly number[]): number;
}

/** The fees of a community. */
export const feesIn = (unit: FeeUnit): Fees => (unit === 'percent' ? PERCENT : CONSTANT);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const CONSTANT: Fees = {
  inForce: (cents) => cents ?? 0,
  on: (_, cents) => cents,
  paidBy: (bid, rate) => bid.originalRate + (rate - bid.rate),
  along: (paidRate, fees) => {
    let rate = paidRate;
    return fees.map((cents) => {
      const toll = { rate, feeRate: cents };
      rate -= cents;
      return toll;
    });
  },
  net: (rate, fees) => Math.max(0, rate - sum(fees)),
  gross: (rate, fees) => rate + sum(fees),
};

/** Every market takes its share of the same sum, what the seller gets, so fees are not put on fees. */
const PERCENT: Fees = {
  inForce: (percent) => (percent ?? 0) / 100,
  on: (originalRate, share) => originalRate * share,
  paidBy: (bid, rate) => {
    if (rate === bid.rate) return bid.originalRate;
    return bid.source === undefined ? rate : (bid.originalRate * rate) / bid.rate;
  },
  along: (paidRate, fees) => {
    let shares = sum(fees);
    const revenue = paidRate / (1 + shares);
    return fees.map((share) => {
      const toll = { rate: revenue * (1 + shares), feeRate: revenue * share };
      shares -= share;
      return toll;
    });
  },
  net: (rate, fees) => rate / (1 + sum(fees)),
  gross: (rate, fees) => rate * (1 + sum(fees)),
};
