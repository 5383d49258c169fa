import { expect } from 'chai';
import { areEnergiesBySlot, readEnergiesBySlot } from '../../lib/wire/energiesBySlot.ts';

const HEADER = 'asset;slot;forecastKWh;measuredKWh';

describe('the energies of a file', () => {
  it('are read by asset and slot, with only those figures that are there', () => {
    const energies = readEnergiesBySlot(
      [HEADER, 'Load;12:00;0,5;0.25', 'PV;12:00;;0', 'Load;2026-06-21T12:00;1;', 'PV;23:45;;', ''].join('\n'),
    );
    expect([...energies].map(([asset, slots]) => [asset, ...slots])).to.deep.equal([
      ['Load', ['12:00', { forecastKWh: 0.5, measuredKWh: 0.25 }], ['2026-06-21T12:00', { forecastKWh: 1 }]],
      ['PV', ['12:00', { measuredKWh: 0 }], ['23:45', {}]],
    ]);
    expect(areEnergiesBySlot(energies)).to.equal(true);
  });

  it('are told from anything else', () => {
    for (const other of [undefined, {}, [], new Map([['Load', {}]])])
      expect(areEnergiesBySlot(other)).to.equal(false);
  });

  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['nothing', [], /^line 1 must be asset;slot;forecastKWh;measuredKWh$/],
    ['no header', ['Load;12:30;1;1'], /^line 1 must be/],
    ['a line that is too short', [HEADER, 'Load;12:30'], /line 2/],
    ['no asset', [HEADER, ';12:30;1;1'], /^line 2: the asset has no name/],
    [
      'no slot',
      [HEADER, 'Load;12:30;1;1', 'Load;noon;1;1'],
      /^line 3: "noon" is no slot like 2026-06-21T12:00/,
    ],
    ['a day that is none', [HEADER, 'Load;2026-13-21T12:00;1;1'], /^line 2: .* is no slot/],
    ['a slot that comes twice', [HEADER, 'Load;12:30;1;1', 'Load;12:30;2;'], /^line 3: Load has 12:30 twice/],
    ['no number', [HEADER, 'Load;12:30;much;1'], /^line 2: "much" is no energy in kWh/],
    ['a negative energy', [HEADER, 'Load;12:30;;-1'], /^line 2: "-1" is no energy/],
  ];
  for (const [what, lines, message] of mistakes)
    it(`are refused with the place for ${what}`, () => {
      expect(() => readEnergiesBySlot(lines.join('\n'))).to.throw(message);
    });
});
