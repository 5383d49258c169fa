import { ratesIn, type Grid, type MarketArea, type Trade } from './areas.ts';
import type { Book } from './book.ts';
import { buildGrid } from './buildGrid.ts';
import { startOf, ticksPerSlot, type Community } from './community.ts';
import type { Deal } from './deals.ts';
import { feesIn } from './fees.ts';
import { closeSlot, enter } from './ledger.ts';
import type { Naming } from './naming.ts';
import type { Clock } from './orders.ts';
import type { Random } from './random.ts';
import { openSessions, type Session, type Sessions } from './sessions.ts';
import { recordDeliveries, updateDeliveries } from './settlement.ts';
import { openOwnStrategies } from './ownStrategies.ts';

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
  readonly community: Community;
  readonly grid: Grid;
  /** The running slot's orders. */
  readonly book: Book;
  readonly sessions: Sessions;
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
export const openTrading = (
  community: Community,
  random: Random,
  onSlot: (grid: Grid) => void,
  naming?: Naming,
): Trading => {
  const grid = buildGrid(community, naming);
  const fees = feesIn(community.gridFeeUnit ?? 'cents/kWh');
  const sessions = openSessions(community, grid.markets, fees, random);
  const { book } = sessions.spot();
  const trades: Trade[] = [];
  const ticks = ticksPerSlot(community);
  const tickMs = community.tickLengthSeconds * 1000;
  const startMs = startOf(community);
  const strategies = openOwnStrategies(community, grid, sessions, fees, random);
  let gone = 0;

  const openSlot = (slot: number): void => {
    if (slot > 0) {
      if (sessions.settles) recordDeliveries(grid.assets, sessions.spot().slot, random);
      closeSlot(grid.markets, grid.assets);
      grid.lastRates = ratesIn(grid, slot - 1);
    }
    for (const market of grid.markets) market.slotFee = fees.inForce(market.fee);
    sessions.openSlot(slot);
    updateDeliveries(grid.assets, sessions.settlements());
    for (const asset of grid.assets) {
      asset.energy.openSlot(slot, sessions.spot().slot);
      asset.demandKWh += asset.energy.demandKWh();
      asset.productionKWh += asset.energy.productionKWh();
    }
    onSlot(grid);
  };

  const matchIn = ({ type, slot, book, match }: Session): readonly Deal[] => {
    const changed = book.takeChanged();
    const markets = changed.length > 1 ? random.shuffled(changed).toSorted(deepestFirst) : changed;
    const now = { marketType: type, slot, timeMs: startMs + gone * tickMs };
    return markets.flatMap((market) => {
      book.bring(market);
      return match(market, now);
    });
  };

  const moment = (): TickMoment => ({
    slot: Math.floor(gone / ticks),
    tick: gone % ticks,
    slotText: sessions.spot().slot,
  });

  return {
    community,
    grid,
    book,
    sessions,
    trades,
    finished: () => gone >= community.slots * ticks,
    beginTick: () => {
      const { slot, tick } = moment();
      if (tick === 0) openSlot(slot);
      strategies.act(slot, tick);
      for (const session of sessions.all()) session.book.forward();
      return moment();
    },
    endTick: () => {
      const deals = sessions.all().flatMap(matchIn);
      for (const deal of deals) {
        enter(deal);
        trades.push(...deal.trades);
      }
      gone += 1;
      return deals;
    },
    clock: () => ({
      slot: sessions.spot().slot,
      now: new Date(startMs + gone * tickMs).toISOString().slice(0, 19),
    }),
  };
};

const deepestFirst = (one: MarketArea, other: MarketArea): number => other.depth - one.depth;
