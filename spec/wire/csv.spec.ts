import { expect } from 'chai';
import { readCsv, readDecimal } from '../../lib/wire/csv.ts';

describe('a CSV file', () => {
  it('is read with its lines, as spreadsheets write it', () => {
    const rows = readCsv('\uFEFFtime;"Home; 1"\r\n 00:00 ;0,5\r\n\r\n12:00;1.5\r\n');
    expect(rows.map(({ record }) => record)).to.deep.equal([
      ['time', 'Home; 1'],
      ['00:00', '0,5'],
      ['12:00', '1.5'],
    ]);
    expect(rows.at(-1)?.info.lines).to.equal(4);
  });

  it('names the line that has another number of columns', () => {
    expect(() => readCsv('a;b\n1;2\n3')).to.throw(/line 3/);
  });

  it('has decimals with a comma or a point, and takes nothing else for a number', () => {
    expect(['0', '12', '0,5', '007.25'].map(readDecimal)).to.deep.equal([0, 12, 0.5, 7.25]);
    for (const text of ['', '-1', '1e3', '1.000,5', '.5', '5.', '0x1', 'NaN', 'Infinity', '9'.repeat(400)])
      expect(readDecimal(text), text).to.equal(undefined);
  });
});
