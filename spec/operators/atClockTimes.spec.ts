import { expect } from 'chai';
import { from, toArray } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { atClockTimes } from '../../lib/operators/atClockTimes.ts';
import { clockTime, marketDay } from '../../lib/operators/marketClock.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { slotsFrom } from './slots.ts';

const zone = 'Europe/Berlin';
const at = (...times: readonly string[]) => atClockTimes<{ readonly slot: string }>({ times, zone });
const moments = {
  a: { slot: '2026-06-21T04:45' },
  b: { slot: '2026-06-21T05:00' },
  B: { slot: '2026-06-21T05:00', tick: 1 },
  c: { slot: '2026-06-21T05:15' },
  d: { slot: '2026-06-22T05:15' },
};

const passing = (slots: readonly string[], ...times: readonly string[]): readonly string[] => {
  let found: readonly string[] = [];
  from(slots.map((slot) => ({ slot })))
    .pipe(at(...times), toArray())
    .subscribe((passed) => (found = passed.map(({ slot }) => slot)));
  return found;
};

describe('atClockTimes', () => {
  keepsTheOperatorContract(() => ({ operator: at('07:00'), input: moments.b, output: moments.b }));

  it(
    "lets all moments of the slots at these times of the market's day through",
    marbles(({ hot, expectObservable }) => {
      const moment$ = hot('-a-b-B-c-|', moments);
      const expected = '   ---b-B---|';
      expectObservable(moment$.pipe(at('07:00'))).toBe(expected, moments);
    }),
  );

  it(
    'meets a time between two slots with the one after it',
    marbles(({ hot, expectObservable }) => {
      const moment$ = hot('-a-b-B-c-|', moments);
      const expected = '   ---b-B-c-|';
      expectObservable(moment$.pipe(at('06:50', '07:01'))).toBe(expected, moments);
    }),
  );

  it(
    'makes up for a time that was missed while it listened, and for none before',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-c-d-|', moments).pipe(at('07:00'))).toBe('---d-|', moments);
      expectObservable(hot('-c---|', moments).pipe(at('07:00'))).toBe('-----|', moments);
    }),
  );

  it('comes once a day, on days of 92, 96 and 100 slots', () => {
    for (const day of ['2026-03-29', '2026-06-21', '2026-10-25']) {
      const slots = slotsFrom(`${day}T00:00`, -8, 112).filter((slot) => marketDay(slot, zone) === day);
      for (const time of ['00:00', '01:45', '02:00', '02:30', '03:00', '23:45'])
        expect(passing(slots, time), `${time} on ${day}`).to.have.length(1);
    }
  });

  it('comes right after a time that the clock skips, and at the first of two', () => {
    const around = (day: string) => slotsFrom(`${day}T00:00`, 0, 12);
    expect(passing(around('2026-03-29'), '02:30')).to.deep.equal(['2026-03-29T01:00']);
    expect(clockTime('2026-03-29T01:00', zone)).to.equal('03:00');
    expect(passing(around('2026-10-25'), '02:30')).to.deep.equal(['2026-10-25T00:30']);
  });

  for (const times of [['7:00'], ['24:00'], ['07:60'], ['']])
    it(`refuses "${String(times)}" as a time when it is built`, () => {
      expect(() => at(...times))
        .to.throw(GsyError, 'atClockTimes: times')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });

  it('refuses a zone that is not known when it is built', () => {
    expect(() => atClockTimes({ times: [], zone: 'Berlin' }))
      .to.throw(GsyError, 'atClockTimes: zone')
      .with.property('code', 'ERR_GSY_OPTIONS');
  });
});
