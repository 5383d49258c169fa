import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { meaningOf } from '../../lib/cli/listCommand.ts';
import { comeAlong } from './comeAlong.ts';

/** The rows of the tables of docs/strategies.md whose first cells are code, as lists of cells. */
const rows = readFileSync(new URL('../../docs/strategies.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
const names = comeAlong.map(({ name }) => `\`${name}\``);
const rowsOf = (cells: number) => rows.filter((row) => row.length === cells && names.includes(row[0] ?? ''));

describe('docs/strategies.md', () => {
  it('tells what each strategy that comes along does, in the words of gsy-rx list', () => {
    expect(rowsOf(2)).to.deep.equal(
      comeAlong.map(({ name, options }) => [`\`${name}\``, options.description]),
    );
  });

  it('tells all their parameters, in the words of gsy-rx list', () => {
    const expected = comeAlong.flatMap(({ name, strategy }) =>
      Object.entries(strategy.parameters).map(([parameterName, parameter]) => [
        `\`${name}\``,
        `\`${parameterName}\``,
        meaningOf(parameter),
      ]),
    );
    expect(rowsOf(3)).to.deep.equal(expected);
  });
});
