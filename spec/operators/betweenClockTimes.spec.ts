import { expect } from 'chai';
import { from, toArray } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { betweenClockTimes } from '../../lib/operators/betweenClockTimes.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { slotsFrom } from './slots.ts';

const zone = 'Europe/Berlin';
const evening = () => betweenClockTimes<{ readonly slot: string }>({ from: '17:00', to: '20:00', zone });
const moments = {
  a: { slot: '2026-06-21T14:45' },
  b: { slot: '2026-06-21T15:00' },
  c: { slot: '2026-06-21T17:45' },
  d: { slot: '2026-06-21T18:00' },
};
const countOn = (day: string, begin: string, end: string): number => {
  let found = 0;
  from(slotsFrom(`${day}T00:00`, -8, 96).map((slot) => ({ slot })))
    .pipe(betweenClockTimes({ from: begin, to: end, zone }), toArray())
    .subscribe(({ length }) => (found = length));
  return found;
};

describe('betweenClockTimes', () => {
  keepsTheOperatorContract(() => ({ operator: evening(), input: moments.b, output: moments.b }));

  it(
    'lets the moments of slots through that begin within the hours, the first time included',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-b-b-c-d-|', moments).pipe(evening())).toBe('---b-b-c---|', moments);
    }),
  );

  it('spans midnight, and the whole day', () => {
    expect(countOn('2026-06-21', '22:00', '06:00')).to.equal(32);
    expect(countOn('2026-06-21', '06:00', '22:00')).to.equal(64);
    expect(countOn('2026-06-21', '06:00', '06:00')).to.equal(96);
  });

  it('is shorter when the clock is put forward and longer when it is put back', () => {
    expect(countOn('2026-03-29', '01:00', '04:00')).to.equal(8);
    expect(countOn('2026-06-21', '01:00', '04:00')).to.equal(12);
    expect(countOn('2026-10-25', '01:00', '04:00')).to.equal(16);
  });

  for (const hours of [
    { from: '7', to: '20:00', zone },
    { from: '17:00', to: '24:00', zone },
    { from: '17:00', to: '20:00', zone: 'CET+1' },
  ])
    it(`refuses ${JSON.stringify(hours)} when it is built`, () => {
      expect(() => betweenClockTimes(hours))
        .to.throw(GsyError, 'betweenClockTimes: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
