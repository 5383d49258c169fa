import type { Bid } from '../model/commands.ts';
import type { MarketEvent, Trade } from '../model/events.ts';
import type { Accepted, Outcome } from '../model/outcomes.ts';
import { perOrder, type OrderPlace } from './perOrder.ts';

/** What the bids of one asset in one slot may still cost. */
interface Open {
  cents: number;
}

/** Money that has been spent and money that standing bids may still cost, cents; one instance per subscription. */
export class Spending {
  readonly #dayOf: (slot: string) => string;
  readonly #open = perOrder<Open>();
  readonly #openById = new Map<string, Open>();
  #openCents = 0;
  #inSlotCents = 0;
  #inDayCents = 0;
  #day: string | undefined;

  /** Nothing is spent yet; `dayOf` says on which day a slot is. */
  constructor(dayOf: (slot: string) => string) {
    this.#dayOf = dayOf;
  }

  /** What slot and day would come to with this bid. */
  with(bid: Bid): { readonly inSlotCents: number; readonly inDayCents: number } {
    const replaced = bid.replaceExisting ? (this.#open.get(bid)?.cents ?? 0) : 0;
    const open = this.#openCents - replaced + bid.priceCents;
    return { inSlotCents: this.#inSlotCents + open, inDayCents: this.#inDayCents + open };
  }

  /** The bid goes out. Until its reply it is not known which of the two stands, it or the one that it replaces. */
  enterBid(bid: Bid): void {
    const open = this.#openAt(bid);
    const { priceCents, replaceExisting } = bid;
    this.#set(open, replaceExisting ? Math.max(open.cents, priceCents) : open.cents + priceCents);
  }

  hear(heard: MarketEvent | Outcome): void {
    if (heard.kind === 'accepted') this.#conclude(heard);
    if (heard.kind === 'trade' && heard.side !== 'sold') this.#buy(heard);
    if ((heard.kind === 'market-slot' || heard.kind === 'tick') && this.#open.hear(heard))
      this.#enterSlot(heard.slot);
  }

  #enterSlot(slot: string): void {
    this.#openById.clear();
    this.#openCents = [...this.#open.values()].reduce((sum, { cents }) => sum + cents, 0);
    this.#inSlotCents = 0;
    const day = this.#dayOf(slot);
    if (day !== this.#day) this.#inDayCents = 0;
    this.#day = day;
  }

  #buy({ bidId, residualBidId, priceCents }: Trade): void {
    this.#inSlotCents += priceCents;
    this.#inDayCents += priceCents;
    const open = bidId === undefined ? undefined : this.#openById.get(bidId);
    if (open === undefined) return;
    this.#set(open, Math.max(0, open.cents - priceCents));
    if (residualBidId !== undefined) this.#openById.set(residualBidId, open);
  }

  // A reply comes after all trades of what it replaced or deleted have been told.
  #conclude({ command, granted }: Accepted): void {
    if (command.kind === 'delete-bid' && command.orders === 'all') {
      const deleted = this.#open.get({ ...command, kind: 'bid' });
      if (deleted !== undefined) this.#set(deleted, 0);
    }
    if (command.kind !== 'bid' || !('order' in granted)) return;
    const open = this.#openAt(command);
    if (command.replaceExisting) this.#set(open, command.priceCents);
    this.#openById.set(granted.order.id, open);
  }

  #openAt(bid: OrderPlace): Open {
    const open = this.#open.get(bid) ?? { cents: 0 };
    this.#open.set(bid, open);
    return open;
  }

  #set(open: Open, cents: number): void {
    this.#openCents += cents - open.cents;
    open.cents = cents;
  }
}
