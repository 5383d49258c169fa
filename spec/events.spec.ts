import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { NEVER, Observable, VirtualTimeScheduler, type Subscriber } from 'rxjs';
import { eventStreams } from '../lib/events.ts';
import type { MarketEvent } from '../lib/model/events.ts';
import type { Failure } from '../lib/model/failures.ts';
import type { Frame } from '../lib/wire/messages.ts';

const samples = readFileSync(new URL('fixtures/samples/aggregator-events.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as { readonly name: string; readonly received: readonly Frame[] });

const sample = (name: string): Frame => samples.find((candidate) => candidate.name === name)!.received[0]!;

/** Event streams over frames that the spec pushes. */
const streams = () => {
  const subscribers: Subscriber<Frame>[] = [];
  const frame$ = new Observable<Frame>((subscriber) => {
    subscribers.push(subscriber);
  });
  const opened = eventStreams({
    frame$,
    outcome$: NEVER,
    scheduler: new VirtualTimeScheduler(),
    report: () => undefined,
    feeUnit: 'cents/kWh',
    configurationId: '',
  });
  const events: MarketEvent[] = [];
  const failures: Failure[] = [];
  opened.market.event$.subscribe((event) => events.push(event));
  opened.failure$.subscribe((failure) => failures.push(failure));
  return { ...opened, subscribers, events, failures, push: (frame: Frame) => subscribers[0]!.next(frame) };
};

describe('eventStreams', () => {
  it('opens the connection once, on connect, however many listen', () => {
    const s = streams();
    s.market.tick$.subscribe();
    s.market.trade$.subscribe();
    s.link$.subscribe();
    expect(s.subscribers).to.be.empty;
    const connection = s.connect();
    s.market.marketSlot$.subscribe();
    expect(s.subscribers).to.have.length(1);
    connection.unsubscribe();
    expect(s.subscribers[0]!.closed).to.equal(true);
  });

  it('gives each kind of event its stream', () => {
    const s = streams();
    const seen: string[] = [];
    const { marketSlot$, tick$, trade$, finished$ } = s.market;
    marketSlot$.subscribe(({ slot }) => seen.push(`slot ${slot}`));
    tick$.subscribe(({ progress }) => seen.push(`tick ${progress}`));
    trade$.subscribe(({ assetName, side }) => seen.push(`${assetName} ${side}`));
    finished$.subscribe(() => seen.push('finished'));
    s.connect();
    for (const name of ['market', 'tick-40', 'trade-several', 'finish']) s.push(sample(name));
    expect(seen.slice(0, 2)).to.deep.equal(['slot 2026-11-22T01:00', 'tick 0.4']);
    expect(seen.slice(2, -1).length).to.be.above(1);
    expect(new Set(seen.slice(2, -1))).to.include('PV 1 (4kW) sold');
    expect(seen.at(-1)).to.equal('finished');
  });

  it('lets every event carry the grid of its moment, and those without one the newest', () => {
    const s = streams();
    s.connect();
    s.push(sample('tick-first-slot'));
    s.push(sample('market'));
    s.push(sample('finish'));
    const [first, market, finish] = s.events;
    expect(first?.grid.areas).to.be.empty;
    expect(market?.grid.root?.name).to.equal('Grid');
    expect(finish?.grid).to.equal(market?.grid);
  });

  it('reports frames that it does not understand, and goes on', () => {
    const s = streams();
    s.connect();
    const { channel } = sample('market');
    s.push({ channel, data: '{' });
    s.push({ channel, data: new Uint8Array([0xff, 0xfe]) });
    s.push({ channel: 'elsewhere', data: '{}' });
    s.push(sample('market'));
    expect(s.failures.map(({ kind }) => kind)).to.deep.equal(Array(3).fill('decode-failure'));
    expect(s.events).to.have.length(1);
  });

  it('reports assets that it cannot read, and gives the event without them', () => {
    const s = streams();
    s.connect();
    const { channel, data } = sample('market');
    s.push({
      channel,
      data: String(data).replaceAll('"energy_requirement_kWh": ', '"energy_requirement_kWh": null, "x": '),
    });
    expect(s.failures).to.have.length.above(0);
    expect(s.failures[0]).to.have.property('at').that.includes('energy_requirement_kWh');
    expect(s.events).to.have.length(1);
    expect(s.events[0]?.grid.assets.map(({ kind }) => kind)).to.deep.equal(['pv', 'storage']);
  });

  it('tells all of a frame before it tells anybody of one that came meanwhile, and of the end', () => {
    const s = streams();
    const heard: string[] = [];
    s.market.event$.subscribe(({ kind }) => {
      if (kind !== 'market-slot') return;
      s.push(sample('tick-40'));
      s.subscribers[0]!.complete();
    });
    s.market.event$.subscribe({
      next: ({ kind }) => heard.push(kind),
      complete: () => heard.push('the end'),
    });
    s.connect();
    s.push(sample('market'));
    expect(heard).to.deep.equal(['market-slot', 'tick', 'the end']);
  });

  it('tells nobody of what came meanwhile once the connection is let go', () => {
    const s = streams();
    s.market.event$.subscribe(() => {
      s.push(sample('tick-40'));
      connection.unsubscribe();
    });
    const connection = s.connect();
    s.push(sample('market'));
    expect(s.events.map(({ kind }) => kind)).to.deep.equal(['market-slot']);
  });

  it('completes when the connection ends', () => {
    const s = streams();
    let completed = false;
    s.market.event$.subscribe({ complete: () => (completed = true) });
    s.connect();
    s.subscribers[0]!.complete();
    expect(completed).to.equal(true);
  });
});
