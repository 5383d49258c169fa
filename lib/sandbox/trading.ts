import { buildGrid, type AssetArea, type Grid, type MarketArea, type Trade } from './areas.ts';
import { openBook, type Book } from './book.ts';
import { ticksPerSlot, type Community } from './community.ts';
import { closeSlot, enter } from './ledger.ts';
import { payAsBid, type Deal } from './matching.ts';
import type { Clock } from './orders.ts';
import type { Random } from './random.ts';
import { stepsPerSlot, template } from './templates.ts';

/** Where in the run a tick stands. */
export interface TickMoment {
  /** Both counted from 0. */
  readonly slot: number;
  readonly tick: number;
  /** `YYYY-MM-DDTHH:mm`. */
  readonly slotText: string;
}

/** The trading day, without a word to anybody: slots, ticks, the exchange's own strategies, forwarding, matching. */
export interface Trading {
  readonly grid: Grid;
  readonly book: Book;
  /** The run's trades so far, in order. */
  readonly trades: readonly Trade[];
  /** Whether the run is over. */
  finished(): boolean;
  /** Begins the next tick, with a new slot if one is due: the exchange's own strategies act, agents carry orders on. */
  beginTick(): TickMoment;
  /** Matches what has come to stand opposite each other, and ends the tick. */
  endTick(): readonly Deal[];
  /** The running slot, and the time at the end of the last finished tick. */
  clock(): Clock;
}

/** `onSlot` is called when a slot begins, before anything trades in it. */
export const openTrading = (community: Community, random: Random, onSlot: (grid: Grid) => void): Trading => {
  const grid = buildGrid(community);
  const book = openBook(random);
  const match = payAsBid(book, random);
  const trades: Trade[] = [];
  const ticks = ticksPerSlot(community);
  const tickMs = community.tickLengthSeconds * 1000;
  const startMs = Date.parse(`${community.startDate}T00:00:00Z`);
  const interval = community.updateIntervalMinutes ?? 1;
  const steps = stepsPerSlot(community.slotLengthMinutes, interval);
  const templates = grid.assets.map((asset) => template(book, asset, steps));
  const stepAt = (tick: number): number =>
    Math.min(tick, Math.floor((tick * community.tickLengthSeconds) / (interval * 60) + 1e-9), steps);

  let gone = 0;
  let slotText = minutes(startMs);

  const openSlot = (slot: number): void => {
    if (slot > 0) closeSlot(grid.markets, grid.assets);
    book.clear();
    slotText = minutes(startMs + slot * ticks * tickMs);
    for (const market of grid.markets) market.slotFee = market.fee ?? 0;
    for (const asset of grid.assets) {
      asset.energy.openSlot(slot);
      asset.demandKWh += asset.energy.demandKWh();
      asset.productionKWh += asset.energy.productionKWh();
    }
    onSlot(grid);
  };

  const act = (step: number): void => {
    for (const { asset, post } of random.shuffled(templates)) if (!isControlled(asset)) post(step);
  };

  const moment = (): TickMoment => ({ slot: Math.floor(gone / ticks), tick: gone % ticks, slotText });

  return {
    grid,
    book,
    trades,
    finished: () => gone >= community.slots * ticks,
    beginTick: () => {
      const { slot, tick } = moment();
      if (tick === 0) {
        openSlot(slot);
        act(0);
      } else if (stepAt(tick) > stepAt(tick - 1)) {
        act(stepAt(tick));
      }
      book.forward();
      return moment();
    },
    endTick: () => {
      const changed = book.takeChanged();
      const markets = changed.length > 1 ? random.shuffled(changed).toSorted(deepestFirst) : changed;
      const now = { slot: slotText, timeMs: startMs + gone * tickMs };
      const deals = markets.flatMap((market) => match(market, now));
      for (const deal of deals) {
        enter(deal);
        trades.push(...deal.trades);
      }
      gone += 1;
      return deals;
    },
    clock: () => ({
      slot: slotText,
      now: new Date(startMs + gone * tickMs).toISOString().slice(0, 19),
    }),
  };
};

/** Nobody controls an asset that no aggregator has selected and nobody has registered. */
const isControlled = ({ aggregatorUuid, registration }: AssetArea): boolean =>
  aggregatorUuid !== undefined || registration === 'connected' || registration === 'leaving';

const deepestFirst = (one: MarketArea, other: MarketArea): number => other.depth - one.depth;

const minutes = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 16);
