import {
  concatAll,
  filter,
  finalize,
  map,
  pipe,
  Subject,
  tap,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { listBids, listOffers, SMALLEST_ENERGY_KWH } from './commands.ts';
import { orderSidesOf } from './grid/sides.ts';
import type { Bid, Command, ListBids, ListOffers, Offer } from './model/commands.ts';
import type { MarketEvent, SlotEvent } from './model/events.ts';
import type { Grid } from './model/grid.ts';
import type { Outcome } from './model/outcomes.ts';
import type {
  FoundOrder,
  Reconciliation,
  ReconciliationCause,
  StandingOrder,
} from './model/reconciliation.ts';
import type { ListedOrder } from './model/replies.ts';
import { openOrders } from './openOrders.ts';
import { isSoundOrder } from './operators/soundOrders.ts';

/** Finds out what has become of orders while nobody heard of it. */
export interface Reconciler {
  /** One value each time that all was found out. */
  readonly reconciliation$: Observable<Reconciliation>;
  /** From now on something may be missed: the orders known at this moment are what will be looked for. */
  miss(): void;
  /** At the next event the exchange is asked what stands. */
  ask(cause: ReconciliationCause): void;
  /** What it asks: commands that go before all others, so that they are heard before what a strategy answers to an event. */
  readonly question$: Observable<Command>;
  /** The sink, out of which no outcomes of questions come. */
  through(sink: OperatorFunction<Command, Outcome>): OperatorFunction<Command, Outcome>;
}

/** What a reconciler hears and asks for. */
export interface ReconcilerOptions {
  readonly event$: Observable<MarketEvent>;
  /** The areas under control. */
  readonly held: () => Iterable<string>;
}

type Question = ListBids | ListOffers;

/** One time of asking. */
interface Round {
  readonly cause: ReconciliationCause;
  readonly slot: string;
  /** Whether only assets were asked, and each for what it can answer. */
  readonly knowsKinds: boolean;
  /** Not answered yet. */
  readonly open: Set<Command>;
  /** Orders given before, of which it is not known what became. */
  readonly unsettled: Set<Bid | Offer>;
  readonly found: FoundOrder[];
  readonly gone: StandingOrder[];
  kept: number;
  readonly untold: Set<string>;
}

/**
 * Starts knowing nothing, and asks nothing by itself: where nothing was missed no message goes out.
 *
 * Its questions go in one batch, with the first event that tells the slot and the kinds of the assets. A question
 * without an answer is not asked again.
 */
export const openReconciler = ({ event$, held }: ReconcilerOptions): Reconciler => {
  const reconciliationSubject = new Subject<Reconciliation>();
  /** What was known when something began to be missed, less what was heard of since, by id. */
  const before = new Map<string, StandingOrder>();
  const known = openOrders((id) => before.delete(id));
  const unsettled = unsettledOrders();
  const ours = new WeakSet<Command>();
  let due: ReconciliationCause | undefined;
  let round: Round | undefined;

  const hear = (event: MarketEvent): readonly Question[] => {
    known.hear(event);
    if (event.kind !== 'market-slot' && event.kind !== 'tick') return [];
    unsettled.enterSlot(event.slot);
    return due === undefined ? [] : begin(due, event);
  };
  const begin = (cause: ReconciliationCause, { slot, grid }: SlotEvent): readonly Question[] => {
    const questions = [...held()].flatMap((uuid) => questionsTo(uuid, grid));
    for (const question of questions) ours.add(question);
    due = undefined;
    round = {
      cause,
      slot,
      knowsKinds: grid.areas.length > 0,
      open: new Set(questions),
      // Another exchange has none of the orders that this one was given.
      unsettled: cause === 'returned' ? new Set<Bid | Offer>() : unsettled.all(),
      found: [],
      gone: [],
      kept: 0,
      untold: new Set(),
    };
    if (questions.length === 0) finish(round);
    return questions;
  };
  const conclude = (outcome: Outcome): boolean => {
    unsettled.conclude(outcome);
    if (!ours.has(outcome.command)) {
      known.conclude(outcome);
      return false;
    }
    if (round?.open.delete(outcome.command) === true) {
      learn(outcome, round);
      if (round.open.size === 0) finish(round);
    }
    return true;
  };
  const learn = (outcome: Outcome, into: Round) => {
    const { kind, areaUuid } = outcome.command;
    const side = kind === 'list-bids' ? 'bid' : 'offer';
    if (outcome.kind === 'accepted' && 'orders' in outcome.granted)
      compare({ areaUuid, side }, outcome.granted.orders, into);
    else if (outcome.kind !== 'refused' && (outcome.kind !== 'rejected' || into.knowsKinds))
      into.untold.add(areaUuid);
  };
  const compare = (
    place: Pick<StandingOrder, 'areaUuid' | 'side'>,
    listed: readonly ListedOrder[],
    into: Round,
  ) => {
    const expected = new Map(known.at(place).map((order) => [order.id, order]));
    const strange = listed.filter(({ id }) => !expected.delete(id));
    into.kept += listed.length - strange.length;
    for (const order of strange) {
      // What is left of an order that was traded in part unheard.
      const renamed = [...expected.values()].find((candidate) => holdsAsMuch(candidate, order));
      if (renamed === undefined) {
        into.found.push(explained({ ...place, ...order, slot: into.slot }, into.unsettled));
        continue;
      }
      into.kept += 1;
      expected.delete(renamed.id);
      before.delete(renamed.id);
    }
    into.gone.push(...expected.values());
    for (const { id } of [...listed, ...expected.values()]) before.delete(id);
    known.correct(place, listed);
  };
  const finish = ({ cause, slot, found, gone, kept, untold }: Round) => {
    const lost = [...before.values()].filter((order) => order.slot !== slot || cause === 'returned');
    round = undefined;
    before.clear();
    reconciliationSubject.next({ cause, slot, found, gone: [...gone, ...lost], kept, untold: [...untold] });
  };

  return {
    reconciliation$: reconciliationSubject.asObservable(),
    miss: () => {
      for (const order of known.all()) before.set(order.id, order);
    },
    ask: (cause) => {
      due = strongest(cause, due, round?.cause);
      round = undefined;
    },
    question$: event$.pipe(
      map(hear),
      filter(({ length }) => length > 0),
      concatAll(),
    ),
    through: (sink) =>
      pipe(
        tap((command) => unsettled.give(command)),
        sink,
        filter((outcome) => !conclude(outcome)),
        finalize(() => reconciliationSubject.complete()),
      ),
  };
};

/** A cause that has not been dealt with yet outlives a weaker one. */
const strongest = (...causes: readonly (ReconciliationCause | undefined)[]): ReconciliationCause =>
  (['returned', 'restart'] as const).find((cause) => causes.includes(cause)) ?? 'gap';

const questionsTo = (areaUuid: string, grid: Grid): readonly Question[] =>
  orderSidesOf(grid.byUuid(areaUuid)).map((side) =>
    side === 'bid' ? listBids(areaUuid) : listOffers(areaUuid),
  );

const holdsAsMuch = (one: { readonly energyKWh: number }, other: { readonly energyKWh: number }): boolean =>
  Math.abs(one.energyKWh - other.energyKWh) <= SMALLEST_ENERGY_KWH;

/** The order with the command that it came of, as far as can be told. */
const explained = (order: StandingOrder, unsettled: Set<Bid | Offer>): FoundOrder => {
  const command = [...unsettled].find(
    (each) => each.areaUuid === order.areaUuid && each.kind === order.side && holdsAsMuch(each, order),
  );
  if (command === undefined) return order;
  unsettled.delete(command);
  return { ...order, command };
};

/**
 * Orders that were given and of which it is not known what became, up to the end of their slot.
 *
 * Commands come and go by the thousands, and who is still awaited is hardly ever asked: they are put into lists, which
 * are forgotten as soon as nothing is awaited. To put each into a set and to take it out again takes ten times as long.
 */
const unsettledOrders = () => {
  let given: Command[] = [];
  /** Of those. */
  let concluded: Command[] = [];
  let awaited = 0;
  const unanswered = new Set<Command>();
  let slot: string | undefined;

  const isMeant = (command: Command): command is Bid | Offer =>
    isSoundOrder(command) && command.timeSlot === undefined;
  /** Those still awaited, and those of which nothing is said any more. */
  const open = (): Command[] => {
    const over = new Set(concluded);
    return given.filter((command) => !over.has(command));
  };
  const forget = (left: Command[]) => {
    given = left;
    concluded = [];
  };
  return {
    enterSlot: (next: string) => {
      if (next !== slot) unanswered.clear();
      slot = next;
    },
    give: (command: Command) => {
      given.push(command);
      awaited += 1;
    },
    conclude: ({ kind, command }: Outcome) => {
      if (kind === 'unanswered' && isMeant(command)) unanswered.add(command);
      concluded.push(command);
      awaited -= 1;
      if (awaited === 0) forget([]);
      else if (concluded.length >= MOST_CONCLUDED) forget(open());
    },
    all: (): Set<Bid | Offer> => new Set([...unanswered, ...open()].filter(isMeant)),
  };
};

/** So many are not kept because of one that is still awaited. */
const MOST_CONCLUDED = 100_000;
