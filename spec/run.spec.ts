import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EMPTY, map, NEVER, of, throwError, timer, VirtualTimeScheduler } from 'rxjs';
import { aggregatorUuidOf, type AreaControl } from '../lib/aggregator.ts';
import { bidEnergyRate } from '../lib/commands.ts';
import type { MarketEvent } from '../lib/model/events.ts';
import type { Failure } from '../lib/model/failures.ts';
import type { Outcome } from '../lib/model/outcomes.ts';
import { eachAsset } from '../lib/operators/eachAsset.ts';
import { isLoad } from '../lib/grid/grid.ts';
import { run, type RunEnd, type RunOptions } from '../lib/run.ts';
import { openSandbox, parseCommunity } from '../lib/sandbox/sandbox.ts';
import type { Strategy } from '../lib/strategy.ts';
import { memoryBus, memoryTransport } from '../lib/transport/memory.ts';
import type { Transport } from '../lib/transport/transport.ts';
import { eventsChannel } from '../lib/wire/channels.ts';
import basic from '../strategies/basic.ts';

const community = parseCommunity(
  readFileSync(new URL('fixtures/communities/small.json', import.meta.url), 'utf8'),
);
const SLOT_MS = 15 * 60_000;

/** A run on the embedded exchange in virtual time, watched. */
const watch = (options: Partial<RunOptions> = {}, exchange = true) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  if (exchange) openSandbox(community, { scheduler, bus }).start();
  const running = run({
    transport: memoryTransport(bus),
    strategy: basic,
    aggregator: 'spec',
    scheduler,
    ...options,
  });
  const events: MarketEvent[] = [];
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  const areas: AreaControl[] = [];
  running.market.event$.subscribe((event) => events.push(event));
  running.outcome$.subscribe((outcome) => outcomes.push(outcome));
  running.failure$.subscribe((failure) => failures.push(failure));
  running.control$.subscribe((controls) => areas.push(...controls));
  const at = (time: number, action: () => void) => scheduler.schedule(action, time);
  const end = async (): Promise<RunEnd> => {
    scheduler.flush();
    return running.done;
  };
  return { running, scheduler, bus, events, outcomes, failures, areas, at, end };
};

const namesOf = (areas: readonly AreaControl[]) => areas.map(({ name, status }) => `${name} ${status}`);

