import { expect } from 'chai';
import fc from 'fast-check';
import { areFeesByTime, readFeesByTime } from '../../lib/wire/feesByTime.ts';

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** A day's file with a row each so many minutes, all with these fees. */
const fileOf = (stepMinutes: number, fees: string, tail = ''): string[] => [
  'time;Grid;House 1',
  ...Array.from({ length: 1440 / stepMinutes }, (_, i) => `${clock(i * stepMinutes)}${tail};${fees}`),
];

const complaintAbout = (lines: readonly string[]): string => {
  try {
    readFeesByTime(lines.join('\n'));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was read');
};

describe('a file of fees by time', () => {
  it('gives the fees of each market from each time on', () => {
    const lines = ['time;Grid;House 1', '00:00;1;0,5', '06:00;2;0.75', '12:00;3;1', '18:00;4;10'];
    expect(readFeesByTime(lines.join('\r\n'))).to.deep.equal([
      {
        time: '00:00',
        fees: new Map([
          ['Grid', 1],
          ['House 1', 0.5],
        ]),
      },
      {
        time: '06:00',
        fees: new Map([
          ['Grid', 2],
          ['House 1', 0.75],
        ]),
      },
      {
        time: '12:00',
        fees: new Map([
          ['Grid', 3],
          ['House 1', 1],
        ]),
      },
      {
        time: '18:00',
        fees: new Map([
          ['Grid', 4],
          ['House 1', 10],
        ]),
      },
    ]);
  });

  it('is read with times in minutes or seconds, a byte order mark, quotes and blank lines', () => {
    const lines = ['\uFEFF"time";"Grid";House 1', '00:00:00;1; 2 ', '', '12:00:00;"1";2', ''];
    expect(readFeesByTime(lines.join('\n')).map(({ time }) => time)).to.deep.equal(['00:00', '12:00']);
  });

  it('may have slots of any length that fill the day', () => {
    fc.assert(
      fc.property(fc.constantFrom(5, 15, 30, 60, 720, 1440), fc.constantFrom('', ':00'), (step, tail) => {
        const fees = readFeesByTime(fileOf(step, '1,5;0', tail).join('\n'));
        expect(fees).to.have.length(1440 / step);
        expect(areFeesByTime(fees)).to.equal(true);
        for (const row of fees) expect([...row.fees.values()]).to.deep.equal([1.5, 0]);
      }),
    );
  });

  it('names the line of any time that is missing', () => {
    const whole = fileOf(15, '1;2');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 96 }), (missing) => {
        const complaint = complaintAbout(whole.toSpliced(missing, 1));
        const found = missing === 96 ? 'the end of the file' : clock(missing * 15);
        const expected = clock((missing - 1) * 15);
        expect(complaint).to.equal(`line ${missing + 1}, column 1: expected ${expected}, found ${found}`);
      }),
    );
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['a file without rows', ['time;Grid'], 'line 2, column 1: expected 00:00, found the end of the file'],
    [
      'an empty file',
      [''],
      'line 1: each column after the first needs the name of a market, another one each',
    ],
    ['a file without markets', ['time', '00:00'], 'line 1: each column after the first needs'],
    ['a market without a name', ['time;Grid;', '00:00;1;2'], 'line 1: each column after the first needs'],
    ['a market twice', ['time;Grid;Grid', '00:00;1;2'], 'line 1: each column after the first needs'],
    [
      'a time that comes twice',
      ['time;Grid', '00:00;1', '12:00;1', '12:00;1'],
      'line 4, column 1: expected the end of the file, found 12:00',
    ],
    [
      'times in disorder',
      ['time;Grid', '12:00;1', '00:00;1'],
      'line 2, column 1: expected 00:00, found 12:00',
    ],
    ['what is no time', ['time;Grid', '0:00;1'], 'line 2, column 1: "0:00" is no time HH:mm or HH:mm:ss'],
    ['half a minute', ['time;Grid', '00:00:30;1'], 'line 2, column 1: "00:00:30" is no time'],
    ['a missing fee', ['time;Grid;House 1', '00:00;1;'], 'line 2, column 3 (House 1): "" is no fee'],
    ['what is no number', ['time;Grid', '', '00:00;1,2,3'], 'line 3, column 2 (Grid): "1,2,3" is no fee'],
    ['a negative fee', ['time;Grid', '00:00;-1'], 'line 2, column 2 (Grid): "-1" is no fee'],
    [
      'a column too few',
      ['time;Grid;House 1', '00:00;1'],
      'Invalid Record Length: expect 3, got 2 on line 2',
    ],
  ];
  for (const [what, lines, complaint] of wrong)
    it(`says where there is ${what}`, () => {
      expect(complaintAbout(lines)).to.include(complaint);
    });

  it('is told from anything else', () => {
    for (const other of [undefined, null, 'fees', {}, [null], [{ time: '00:00' }], [{ fees: new Map() }]])
      expect(areFeesByTime(other)).to.equal(false);
  });
});
