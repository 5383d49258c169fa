import type { Observable } from 'rxjs';
import { aMarket, marbles } from '../../lib/testing.ts';
import { outages } from '../../lib/report/outages.ts';
import type { Run } from '../../lib/run.ts';

type Status = Run['status$'] extends Observable<infer S> ? S : never;

const STATUS: Readonly<Record<string, Status>> = {
  c: { state: 'connecting' },
  o: { state: 'open' },
  g: { state: 'gap', sinceMs: 1, reason: 'cable cut' },
  x: { state: 'closed', reason: 'closed by this client' },
  a: { state: 'alive' },
  l: { state: 'lost', reason: 'no heartbeat' },
  d: { state: 'deaf', reason: 'no answer' },
  r: { state: 'returned', reason: 'started anew' },
};

describe('outages', () => {
  const cases: readonly (readonly [string, string, string, Readonly<Record<string, object>>])[] = [
    ['has none while all is well', 'co-a-x|', '------|', {}],
    [
      'tells a gap when it is over, from its beginning on',
      '--g--o-|',
      '-----1-|',
      { 1: { of: 'connection', seconds: 0.004, over: true } },
    ],
    [
      'takes what fails again and again for one',
      'o-g-g-go|',
      '-------1|',
      { 1: { of: 'connection', seconds: 0.006, over: true } },
    ],
    [
      'tells of an exchange that was lost and is back, by itself or started anew',
      'oa-l--a-d-r|',
      '------1---2|',
      {
        1: { of: 'exchange', seconds: 0.003, over: true },
        2: { of: 'exchange', seconds: 0.002, over: true },
      },
    ],
    [
      'tells at the end what is not over',
      'oal-g---|',
      '--------(12|)',
      {
        1: { of: 'exchange', seconds: 0.006, over: false },
        2: { of: 'connection', seconds: 0.007, over: false },
      },
    ],
  ];
  for (const [what, statuses, expected, values] of cases)
    it(
      what,
      marbles(({ cold, expectObservable }) => {
        const status$ = cold(statuses, STATUS);
        expectObservable(outages(status$, aMarket(cold('')).scheduler)).toBe(expected, values);
      }),
    );
});
