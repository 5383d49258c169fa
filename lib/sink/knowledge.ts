import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import { openSettlementSlots } from '../grid/settlement.ts';
import type { Command } from '../model/commands.ts';
import type { MarketEvent, Trade } from '../model/events.ts';
import type { Grid } from '../model/grid.ts';
import type { Outcome } from '../model/outcomes.ts';

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
  /** Whether one of the area's offers was traded in full in the running slot. */
  hasSoldOut(areaUuid: string): boolean;
}

/** The knowledge of one sink, and how it learns. */
export interface Learner extends Knowledge {
  hear(event: MarketEvent, nowMs: number): void;
  /** Just before the command is sent: what it may do away with is no longer certain. */
  sending(command: Command): void;
  conclude(outcome: Outcome): void;
}

/** Starts knowing nothing. */
export const makeLearner = (): Learner => {
  let slot: string | undefined;
  let progress = 0;
  let grid: Grid | undefined;
  let finished = false;
  let tickMs: number | undefined;
  let lastTickAt: number | undefined;
  /** Those of the grid; undefined until somebody asks. */
  let settlementSlots: ReadonlySet<string> | undefined;
  /** Unsold energy in kWh of all offers accepted in the running slot, by area and id; replaced ones can still trade. */
  const unsold = new Map<string, Map<string, number>>();
  /** The ids among them that are certain to stand in the market. */
  const openOffers = new Map<string, Set<string>>();
  const soldOut = new Set<string>();

  const enterSlot = (next: string) => {
    if (next === slot) return;
    slot = next;
    unsold.clear();
    openOffers.clear();
    soldOut.clear();
  };
  const learnSlots = (snapshot: Grid) => {
    grid = snapshot;
    settlementSlots = undefined;
  };
  // When the match happened in a higher market the residual's id is not told: its later sales are then counted to the
  // asset's newest offer.
  const sell = ({ assetUuid, offerId, residualOfferId, energyKWh }: Trade) => {
    const offers = unsold.get(assetUuid);
    const id = offerId !== undefined && offers?.has(offerId) ? offerId : [...(offers?.keys() ?? [])].at(-1);
    if (offers === undefined || id === undefined) return;
    const left = (offers.get(id) ?? 0) - energyKWh;
    offers.delete(id);
    openOffers.get(assetUuid)?.delete(id);
    if (left <= SMALLEST_ENERGY_KWH) {
      soldOut.add(assetUuid);
    } else {
      offers.set(residualOfferId ?? id, left);
      if (residualOfferId !== undefined) openOffers.get(assetUuid)?.add(residualOfferId);
    }
  };

  return {
    get slot() {
      return slot;
    },
    get progress() {
      return progress;
    },
    get grid() {
      return grid;
    },
    get finished() {
      return finished;
    },
    get tickMs() {
      return tickMs;
    },
    isOpenForSettlement: (past) => {
      settlementSlots ??= grid && openSettlementSlots(grid);
      return settlementSlots?.has(past) ?? false;
    },
    isOpenOffer: (areaUuid, offerId) => openOffers.get(areaUuid)?.has(offerId) ?? false,
    hasSoldOut: (areaUuid) => soldOut.has(areaUuid),
    hear: (event, nowMs) => {
      switch (event.kind) {
        case 'tick':
          if (lastTickAt !== undefined && nowMs > lastTickAt) tickMs = nowMs - lastTickAt;
          lastTickAt = nowMs;
          enterSlot(event.slot);
          progress = event.progress;
          learnSlots(event.grid);
          break;
        case 'market-slot':
          enterSlot(event.slot);
          progress = event.progress;
          learnSlots(event.grid);
          break;
        case 'trade':
          if (event.side !== 'bought') sell(event);
          break;
        case 'finished':
          finished = true;
          break;
        case 'batch-response':
          break;
      }
    },
    sending: (command) => {
      if (command.kind === 'offer' && command.timeSlot === undefined && command.replaceExisting)
        openOffers.delete(command.areaUuid);
      if (command.kind === 'delete-offer' && command.timeSlot === undefined) {
        if (command.orders === 'all') openOffers.delete(command.areaUuid);
        else openOffers.get(command.areaUuid)?.delete(command.orders.id);
      }
    },
    conclude: (outcome) => {
      if (outcome.kind !== 'accepted' || outcome.granted.command !== 'offer') return;
      const { order } = outcome.granted;
      if (order.slot !== slot) return;
      const { areaUuid } = outcome.command;
      unsold.set(
        areaUuid,
        (unsold.get(areaUuid) ?? new Map<string, number>()).set(order.id, order.energyKWh),
      );
      openOffers.set(areaUuid, (openOffers.get(areaUuid) ?? new Set<string>()).add(order.id));
    },
  };
};