describe('run', () => {
  it('takes control of every area and trades until the simulation ends', async () => {
    const w = watch();
    expect(await w.end()).to.deep.equal({ reason: 'finished' });
    expect(namesOf(w.areas)).to.deep.equal(['Grid held', 'House held', 'Load held', 'PV held']);
    expect(w.failures).to.be.empty;
    expect(w.events.filter(({ kind }) => kind === 'market-slot')).to.have.length(4);
    expect(w.events.filter(({ kind }) => kind === 'trade')).not.to.be.empty;
    expect(w.outcomes).not.to.be.empty;
  });

  it('trades with one of several exchanges, by the configuration id that its connection knows', async () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    openSandbox(community, { scheduler, bus, configurationId: 'cfg' }).start();
    const w = watch({ transport: memoryTransport(bus, { configurationId: 'cfg' }), scheduler }, false);
    scheduler.flush();
    expect(await w.running.done).to.deep.equal({ reason: 'finished' });
    expect(w.outcomes.filter(({ kind }) => kind === 'accepted')).not.to.be.empty;
  });

  it('controls only the areas named', async () => {
    const w = watch({ areas: ['Load'] });
    await w.end();
    expect(namesOf(w.areas)).to.deep.equal(['Load held']);
    expect(new Set(w.outcomes.map(({ command }) => command.areaUuid)).size).to.equal(1);
  });

  it('hears the very first market event, and the trades of the last tick', async () => {
    const w = watch();
    await w.end();
    const first = w.events.find(({ kind }) => kind === 'market-slot');
    expect(first).to.include({ slot: '2026-06-21T00:00', progress: 0 });
    expect(first?.grid.areas).to.be.empty;
    expect(w.events.filter(({ kind }) => kind === 'finished')).to.have.length(1);
  });

  it('gives every command one outcome', async () => {
    let given = 0;
    const counting: Strategy = (market) =>
      basic(market).pipe(
        map((command) => {
          given += 1;
          return command;
        }),
      );
    const w = watch({ strategy: counting });
    await w.end();
    expect(given).to.be.above(20);
    expect(w.outcomes).to.have.length(given);
  });

  it('does the same again, to the byte', async () => {
    const one = watch();
    await one.end();
    const other = watch();
    await other.end();
    expect(other.outcomes).to.deep.equal(one.outcomes);
  });

  it('stops on demand: no more commands, all outcomes, connection closed', async () => {
    const w = watch();
    w.at(1.5 * SLOT_MS, () => void w.running.stop());
    expect(await w.end()).to.deep.equal({ reason: 'stopped' });
    const before = w.outcomes.length;
    expect(before).to.be.above(0);
    expect(w.events.filter(({ kind }) => kind === 'market-slot')).to.have.length(2);
  });

  it('isolates strategies: one that fails is named, the others go on', async () => {
    const shortLived: Strategy = ({ tick$ }) =>
      tick$.pipe(
        map(() => {
          throw new Error('out of luck');
        }),
      );
    const forgetful = (() => undefined) as unknown as Strategy;
    const w = watch({ strategy: [shortLived, forgetful, basic] });
    expect(await w.end()).to.deep.equal({ reason: 'finished' });
    expect(w.failures).to.deep.equal([
      {
        kind: 'strategy-failure',
        strategy: 'forgetful',
        reason: 'forgetful does not return a stream of commands; is a return statement missing?',
      },
      { kind: 'strategy-failure', strategy: 'shortLived', reason: 'out of luck' },
    ]);
    expect(w.outcomes.filter(({ kind }) => kind === 'accepted')).not.to.be.empty;
  });

  it('goes on when its strategy has nothing more to say', async () => {
    const w = watch({ strategy: () => EMPTY });
    expect(await w.end()).to.deep.equal({ reason: 'finished' });
  });

  it('lets a strategy react to its own outcomes', async () => {
    const outcomesSeen: Outcome[] = [];
    const reactive: Strategy = ({ marketSlot$, outcome$ }) => {
      outcome$.subscribe((outcome) => outcomesSeen.push(outcome));
      return marketSlot$.pipe(
        eachAsset(isLoad),
        map(({ asset }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh, 35)),
      );
    };
    const w = watch({ strategy: reactive });
    await w.end();
    expect(outcomesSeen).to.deep.equal(w.outcomes);
  });

  it('turns messages it does not understand into failures and goes on', async () => {
    const w = watch();
    const events = eventsChannel(aggregatorUuidOf('spec'));
    w.at(SLOT_MS, () => w.bus.publish(events, '{"event": "tick"'));
    w.at(SLOT_MS, () => w.bus.publish(events, '{"event": "earthquake"}'));
    expect(await w.end()).to.deep.equal({ reason: 'finished' });
    expect(w.failures.map(({ kind }) => kind)).to.deep.equal(['decode-failure', 'decode-failure']);
  });

  it('fails with what to do when no exchange answers', async () => {
    const end = await watch({}, false).end();
    expect(end).to.have.nested.property('error.code', 'ERR_GSY_NO_EXCHANGE');
    expect(end).to.have.nested.property('error.message').that.includes('no exchange answered');
  });

  it('fails with the names there are when an area is unknown', async () => {
    const end = await watch({ areas: ['Windmill'] }).end();
    expect(end).to.have.nested.property('error.code', 'ERR_GSY_UNKNOWN_AREA');
    expect(end).to.have.nested.property('error.message').that.includes('Windmill').and.includes('Load');
  });

  it('fails when every area is held by somebody else, and names the holder', async () => {
    const w = watch({ areas: ['Load'] });
    const rival = run({
      transport: memoryTransport(w.bus),
      strategy: () => NEVER,
      aggregator: 'rival',
      areas: ['Load'],
      scheduler: w.scheduler,
    });
    w.scheduler.flush();
    const end = await rival.done;
    expect(end).to.have.nested.property('error.code', 'ERR_GSY_AREA_HELD');
    expect(end).to.have.nested.property('error.message').that.includes(aggregatorUuidOf('spec'));
  });

  it('finds its areas again under the same name after a restart', async () => {
    const w = watch();
    w.at(SLOT_MS, () => void w.running.stop());
    let again: readonly AreaControl[] = [];
    w.at(2 * SLOT_MS, () =>
      run({
        transport: memoryTransport(w.bus),
        strategy: basic,
        aggregator: 'spec',
        scheduler: w.scheduler,
      }).control$.subscribe((areas) => (again = areas)),
    );
    await w.end();
    expect(namesOf(again)).to.deep.equal(namesOf(w.areas));
  });

  it('ends when the connection does, and says so', async () => {
    const broken = (frame$: Transport['frame$']): Transport => ({
      frame$,
      status$: of({ state: 'open' }),
      send: () => of({}),
      listeners: () => of(undefined),
      close: () => EMPTY,
    });
    const completed = watch({ transport: broken(EMPTY) }, false);
    expect(await completed.end()).to.deep.equal({ reason: 'disconnected' });
    const failed = watch({ transport: broken(throwError(() => new Error('cable cut'))) }, false);
    expect(await failed.end()).to.have.nested.property('error.message', 'Error: cable cut');
  });

  it('asks again while the exchange is still starting', async () => {
    const w = watch({}, false);
    w.at(3_500, () => openSandbox(community, { scheduler: w.scheduler, bus: w.bus }).start());
    expect(await w.end()).to.deep.equal({ reason: 'finished' });
  });

  it('says when the exchange has died, or no longer listens', async () => {
    const w = watch();
    const states: string[] = [];
    w.running.status$.subscribe(({ state }) => states.push(state));
    const beat = () => w.bus.publish('gsy-e-heartbeat/', `{"time": ${w.scheduler.now() / 1_000}}`);
    for (let seconds = 0; seconds <= 60; seconds += 5) w.at(seconds * 1_000 + 500, beat);
    await w.end();
    expect(states).to.deep.equal(['open', 'alive', 'lost']);
  });

  it('leaves the scheduler empty behind it', async () => {
    const w = watch({
      strategy: ({ scheduler }) => timer(0, 60_000, scheduler).pipe(map(() => bidEnergyRate('x', 1, 1))),
    });
    await w.end();
    expect(w.scheduler.actions).to.be.empty;
  });
});
