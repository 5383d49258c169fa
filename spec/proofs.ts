import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** Expects that a text of the documents names specs, as `file` “title”, and that these are there. */
export const expectProofs = (text: string): void => {
  const proofs = [...text.matchAll(/`([^`]+\.spec\.ts)`((?:,? “[^”]+”)+)/g)];
  expect(proofs.map(([proof]) => proof).join('; ')).to.equal(text);
  for (const [, file = '', titles = ''] of proofs)
    expect(titlesIn(file)).to.include.members(
      [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
    );
};

/** The titles of the tests in a file; `…` stands for what differs where one title is for several. */
const titlesIn = (file: string): readonly string[] =>
  [
    ...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(
      /\bit\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs,
    ),
  ].map(([, , title = '']) => title.replaceAll(/\$\{[^}]*\}/g, '…').replaceAll(/\\(.)/g, '$1'));
