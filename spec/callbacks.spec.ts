import { expect } from 'chai';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import {
  bidEnergyRate,
  fromCallbacks,
  isLoad,
  listBids,
  memoryBus,
  memoryTransport,
  run,
  type Callbacks,
  type Command,
  type Failure,
  type Outcome,
} from 'gsy-rx';
import { defaultCommunity, openSandbox } from 'gsy-rx/sandbox';
import { aGrid, aMarket, aSlot, aTick, aTrade, marbles } from 'gsy-rx/testing';
import { batchChannel } from '../lib/wire/channels.ts';
import fixedPrice from '../strategies/fixed-price.ts';

const SLOTS = 4;

/** Lets callbacks trade a few slots of the default community, beside another strategy. */
const trade = async (callbacks: Callbacks) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox({ ...defaultCommunity, slots: SLOTS }, { scheduler, bus });
  const batches: string[] = [];
  bus.frames([batchChannel()]).subscribe(({ data }) => batches.push(data.toString()));
  const running = run({
    transport: memoryTransport(bus),
    strategy: [fromCallbacks(callbacks), fixedPrice],
    aggregator: 'callbacks',
    scheduler,
  });
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  running.outcome$.subscribe((outcome) => outcomes.push(outcome));
  running.failure$.subscribe((failure) => failures.push(failure));
  running.control$.subscribe(() => sandbox.start());
  scheduler.flush();
  return { end: await running.done, outcomes, failures, batches };
};

describe('a strategy out of callbacks', () => {
  it(
    'calls each callback with its events, one at a time and in their order',
    marbles(({ hot, expectObservable, flush }) => {
      const called: string[] = [];
      const note = (what: string) => () => void called.push(what);
      const strategy = fromCallbacks({
        onMarketSlot: note('slot'),
        onTick: note('tick'),
        onTrade: note('trade'),
        onFinish: note('finish'),
        onEvent: ({ kind }) => called.push(`any ${kind}`),
      });
      const finished = { kind: 'finished', grid: aGrid() } as const;
      const event$ = hot('s-t-d-f-|', { s: aSlot(), t: aTick(), d: aTrade(), f: finished });
      expectObservable(strategy(aMarket(event$))).toBe('--------|');
      flush();
      expect(called).to.deep.equal([
        'slot',
        'any market-slot',
        'tick',
        'any tick',
        'trade',
        'any trade',
        'finish',
        'any finished',
      ]);
    }),
  );

  it(
    'gathers commands until they are executed, and hands them on once',
    marbles(({ hot, expectObservable }) => {
      const strategy = fromCallbacks({
        onMarketSlot: (_, { addToBatchCommands }) => {
          addToBatchCommands.bidEnergyRate('load', 1, 24).listBids('load');
        },
        onTick: (_, { executeBatchCommands }) => {
          executeBatchCommands();
          executeBatchCommands();
        },
      });
      const event$ = hot('  s-t---|', { s: aSlot(), t: aTick() });
      const expected = '    --(bl)|';
      const commands = { b: bidEnergyRate('load', 1, 24), l: listBids('load') };
      expectObservable(strategy(aMarket(event$))).toBe(expected, commands);
    }),
  );

  it(
    'hands on what was never executed when the market ends, so that it has an outcome too',
    marbles(({ hot, expectObservable }) => {
      const strategy = fromCallbacks({
        onMarketSlot: (_, { addToBatchCommands }) => void addToBatchCommands.listBids('load'),
      });
      const event$ = hot('  s--|', { s: aSlot() });
      expectObservable(strategy(aMarket(event$))).toBe('---(l|)', { l: listBids('load') });
    }),
  );

  it(
    'keeps nothing from one subscription to the next',
    marbles(({ cold, expectObservable }) => {
      const strategy = fromCallbacks({
        onMarketSlot: (_, { addToBatchCommands, executeBatchCommands }) => {
          addToBatchCommands.listBids('load');
          executeBatchCommands();
        },
      });
      const command$ = strategy(aMarket(cold('s|', { s: aSlot() })));
      expectObservable(command$).toBe('l|', { l: listBids('load') });
      expectObservable(command$).toBe('l|', { l: listBids('load') });
    }),
  );

  it('gives the outcomes of one batch when all are there, and only these, whether asked early or late', () => {
    const outcome$ = new Subject<Outcome>();
    const event$ = new Subject<ReturnType<typeof aSlot>>();
    const given: Command[] = [];
    const heard: (readonly Outcome[])[] = [];
    const strategy = fromCallbacks({
      onMarketSlot: (_, { addToBatchCommands, executeBatchCommands }) => {
        addToBatchCommands.listBids('a').listBids('b');
        executeBatchCommands().subscribe((outcomes) => heard.push(outcomes));
      },
    });
    strategy(aMarket(event$, { outcome$ })).subscribe((command) => given.push(command));
    event$.next(aSlot());
    const refusals = given.map((command): Outcome => ({ kind: 'refused', command, reason: 'because' }));
    const foreign: Outcome = { kind: 'refused', command: listBids('a'), reason: 'of somebody else' };
    for (const outcome of [refusals[1], foreign, refusals[0]]) if (outcome) outcome$.next(outcome);
    expect(heard).to.deep.equal([[refusals[1], refusals[0]]]);
  });

  it('trades on the exchange: one batch per execution, one outcome per command', async () => {
    const batchOutcomes: (readonly Outcome[])[] = [];
    let added = 0;
    const { end, failures, outcomes, batches } = await trade({
      onTick: ({ grid }, { addToBatchCommands, executeBatchCommands }) => {
        for (const { uuid } of grid.assets.filter(isLoad)) {
          addToBatchCommands.assetInfo(uuid).listBids(uuid);
          added += 2;
        }
        executeBatchCommands().subscribe((outcomesOfBatch) => batchOutcomes.push(outcomesOfBatch));
      },
    });
    expect(end).to.deep.equal({ reason: 'finished' });
    expect(failures).to.be.empty;
    expect(added).to.be.above(500);
    const asked = outcomes.filter(({ command }) => ['asset-info', 'list-bids'].includes(command.kind));
    expect(asked).to.have.length(added);
    expect(batchOutcomes.flat()).to.have.length(added);
    expect(batches.length).to.be.within(batchOutcomes.length, batchOutcomes.length + SLOTS);
  });

  it('hears every tick, the one at 0 % of each slot too', async () => {
    const progresses: number[] = [];
    await trade({ onTick: ({ progress }) => void progresses.push(progress) });
    expect(progresses).to.deep.equal(
      Array.from({ length: SLOTS }, () => [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]).flat(),
    );
  });

  for (const callback of ['onTick', 'onBatchResponse'] as const)
    it(`ends alone when ${callback} throws; other strategies trade on and the failure names it`, async () => {
      const { end, failures, outcomes } = await trade({
        [callback]: () => {
          throw new Error('the callback broke');
        },
      });
      expect(end).to.deep.equal({ reason: 'finished' });
      expect(failures).to.have.length(1);
      expect(failures[0]).to.include({ kind: 'strategy-failure', reason: 'the callback broke' });
      expect(outcomes.filter(({ kind }) => kind === 'accepted').length).to.be.above(50);
    });
});
