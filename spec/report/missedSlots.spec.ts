import { expect } from 'chai';
import { from, toArray } from 'rxjs';
import type { MarketEvent } from '../../lib/model/events.ts';
import { missedSlots } from '../../lib/report/missedSlots.ts';
import { aSlot, aTick, aTrade, finished } from '../../lib/testing.ts';

const slot = (time: string) => aSlot({ slot: `2026-06-21T${time}` });
const tick = (time: string) => aTick({ slot: `2026-06-21T${time}` });

/** How many were missed each time. */
const missedIn = (...events: readonly MarketEvent[]): readonly number[] => {
  let missed: readonly number[] = [];
  from(events)
    .pipe(missedSlots, toArray())
    .subscribe((all) => (missed = all));
  return missed;
};

describe('missedSlots', () => {
  it('misses nothing when slot follows slot, with ticks between or without', () => {
    expect(missedIn(slot('23:30'), tick('23:30'), slot('23:45'), tick('23:45'))).to.be.empty;
    expect(missedIn(slot('12:00'), slot('12:15'), aTrade(), slot('12:30'), finished)).to.be.empty;
  });

  it('counts the slots between two that are further apart', () => {
    expect(missedIn(slot('12:00'), slot('12:15'), slot('13:00'), slot('13:15'), slot('13:45'))).to.deep.equal(
      [2, 1],
    );
  });

  it('counts across midnight', () => {
    const next = aSlot({ slot: '2026-06-22T00:15' });
    expect(missedIn(slot('23:30'), slot('23:45'), next)).to.deep.equal([1]);
  });

  it('counts a slot of which only ticks tell', () => {
    expect(missedIn(slot('12:00'), tick('12:15'), tick('12:15'), slot('12:30'))).to.deep.equal([1]);
  });

  it('does not count the slot in which a client begins', () => {
    expect(missedIn(tick('12:00'), slot('12:15'))).to.be.empty;
  });

  it('takes a late tick and a simulation that begins anew for what they are', () => {
    expect(missedIn(slot('12:00'), slot('12:15'), tick('12:00'), slot('12:30'))).to.be.empty;
    expect(missedIn(slot('12:00'), slot('12:15'), slot('00:00'), slot('00:15'))).to.be.empty;
  });
});
