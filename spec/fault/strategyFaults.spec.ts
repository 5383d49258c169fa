import { expect } from 'chai';
import { concatMap, map, mergeMap, NEVER, range, take, tap, VirtualTimeScheduler } from 'rxjs';
import {
  bidEnergy,
  eachAsset,
  isLoad,
  memoryBus,
  memoryTransport,
  run,
  type Command,
  type OutcomeKind,
  type Strategy,
} from 'gsy-rx';
import { defaultCommunity, openSandbox } from 'gsy-rx/sandbox';

/** A few slots of the embedded exchange, with the outcomes of all that a strategy gives, by kind. */
const trade = async (strategy: Strategy) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  openSandbox({ ...defaultCommunity, slots: 4 }, { scheduler, bus }).start();
  let given = 0;
  const running = run({
    transport: memoryTransport(bus),
    strategy: (market) => strategy(market).pipe(tap(() => (given += 1))),
    aggregator: 'fault',
    scheduler,
  });
  const kinds = new Map<OutcomeKind, number>();
  const failures: unknown[] = [];
  running.outcome$.subscribe(({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  running.failure$.subscribe((failure) => failures.push(failure));
  scheduler.flush();
  const end = await running.done;
  return { given, kinds: Object.fromEntries(kinds), failures, end };
};

describe('a run with a strategy that', () => {
  it('gives 1,000,000 commands in one turn has one outcome for each, and sends the last of each 50,000', async () => {
    const { given, kinds, end } = await trade(({ tick$ }) =>
      tick$.pipe(
        eachAsset(isLoad),
        take(1),
        mergeMap(({ asset }) => range(1_000_000).pipe(map(() => bidEnergy(asset.uuid, 0.01, 1)))),
      ),
    );
    expect(given).to.equal(1_000_000);
    // A batch goes out whenever it has 50,000 commands.
    expect(kinds).to.deep.equal({ superseded: given - 20, accepted: 20 });
    expect(end).to.deep.equal({ reason: 'finished' });
  });

  it('gives garbage has it refused, and goes on', async () => {
    const garbage = [undefined, null, 7, 'bid', {}, { kind: 'bid' }, [], () => 0, Symbol('bid'), NaN];
    const { given, kinds, failures, end } = await trade(({ tick$ }) =>
      tick$.pipe(concatMap(() => garbage as unknown as readonly Command[])),
    );
    expect(kinds).to.deep.equal({ refused: given });
    expect(failures).to.be.empty;
    expect(end).to.deep.equal({ reason: 'finished' });
  });

  it('never gives anything and never completes ends with the simulation', async () => {
    expect(await trade(() => NEVER)).to.deep.include({ given: 0, end: { reason: 'finished' } });
  });

  it('throws while it is built, or later, is named, and the run ends with the simulation', async () => {
    const { failures, end } = await trade(() => {
      throw new Error('out of luck');
    });
    expect(failures).to.have.length(1);
    expect(end).to.deep.equal({ reason: 'finished' });
  });
});
