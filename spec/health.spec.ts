import { expect } from 'chai';
import { of, Subject, VirtualTimeScheduler } from 'rxjs';
import type { LinkMessage } from '../lib/events.ts';
import { exchangeHealth } from '../lib/health.ts';
import type { TransportStatus } from '../lib/transport/transport.ts';
import type { Request } from '../lib/wire/messages.ts';

/** An exchange that beats every 5 s and answers probes, until it is told otherwise. */
const watch = (untilMs: number) => {
  const scheduler = new VirtualTimeScheduler(undefined, untilMs);
  const linkSubject = new Subject<LinkMessage>();
  const statusSubject = new Subject<TransportStatus>();
  const exchange = { beats: true, listens: true };
  const probes: Request[] = [];
  const beat = () => {
    if (exchange.beats) linkSubject.next({ kind: 'heartbeat', timeS: scheduler.now() / 1_000 });
    scheduler.schedule(beat, 5_000);
  };
  scheduler.schedule(beat);
  const send = (request: Request) => {
    probes.push(request);
    if (exchange.listens)
      scheduler.schedule(() =>
        linkSubject.next({ kind: 'aggregator-reply', transactionId: 'uuid', status: 'error' }),
      );
    return of({ receivers: 1 });
  };
  const states: string[] = [];
  const listeners = () => of(undefined);
  exchangeHealth({ link$: linkSubject, send, listeners, scheduler }, statusSubject, {
    name: 'me',
    uuid: 'uuid',
  }).subscribe(({ state }) => states.push(`${scheduler.now() / 1_000} ${state}`));
  statusSubject.next({ state: 'open' });
  const at = (seconds: number, action: () => void) => scheduler.schedule(action, seconds * 1_000 + 1);
  return { scheduler, exchange, states, probes, statusSubject, at, run: () => scheduler.flush() };
};

describe('exchangeHealth', () => {
  it('says alive once, as long as all is well, and probes with a harmless CREATE', () => {
    const w = watch(120_000);
    w.run();
    expect(w.states).to.deep.equal(['0 alive']);
    expect(w.probes.length).to.be.within(11, 12);
    expect(w.probes[0]).to.deep.equal({ kind: 'create-aggregator', name: 'me', aggregatorUuid: 'uuid' });
  });

  it('says lost within 20 s of the last heartbeat, and alive when it beats again', () => {
    const w = watch(120_000);
    w.at(30, () => (w.exchange.beats = false));
    w.at(60, () => (w.exchange.beats = true));
    w.run();
    expect(w.states).to.deep.equal(['0 alive', '46 lost', '65 alive']);
  });

  it('says deaf within 20 s of the last answer', () => {
    const w = watch(60_000);
    w.at(30, () => (w.exchange.listens = false));
    w.run();
    expect(w.states).to.deep.equal(['0 alive', '46 deaf']);
  });

  it('says lost, and not deaf, of an exchange that has died', () => {
    const w = watch(60_000);
    w.at(30, () => {
      w.exchange.listens = false;
      w.exchange.beats = false;
    });
    w.run();
    expect(w.states).to.deep.equal(['0 alive', '46 lost']);
  });

  it('says nothing of the exchange while the connection is interrupted', () => {
    const w = watch(120_000);
    w.at(30, () => {
      w.exchange.beats = false;
      w.statusSubject.next({ state: 'gap', sinceMs: 0, reason: 'cut' });
    });
    w.at(80, () => {
      w.exchange.beats = true;
      w.statusSubject.next({ state: 'open' });
    });
    w.run();
    expect(w.states).to.deep.equal(['0 alive']);
  });

  it('watches nothing where there is no heartbeat', () => {
    const w = watch(60_000);
    w.exchange.beats = false;
    w.run();
    expect(w.states).to.be.empty;
    expect(w.probes).to.be.empty;
  });
});
