import { expect } from 'chai';
import fc from 'fast-check';
import { GsyError } from '../../lib/errors.ts';
import { clockTime, marketDay } from '../../lib/operators/marketClock.ts';
import { slotsFrom } from './slots.ts';

/** How many slots of a quarter of an hour a day has in a market's zone. */
const slotsOn = (day: string, zone: string): number =>
  slotsFrom(`${day}T00:00`, -96, 200).filter((slot) => marketDay(slot, zone) === day).length;

describe('the clock of a market', () => {
  it('tells day and time in the zone of the market', () => {
    expect(clockTime('2026-06-21T12:00', 'Europe/Berlin')).to.equal('14:00');
    expect(clockTime('2026-01-21T12:00', 'Europe/Berlin')).to.equal('13:00');
    expect(marketDay('2026-06-21T22:15', 'Europe/Berlin')).to.equal('2026-06-22');
    expect(marketDay('2026-06-21T01:15', 'America/New_York')).to.equal('2026-06-20');
    expect(clockTime('2026-06-21T12:00', 'Asia/Kolkata')).to.equal('17:30');
    expect(clockTime('2026-06-21T12:00', 'UTC')).to.equal('12:00');
  });

  it('has days of 92, 96 and 100 quarters of an hour', () => {
    expect(slotsOn('2026-03-29', 'Europe/Berlin')).to.equal(92);
    expect(slotsOn('2026-06-21', 'Europe/Berlin')).to.equal(96);
    expect(slotsOn('2026-10-25', 'Europe/Berlin')).to.equal(100);
    expect(slotsOn('2026-10-25', 'UTC')).to.equal(96);
  });

  it('knows a clock that is put by half an hour', () => {
    expect(slotsOn('2026-10-04', 'Australia/Lord_Howe')).to.equal(94);
    expect(slotsOn('2026-04-05', 'Australia/Lord_Howe')).to.equal(98);
  });

  it('skips an hour in spring and has one twice in autumn', () => {
    const times = (slot: string) => slotsFrom(slot, 0, 8).map((at) => clockTime(at, 'Europe/Berlin'));
    expect(times('2026-03-29T00:30')).to.deep.equal([
      '01:30',
      '01:45',
      '03:00',
      '03:15',
      '03:30',
      '03:45',
      '04:00',
      '04:15',
    ]);
    expect(times('2026-10-25T00:30')).to.deep.equal([
      '02:30',
      '02:45',
      '02:00',
      '02:15',
      '02:30',
      '02:45',
      '03:00',
      '03:15',
    ]);
  });

  it('has each slot of a year on one day, days in order and times within them', () => {
    const day = fc.integer({ min: 0, max: 364 });
    fc.assert(
      fc.property(
        day,
        fc.constantFrom('Europe/Berlin', 'America/Havana', 'Pacific/Auckland'),
        (days, zone) => {
          const slots = slotsFrom('2026-01-01T00:00', days * 96, 97);
          const told = slots.map((slot) => marketDay(slot, zone));
          expect(told).to.deep.equal(told.toSorted());
          for (const slot of slots) expect(clockTime(slot, zone)).to.match(/^([01]\d|2[0-3]):(00|15|30|45)$/);
        },
      ),
      { numRuns: 50 },
    );
  });

  for (const [slot, zone] of [
    ['2026-06-21T12:00', 'Berlin'],
    ['2026-06-21T12:00', ''],
    ['noon', 'Europe/Berlin'],
  ] as const)
    it(`refuses "${slot}" in "${zone}"`, () => {
      expect(() => clockTime(slot, zone))
        .to.throw(GsyError)
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
