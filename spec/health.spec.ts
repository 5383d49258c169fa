import { answersIn } from '../lib/link.ts';
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
  const exchange = {
    beats: true,
    listens: true,
    counts: undefined as readonly number[] | undefined,
    status: 'error' as 'ready' | 'error',
  };
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
        linkSubject.next({ kind: 'aggregator-reply', transactionId: 'uuid', status: exchange.status }),
      );
    return of({ receivers: 1 });
  };
  const states: string[] = [];
  const listeners = () => of(exchange.counts);
  exchangeHealth(
    { link$: linkSubject, answers: answersIn(linkSubject), send, listeners, scheduler },
    statusSubject,
    {
      name: 'me',
      uuid: 'uuid',
    },
  ).subscribe(({ state }) => states.push(`${scheduler.now() / 1_000} ${state}`));
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

  it('says returned when a probe creates the aggregator anew, and alive with the next heartbeat', () => {
    const w = watch(60_000);
    w.at(25, () => (w.exchange.status = 'ready'));
    w.at(35, () => (w.exchange.status = 'error'));
    w.run();
    expect(w.states).to.deep.equal(['0 alive', '30 returned', '30 alive']);
  });

  it('does not call an exchange deaf that comes back while a probe is under way', () => {
    const w = watch(60_000);
    w.at(28, () => Object.assign(w.exchange, { beats: false, listens: false }));
    w.at(34, () => Object.assign(w.exchange, { beats: true, listens: true, status: 'ready' }));
    w.at(38, () => (w.exchange.status = 'error'));
    w.run();
    expect(w.states).to.deep.equal(['0 alive', '35 returned', '35 alive']);
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

  it('says absent, once, where nobody listens after 3 s, and alive when an exchange is there', () => {
    const w = watch(30_000);
    Object.assign(w.exchange, { beats: false, counts: [0] });
    w.at(14, () => Object.assign(w.exchange, { beats: true, counts: [1] }));
    w.run();
    expect(w.states).to.deep.equal(['3 absent', '15 alive']);
  });

  it('says absent of an exchange that has gone during a gap in the connection', () => {
    const w = watch(60_000);
    w.at(20, () => {
      w.statusSubject.next({ state: 'gap', sinceMs: 0, reason: '' });
      Object.assign(w.exchange, { beats: false, listens: false, counts: [0] });
    });
    w.at(30, () => w.statusSubject.next({ state: 'open' }));
    w.run();
    expect(w.states).to.deep.equal(['0 alive', '33.001 absent']);
  });

  it('watches nothing where there is no heartbeat', () => {
    const w = watch(60_000);
    w.exchange.beats = false;
    w.run();
    expect(w.states).to.be.empty;
    expect(w.probes).to.be.empty;
  });
});
