import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { markdownRows } from '../markdownRows.ts';
import { expectProofs } from '../proofs.ts';

const sections = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8').split(/^## /m);
const rowsOf = (heading: string) =>
  markdownRows(sections.find((section) => section.startsWith(`${heading}\n`)) ?? '');

describe('docs/operations.md, security', () => {
  const rows = rowsOf('Security');

  it('has threats', () => expect(rows.length).to.be.above(15));

  for (const [threat = '', , proof = ''] of rows)
    it(`names the specs against it: ${threat}`, () => expectProofs(proof));
});

describe('docs/operations.md, bounds', () => {
  const rows = rowsOf('Bounds').filter(({ length }) => length === 3);

  it('has buffers', () => expect(rows.length).to.be.above(30));

  for (const [what = '', bound = '', reached = ''] of rows)
    it(`says how much is kept, and what then: ${what}`, () => {
      expect(bound).not.to.equal('');
      expect(reached).not.to.equal('');
      const [, proof] = /(`[^`]+\.spec\.ts`.*)$/.exec(reached) ?? [];
      if (proof !== undefined) expectProofs(proof);
    });
});
