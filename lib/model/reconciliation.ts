import type { Bid, Offer } from './commands.ts';

/** An order that stands in the market, or stood there. */
export interface StandingOrder {
  readonly side: 'bid' | 'offer';
  readonly areaUuid: string;
  readonly id: string;
  readonly energyKWh: number;
  /** The whole price; an offer's with the market's fee. */
  readonly priceCents: number;
  /** The slot whose energy it is, `YYYY-MM-DDTHH:mm`, UTC. */
  readonly slot: string;
}

/** An order that was found in the market. */
export interface FoundOrder extends StandingOrder {
  /** The command that it most likely came of, where one of this client is without its reply: it was not in vain. */
  readonly command?: Bid | Offer;
}

/**
 * Why the exchange was asked: this client came back to an aggregator that was there already, its connection had a gap,
 * or the exchange itself had been started anew.
 */
export type ReconciliationCause = 'restart' | 'gap' | 'returned';

/** What has changed in the market of the running slot while this client could not hear of it. */
export interface Reconciliation {
  readonly cause: ReconciliationCause;
  /** The slot that ran when the exchange was asked. */
  readonly slot: string;
  /** Open orders that this client did not know of. */
  readonly found: readonly FoundOrder[];
  /** Orders that this client knew of and that are no longer there: traded, deleted, or ended with their slot. */
  readonly gone: readonly StandingOrder[];
  /** How many orders stand as this client knew them. */
  readonly kept: number;
  /** The assets of whose orders the exchange did not tell everything. */
  readonly untold: readonly string[];
}
