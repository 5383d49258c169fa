import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import Table from 'cli-table3';
import { markdownRows } from '../markdownRows.ts';
import { expectProofs } from '../proofs.ts';
import { faults } from './faults.ts';

const sections = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8').split(/^##+ /m);

/** The rows of the document below a heading. */
const rowsBelow = (heading: string) =>
  markdownRows(sections.find((section) => section.startsWith(`${heading}\n`)) ?? '');

describe('the fault table', () => {
  const all = Object.values(faults).flat();

  it('has many faults', () => expect(all.length).to.be.above(50));

  for (const [origin, some] of Object.entries(faults)) {
    it(`stands in docs/operations.md: ${origin}`, () =>
      expect(rowsBelow(origin)).to.deep.equal(
        some.map(({ fault, outcome, within, proof }) => [fault, outcome, within, proof]),
      ));
    for (const { fault, proof } of some)
      it(`names the specs in which it is tried: ${fault} (${origin})`, () => expectProofs(proof));
  }

  // On stderr, where no reporter writes.
  after(() => {
    const table = new Table({
      head: ['fault', 'outcome', 'within'],
      colWidths: [44, 66, 22],
      wordWrap: true,
      style: { head: [], border: [], compact: true },
    });
    for (const { fault, outcome, within } of all) table.push([fault, outcome, within]);
    process.stderr.write(`${table.toString()}\n`);
  });
});
