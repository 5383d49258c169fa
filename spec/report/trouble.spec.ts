import { expect } from 'chai';
import { ReplaySubject, Subject, VirtualTimeScheduler, type Observable } from 'rxjs';
import { bidEnergy } from '../../lib/commands.ts';
import { marketOf } from '../../lib/events.ts';
import type { MarketEvent } from '../../lib/model/events.ts';
import type { Failure } from '../../lib/model/failures.ts';
import type { Outcome } from '../../lib/model/outcomes.ts';
import { trouble, type Trouble } from '../../lib/report/trouble.ts';
import { troubleLines } from '../../lib/report/troubleLines.ts';
import type { Run } from '../../lib/run.ts';
import { aSlot, finished } from '../../lib/testing.ts';

const command = bidEnergy('load', 1, 30);
const rejected = (reason: string): Outcome => ({
  ...{ kind: 'rejected', command, transactionId: 't', reason, formerOrderMayBeGone: false },
});
const unanswered = (reason: string): Outcome => ({ kind: 'unanswered', command, transactionId: 't', reason });
const unsent = (reason: string): Outcome => ({ kind: 'unsent', command, reason });
const refused: Outcome = { kind: 'refused', command, reason: 'the kill switch is on' };

/** A run whose streams are in the hand of the spec, and what trouble it had at its end. */
const aRun = () => {
  const subjects = {
    event: new Subject<MarketEvent>(),
    outcome: new Subject<Outcome>(),
    failure: new Subject<Failure>(),
    status: new ReplaySubject<Run['status$'] extends Observable<infer S> ? S : never>(1),
    control: new Subject<Run['control$'] extends Observable<infer C> ? C : never>(),
  };
  const scheduler = new VirtualTimeScheduler();
  const running = {
    market: marketOf(subjects.event, { outcome$: subjects.outcome, scheduler, report: () => undefined }),
    outcome$: subjects.outcome,
    failure$: subjects.failure,
    status$: subjects.status,
    control$: subjects.control,
  } as unknown as Run;
  let told: Trouble | undefined;
  trouble(running).subscribe((all) => (told = all));
  return {
    ...subjects,
    at: (ms: number) => (scheduler.frame = ms),
    end: (): Trouble => {
      expect(told).to.equal(undefined);
      subjects.outcome.complete();
      subjects.failure.complete();
      subjects.status.complete();
      return told!;
    },
  };
};

describe('trouble', () => {
  it('is silent about a run in which all went well', () => {
    const r = aRun();
    r.control.next([{ status: 'held', uuid: 'load', name: 'Load' }]);
    r.status.next({ state: 'open' });
    r.event.next(aSlot());
    r.outcome.next(refused);
    r.status.next({ state: 'closed', reason: 'closed by this client' });
    expect(troubleLines(r.end())).to.equal('');
  });

  it('counts reasons without their figures, the most frequent first', () => {
    const r = aRun();
    r.outcome.next(rejected('too late'));
    for (const energy of ['1.5', '0.25', '1e-7'])
      r.outcome.next(rejected(`${energy} kWh is more than 3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11 has`));
    r.outcome.next(unsent('nobody listens'));
    expect(r.end().commands).to.deep.equal([
      { kind: 'rejected', reason: '… kWh is more than … has', count: 3 },
      { kind: 'rejected', reason: 'too late', count: 1 },
      { kind: 'unsent', reason: 'nobody listens', count: 1 },
    ]);
  });

  it('keeps a bounded number of reasons', () => {
    const r = aRun();
    const letters = 'abcdefghijklmnop'.split('');
    for (const one of letters) for (const other of letters) r.outcome.next(rejected(`no ${one}${other}`));
    const { commands } = r.end();
    expect(commands).to.have.length(101);
    expect(commands[0]).to.deep.equal({ kind: 'rejected', reason: 'other reasons', count: 156 });
  });

  it('finds nothing wrong with commands that the end of the simulation overtook', () => {
    const r = aRun();
    r.outcome.next(unanswered('no reply'));
    r.event.next(finished);
    r.outcome.next(unanswered('the simulation finished before the exchange answered'));
    expect(r.end().commands).to.deep.equal([{ kind: 'unanswered', reason: 'no reply', count: 1 }]);
  });

  it('finds nothing wrong with an exchange that goes when its simulation has ended', () => {
    const r = aRun();
    r.status.next({ state: 'lost', reason: 'no heartbeat' });
    r.at(1_000);
    r.event.next(finished);
    r.status.next({ state: 'gap', sinceMs: 1_000, reason: 'cable cut' });
    expect(r.end().outages).to.deep.equal([{ of: 'exchange', count: 1, seconds: 1, over: true }]);
  });

  it('is told in lines for a terminal', () => {
    const r = aRun();
    r.control.next([]);
    r.control.next([
      { status: 'held', uuid: 'load', name: 'Load' },
      { status: 'refused', uuid: 'pv', name: 'PV', reason: 'held by another' },
    ]);
    r.failure.next({ kind: 'strategy-failure', strategy: 'basic', reason: 'out of luck' });
    r.failure.next({ kind: 'strategy-failure', strategy: 'other', reason: 'out of luck' });
    r.status.next({ state: 'gap', sinceMs: 1_000, reason: 'cable cut' });
    r.at(3_500);
    r.status.next({ state: 'open' });
    r.status.next({ state: 'returned', reason: 'started anew' });
    r.status.next({ state: 'lost', reason: 'no heartbeat' });
    r.at(4_500);
    for (const slot of ['12:00', '12:15', '13:00']) r.event.next(aSlot({ slot: `2026-06-21T${slot}` }));
    for (const reason of 'abcdefg') for (const kind of [rejected, unanswered]) r.outcome.next(kind(reason));
    expect(troubleLines(r.end()).split('\n')).to.deep.equal([
      'Trouble',
      'failures            2 strategy-failure',
      'rejected            1: a',
      '                    1: b',
      '                    1: c',
      '                    1: d',
      '                    and 3 more',
      'unanswered          1: a',
      '                    1: b',
      '                    1: c',
      '                    1: d',
      '                    and 3 more',
      'connection gaps     1, 2.5 s in all',
      'exchange gone       1, 1.0 s in all, and not back at the end',
      'exchange restarts   1',
      'missed slots        2',
      'not under control   PV: held by another',
      '',
    ]);
  });
});
