import { expect } from 'chai';
import { asyncScheduler, first, firstValueFrom, ReplaySubject, Subject, type Observable } from 'rxjs';
import {
  bidEnergy,
  run,
  type AreaControl,
  type Command,
  type Failure,
  type Outcome,
  type OutcomeKind,
  type Run,
  type RunOptions,
  type TransportStatus,
} from 'gsy-rx';
import { openSandbox, type Community } from 'gsy-rx/sandbox';
import { audited } from './audit.ts';
import type { FaultyWay, OpenFaultyWay } from './exchanges.ts';

/** One load, nobody to trade with, and a slot that outlasts a spec: each order that arrives stays in the book. */
const community: Community = {
  startDate: '2026-06-21',
  slots: 1,
  slotLengthMinutes: 60,
  tickLengthSeconds: 1,
  grid: {
    name: 'Grid',
    areas: [{ name: 'House', assets: [{ type: 'load', name: 'Load', powerW: [100_000] }] }],
  },
};
const TICKS = (community.slotLengthMinutes * 60) / community.tickLengthSeconds;
/** The real time of the sandbox's tick: replies come at the end of the next. */
const TICK_MS = 20;

/** A run on the embedded exchange over a faulty way, and the books of both sides. */
export interface Books {
  readonly way: FaultyWay;
  readonly running: Run;
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
  /** All statuses of the run so far. */
  readonly states: readonly string[];
  /** The transaction of each batch that reaches the exchange, from now on. */
  readonly arrived$: Observable<unknown>;
  /** The areas under control, once they are. */
  readonly held: Promise<readonly AreaControl[]>;
  /** Has the strategy give so many bids in one burst, and resolves with their outcomes. */
  readonly bid: (count?: number) => Promise<readonly OutcomeKind[]>;
  /** Resolves when the connection has this state. */
  readonly until: (state: TransportStatus['state']) => Promise<unknown>;
  /**
   * Every command has one outcome, no batch has arrived twice, and the exchange's order book holds what was accepted
   * once, nothing twice, and nothing that was not sent.
   */
  readonly expectSound: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const isOfConnection = (status: { readonly state: string }): status is TransportStatus =>
  ['connecting', 'open', 'gap', 'closed'].includes(status.state);

const uuidOfLoad = (areas: readonly AreaControl[]): string => areas.find(({ name }) => name === 'Load')!.uuid;

/** Keeps what a run tells. */
const watch = ({ outcome$, failure$, status$ }: Run) => {
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  const states: string[] = [];
  const connectionSubject = new ReplaySubject<TransportStatus['state']>(1);
  outcome$.subscribe((outcome) => outcomes.push(outcome));
  failure$.subscribe((failure) => failures.push(failure));
  status$.subscribe((status) => {
    states.push(status.state);
    if (isOfConnection(status)) connectionSubject.next(status.state);
  });
  const until = (wanted: TransportStatus['state']) =>
    firstValueFrom(connectionSubject.pipe(first((state) => state === wanted)));
  return { outcomes, failures, states, until };
};

/** What a strategy is told to bid, each bid with a price of its own. */
const bidder = () => {
  const commandSubject = new Subject<Command>();
  let given = 0;
  const bid = async (count: number, areaUuid: string, outcome$: Observable<Outcome>) => {
    const mine = Array.from({ length: count }, () => {
      given += 1;
      return bidEnergy(areaUuid, 0.01, given, { replaceExisting: false });
    });
    const outcomes = mine.map((command) =>
      firstValueFrom(outcome$.pipe(first((outcome) => outcome.command === command))),
    );
    for (const command of mine) commandSubject.next(command);
    return (await Promise.all(outcomes)).map(({ kind }) => kind);
  };
  return { strategy: () => commandSubject, bid, given: () => given };
};

/** Opens a way, an exchange at its end, and a run that does as it is told. */
export const openBooks = async (
  open: OpenFaultyWay,
  { silenceMs, ...options }: Partial<RunOptions> & { readonly silenceMs?: number } = {},
): Promise<Books> => {
  const way = await open(community);
  const audit = audited(way.bus);
  const time = { scheduler: asyncScheduler, realTimePerSlotMs: TICK_MS * TICKS };
  const sandbox = openSandbox(community, { ...time, bus: audit.bus });
  const { strategy, bid, given } = bidder();
  const transport = await way.connect(silenceMs);
  const running = run({
    transport,
    strategy,
    aggregator: 'fault',
    areas: ['Load'],
    patienceMs: 500,
    ...options,
  });
  const seen = watch(running);
  // Before anybody held the load it would trade by itself; and its book is open when the first list of it has come.
  const held = firstValueFrom(running.control$).then(async (areas) => {
    sandbox.start();
    await audit.openBids(uuidOfLoad(areas));
    return areas;
  });
  held.catch(() => undefined);
  return {
    ...seen,
    way,
    running,
    held,
    arrived$: audit.arrived$,
    bid: async (count = 1) => bid(count, uuidOfLoad(await held), running.outcome$),
    expectSound: async () => {
      expect(seen.outcomes).to.have.length(given());
      await audit.expectSound(uuidOfLoad(await held), seen.outcomes);
    },
    close: async () => {
      await running.stop();
      sandbox.stop();
      await way.close();
    },
  };
};

/** How a run is opened over a faulty way. */
export type BooksOptions = NonNullable<Parameters<typeof openBooks>[1]>;

/** Books for the specs of a suite, one at a time; when a spec is over they have to be sound. */
export const booksOfSpecs = () => {
  let books: Books;
  afterEach(async () => {
    await books.expectSound();
    await books.close();
  });
  const open = async (way: OpenFaultyWay, options: BooksOptions = {}): Promise<Books> => {
    books = await openBooks(way, options);
    await books.held;
    return books;
  };
  return {
    open,
    /** Opens one that has traded. */
    openTrading: async (way: OpenFaultyWay, options: BooksOptions = {}): Promise<Books> => {
      await open(way, options);
      expect(await books.bid(3)).to.deep.equal(['accepted', 'accepted', 'accepted']);
      return books;
    },
    /** It trades again. */
    expectBack: async (): Promise<void> => {
      await books.until('open');
      expect(await books.bid(2)).to.deep.equal(['accepted', 'accepted']);
    },
    expectGap: () => expect(books.states.filter((state) => state === 'gap')).not.to.be.empty,
  };
};
