import { expect } from 'chai';
import { from } from 'rxjs';
import type { SlotEvent } from '../../lib/model/events.ts';
import { withMarketRates } from '../../lib/operators/withMarketRates.ts';
import { aFirstSlot, aGrid, aSlot, aTick } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const gridAt = (averageRate?: number) =>
  aGrid([], averageRate === undefined ? {} : { lastStats: { averageRate } });
const slotAt = (hour: string, averageRate?: number) =>
  aSlot({ slot: `2026-06-21T${hour}:00`, grid: gridAt(averageRate) });
const tickAt = (hour: string, averageRate?: number) =>
  aTick({ slot: `2026-06-21T${hour}:00`, grid: gridAt(averageRate) });

const ratesOf = (over: number, ...events: readonly SlotEvent[]): readonly (readonly number[])[] => {
  const found: (readonly number[])[] = [];
  from(events)
    .pipe(withMarketRates({ over }))
    .subscribe(({ marketRates }) => found.push(marketRates));
  return found;
};

describe('withMarketRates', () => {
  keepsTheOperatorContract(() => {
    const input = slotAt('12', 8);
    return {
      operator: withMarketRates<SlotEvent>({ over: 2 }),
      input,
      output: { ...input, marketRates: [8] },
    };
  });

  it('adds the mean rates of the newest slots, oldest first, each once', () => {
    const events = [slotAt('12', 8), tickAt('12', 8), slotAt('13', 30), tickAt('13', 30), slotAt('14', 9)];
    expect(ratesOf(2, ...events)).to.deep.equal([[8], [8], [8, 30], [8, 30], [30, 9]]);
  });

  it('leaves out slots in which nothing was traded, and the first one', () => {
    expect(ratesOf(9, aFirstSlot(), slotAt('13', 8), slotAt('14'), slotAt('15', 9))).to.deep.equal([
      [],
      [8],
      [8],
      [8, 9],
    ]);
  });

  it('refuses a number of slots that makes no sense', () => {
    for (const over of [0, -1, 1.5, NaN])
      expect(() => withMarketRates({ over })).to.throw('withMarketRates: over must be a whole number');
  });
});
