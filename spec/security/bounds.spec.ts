import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { fromCallbacks, listBids, memoryBus, memoryTransport, type Command, type Outcome } from 'gsy-rx';
import { aMarket, aSlot, aTick } from 'gsy-rx/testing';
import { firstValueFrom, NEVER, Subject, VirtualTimeScheduler } from 'rxjs';
import { ledger } from '../../lib/report/ledger.ts';
import { bench } from '../sink/bench.ts';
import { liveSubscriptions } from '../bench/liveSubscriptions.ts';
import { endlessRun } from '../bench/endlessRun.ts';

describe('what is kept', () => {
  it('by callbacks of what they have gathered is 50,000 commands, then they go out by themselves', () => {
    const given: Command[] = [];
    const event$ = new Subject<ReturnType<typeof aSlot>>();
    const strategy = fromCallbacks({
      onMarketSlot: (_, { addToBatchCommands }) => {
        for (let count = 0; count < 50_001; count += 1) addToBatchCommands.listBids('load');
      },
    });
    strategy(aMarket(event$)).subscribe((command) => given.push(command));
    event$.next(aSlot());
    expect(given).to.have.length(50_000);
    event$.complete();
    expect(given).to.have.length(50_001);
  });

  it('by callbacks of batches whose outcomes never come is 1,000; the oldest gives those that came', () => {
    const outcome$ = new Subject<Outcome>();
    const event$ = new Subject<ReturnType<typeof aTick>>();
    const heard: (readonly Outcome[])[] = [];
    const given: Command[] = [];
    const strategy = fromCallbacks({
      onTick: (_, { addToBatchCommands, executeBatchCommands }) => {
        addToBatchCommands.listBids('a').listBids('b');
        executeBatchCommands().subscribe((outcomes) => heard.push(outcomes));
      },
    });
    const live = liveSubscriptions();
    strategy(aMarket(event$, { outcome$ })).subscribe((command) => given.push(command));
    event$.next(aTick());
    outcome$.next({ kind: 'refused', command: given[0]!, reason: 'because' });
    const before = live.count();
    for (let count = 1; count < 1_000; count += 1) event$.next(aTick());
    expect(heard).to.have.length(0);
    event$.next(aTick());
    expect(heard.map((outcomes) => outcomes.length)).to.deep.equal([1]);
    for (let count = 0; count < 5; count += 1) event$.next(aTick());
    expect(heard.map((outcomes) => outcomes.length)).to.deep.equal([1, 0, 0, 0, 0, 0]);
    // Each batch that waits has its observer here, which counts twice, and only one listens to the outcomes.
    expect(live.count() - before).to.equal(2 * 999);
    outcome$.complete();
    expect(heard).to.have.length(1_006);
    live.end();
  });

  it('by the sink of commands that wait for replies is what may, and more are refused until there is room', () => {
    const b = bench({ maxUnderWay: 2, patienceMs: 100 });
    b.respondWith(() => NEVER);
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => listBids('load'));
    b.at(0, () => b.give(first!, second!));
    b.at(50, () => b.give(third!));
    b.at(150, () => b.give(fourth!));
    b.run();
    const kinds = [first, second, third, fourth].map(
      (command) => b.outcomes.find((outcome) => outcome.command === command)?.kind,
    );
    expect(kinds).to.deep.equal(['unanswered', 'unanswered', 'refused', 'unanswered']);
    expect(b.outcomes[0]).to.include({ reason: '2 commands wait for their replies already' });
  });

  it('by the books of areas that no grid has told of is 10,000, the others in one account', async () => {
    const commands = Array.from({ length: 10_010 }, (_, index) => listBids(`area ${index}`));
    const outcomes = commands.map((command): Outcome => ({ kind: 'refused', command, reason: 'because' }));
    const outcome$ = new Subject<Outcome>();
    const books = firstValueFrom(ledger(NEVER, outcome$));
    for (const outcome of [...outcomes, ...outcomes]) outcome$.next(outcome);
    outcome$.complete();
    const { accounts } = await books;
    expect(accounts).to.have.length(10_001);
    expect(accounts.find(({ name }) => name === '(other areas)')?.outcomes).to.deep.equal({ refused: 20 });
    expect(accounts.find(({ name }) => name === 'area 9999')?.outcomes).to.deep.equal({ refused: 2 });
  });

  it('by a connection in memory of its channels is each, however often it is asked for', () => {
    const bus = memoryBus(new VirtualTimeScheduler());
    const transport = memoryTransport(bus);
    for (let count = 0; count < 1_000; count += 1)
      transport.send({ kind: 'create-aggregator', name: 'me', aggregatorUuid: 'u' });
    const live = liveSubscriptions();
    const listening = transport.frame$.subscribe();
    expect(live.count()).to.be.below(10);
    listening.unsubscribe();
    expect(live.count()).to.equal(0);
    live.end();
  });
});

describe('a client that has heard 2,500 events', () => {
  it('has the subscriptions and timers that it had after 1,500, and none when it has stopped', async () => {
    // After a turn, so that the timer of the test itself runs already.
    await setImmediate();
    const resources = process.getActiveResourcesInfo().sort();
    const live = liveSubscriptions();
    const { passUntil, events, timers, end } = endlessRun();
    /** Now and then a question is under way, so the least of some moments is looked at. */
    const least = (count: () => number): number =>
      Math.min(
        ...Array.from({ length: 20 }, () => {
          passUntil(events() + 1);
          return count();
        }),
      );
    // By then as many batches of callbacks wait for outcomes that never come as may.
    passUntil(1_500);
    const before = [least(live.count), least(timers)];
    passUntil(2_500);
    expect([least(live.count), least(timers)]).to.deep.equal(before);
    await end();
    expect(live.count()).to.equal(0);
    live.end();
    expect(process.getActiveResourcesInfo().sort()).to.deep.equal(resources);
  });
});
