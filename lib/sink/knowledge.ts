import { openSettlementSlots } from '../grid/settlement.ts';
import type { Bid, Command, Offer } from '../model/commands.ts';
import type { MarketEvent } from '../model/events.ts';
import type { Grid } from '../model/grid.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { ReconciliationCause } from '../model/reconciliation.ts';
import { orderKey } from '../operators/perOrder.ts';
import type { Writable } from '../wire/checked.ts';
import { knownOffers } from './knownOffers.ts';

/** What the newest events and replies tell of the moment in which a batch goes out. */
export interface Knowledge {
  /** The running slot; undefined before the first event. */
  readonly slot: string | undefined;
  readonly progress: number;
  readonly grid: Grid | undefined;
  readonly finished: boolean;
  /** The time between the last two ticks in the exchange's real time, ms; undefined before two were seen. */
  readonly tickMs: number | undefined;
  /** Whether the newest event lists this past slot as open for settlement. */
  isOpenForSettlement(slot: string): boolean;
  /** Whether this is the id of an offer that was accepted for the area in the running slot and is not replaced. */
  isOpenOffer(areaUuid: string, offerId: string): boolean;
  /** Whether one of the area's offers was traded in full in the running slot, as far as can be told. */
  hasSoldOut(areaUuid: string): boolean;
  /** Whether orders may stand where this one goes that were given before this client was there. */
  meetsStrangers(order: Bid | Offer): boolean;
}

/** The knowledge of one sink, and how it learns. */
export interface Learner extends Knowledge {
  hear(event: MarketEvent, nowMs: number): void;
  /** Something may have happened unheard; until the next event tells it, not even the slot is certain. */
  miss(cause: ReconciliationCause): void;
  /** Just before the command is sent: what it may do away with is no longer certain. */
  sending(command: Command): void;
  conclude(outcome: Outcome): void;
}

/** Starts knowing nothing. */
export const makeLearner = (): Learner => {
  let lastTickAt: number | undefined;
  /** Those of the grid; undefined until somebody asks. */
  let settlementSlots: ReadonlySet<string> | undefined;
  const offers = knownOffers();
  const soldOut = new Set<string>();
  /** Why the running slot was not heard from its beginning to now; undefined where it was. */
  let missed: ReconciliationCause | undefined;
  /** Whether no event has told since then which slot it was. */
  let isMissedSlotUnknown = false;
  /** Where orders of this client went in a running slot in which it was away before. */
  const ordered = new Set<string>();
  /** The questions after offers since which nothing was sent for the area: only their answers tell what stands. */
  const listing = new Map<string, Command>();

  /** Whether this client was not there at all when the running slot began: orders may stand that it never gave. */
  const wasAway = () => missed !== undefined && missed !== 'gap';
  const forgetSlot = () => {
    for (const memory of [offers, soldOut, ordered, listing]) memory.clear();
  };
  const enterSlot = (next: string, opens: boolean) => {
    if (next !== learner.slot) {
      learner.slot = next;
      forgetSlot();
      if (opens || !isMissedSlotUnknown) missed = undefined;
    }
    isMissedSlotUnknown = false;
  };
  const learnSlots = (snapshot: Grid) => {
    learner.grid = snapshot;
    settlementSlots = undefined;
  };
  const hasTraded = (areaUuid: string): boolean => {
    const asset = learner.grid?.byUuid(areaUuid);
    return asset !== undefined && 'energyTradedKWh' in asset && asset.energyTradedKWh > 0;
  };
  // Where something was missed, a refusal may mean that an offer was traded in full unheard, or that none was after all.
  const learnRefusal = (command: Command) => {
    if (missed === undefined || command.kind !== 'offer' || command.timeSlot !== undefined) return;
    if (command.replaceExisting && !soldOut.delete(command.areaUuid)) soldOut.add(command.areaUuid);
  };

  // Fields, for each command asks for some: by getters a literal becomes a dictionary, in which all is looked up.
  const learner: Writable<Learner> = {
    slot: undefined,
    progress: 0,
    grid: undefined,
    finished: false,
    tickMs: undefined,
    isOpenForSettlement: (past) => {
      settlementSlots ??= learner.grid && openSettlementSlots(learner.grid);
      return settlementSlots?.has(past) ?? false;
    },
    isOpenOffer: (areaUuid, offerId) => offers.isStanding(areaUuid, offerId),
    hasSoldOut: (areaUuid) => soldOut.has(areaUuid),
    meetsStrangers: (order) => wasAway() && !ordered.has(orderKey(order)),
    hear: (event, nowMs) => {
      switch (event.kind) {
        case 'tick':
          if (lastTickAt !== undefined && nowMs > lastTickAt) learner.tickMs = nowMs - lastTickAt;
          lastTickAt = nowMs;
          enterSlot(event.slot, false);
          learner.progress = event.progress;
          learnSlots(event.grid);
          break;
        case 'market-slot':
          enterSlot(event.slot, true);
          learner.progress = event.progress;
          learnSlots(event.grid);
          break;
        case 'trade':
          if (event.side !== 'bought' && offers.sell(event)) soldOut.add(event.assetUuid);
          break;
        case 'finished':
          learner.finished = true;
          break;
        case 'batch-response':
          break;
      }
    },
    miss: (cause) => {
      // What was found at first stays so, whatever is missed of the slot besides.
      if (missed === undefined || cause !== 'gap') missed = cause;
      if (cause !== 'gap') forgetSlot();
      offers.doubt();
      listing.clear();
      isMissedSlotUnknown = true;
      learner.progress = 1;
      lastTickAt = undefined;
    },
    sending: (command) => {
      if (wasAway() && (command.kind === 'bid' || command.kind === 'offer')) ordered.add(orderKey(command));
      if (command.kind === 'list-offers' && command.timeSlot === undefined)
        listing.set(command.areaUuid, command);
      else if (command.kind === 'offer' || command.kind === 'delete-offer') listing.delete(command.areaUuid);
      if (command.kind === 'offer' && command.timeSlot === undefined && command.replaceExisting)
        offers.doubt(command.areaUuid);
      if (command.kind === 'delete-offer' && command.timeSlot === undefined) {
        if (command.orders === 'all') offers.doubt(command.areaUuid);
        else offers.doubtOne(command.areaUuid, command.orders.id);
      }
    },
    conclude: (outcome) => {
      if (outcome.kind === 'rejected') learnRefusal(outcome.command);
      if (outcome.kind !== 'accepted') return;
      const { command, granted } = outcome;
      if (granted.command === 'offer' && granted.order.slot === learner.slot)
        offers.accept(command.areaUuid, granted.order);
      if (granted.command === 'list-offers' && listing.get(command.areaUuid) === command) {
        listing.delete(command.areaUuid);
        offers.list(command.areaUuid, granted.orders);
        if (granted.orders.length === 0 && missed !== undefined && hasTraded(command.areaUuid))
          soldOut.add(command.areaUuid);
      }
    },
  };
  return learner;
};
