import { expect } from 'chai';
import { of } from 'rxjs';
import type { OwnedAsset, UnsettledDeviations } from '../../lib/model/grid.ts';
import { eachDeviation } from '../../lib/operators/eachDeviation.ts';
import { aLoad, aPv, aStorage } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const [early, late] = ['2026-06-21T11:30', '2026-06-21T11:45'];
const told = (asset: OwnedAsset): readonly (readonly [string, string, number])[] => {
  const found: (readonly [string, string, number])[] = [];
  of({ asset })
    .pipe(eachDeviation())
    .subscribe(({ timeSlot, side, energyKWh }) => found.push([timeSlot, side, energyKWh]));
  return found;
};
const deviations = (...entries: readonly (readonly [string, number | undefined])[]): UnsettledDeviations =>
  new Map(entries);

describe('eachDeviation', () => {
  keepsTheOperatorContract(() => {
    const input = { asset: aLoad({ unsettledDeviationsKWh: deviations([early, 0.5]) }) };
    const output = { ...input, timeSlot: early, side: 'bid' as const, energyKWh: 0.5 };
    return { operator: eachDeviation(), input, output };
  });

  it('buys what was missing and sells what was left over, slot by slot, for loads and PVs alike', () => {
    const unsettledDeviationsKWh = deviations([early, 0.5], [late, -0.25]);
    const expected = [
      [early, 'bid', 0.5],
      [late, 'offer', 0.25],
    ];
    expect(told(aLoad({ unsettledDeviationsKWh }))).to.deep.equal(expected);
    expect(told(aPv({ unsettledDeviationsKWh }))).to.deep.equal(expected);
  });

  it('skips slots that are not measured, settled, or off by less than can be traded', () => {
    const unsettledDeviationsKWh = deviations([early, undefined], [late, 0], ['2026-06-21T12:00', -2e-5]);
    expect(told(aLoad({ unsettledDeviationsKWh }))).to.deep.equal([]);
  });

  it('gives nothing where there is no settlement market', () => {
    expect(told(aLoad())).to.deep.equal([]);
    expect(told(aStorage())).to.deep.equal([]);
  });
});
