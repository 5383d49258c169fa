import { readFileSync } from 'node:fs';
import { expect } from 'chai';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What the package exports out of its operators, but for types: name and file. */
const exported = [
  ...read('lib/index.ts').matchAll(/export \{([^}]*)\} from '\.\/operators\/(\w+)\.ts'/g),
].flatMap(([, names = '', file = '']) =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => ({ name, file })),
);

/** The text of the doc comment of an export, its lines joined up to the first empty one. */
const docOf = (name: string, file: string): string => {
  const [before = ''] = read(`lib/operators/${file}.ts`).split(
    new RegExp(`^export (?:const|function) ${name}\\b`, 'm'),
  );
  return before.slice(before.lastIndexOf('/**')).replaceAll(/^ ?\*\/?|^\/\*\*/gm, '');
};
const firstSentence = (doc: string): string => {
  const [paragraph = ''] = doc.trim().split(/\n *\n/);
  const text = paragraph.replaceAll(/\s+/g, ' ').trim();
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
};

/** The rows of the tables: what stands in the first cell up to its bracket, and the second cell. */
const rows = [...read('docs/operators.md').matchAll(/^\| `(\w+)[^|]*\| (.*?) *\|$/gm)].map(
  ([, name = '', text = '']) => ({ name, text }),
);

describe('docs/operators.md', () => {
  it('has one row for each operator of the package and no other', () => {
    expect(rows.map(({ name }) => name).sort()).to.deep.equal(exported.map(({ name }) => name).sort());
  });

  for (const { name, file } of exported)
    it(`says of ${name} what its doc comment says first`, () => {
      expect(rows.find((row) => row.name === name)?.text).to.equal(firstSentence(docOf(name, file)));
    });
});

describe('the doc comments of the operators', () => {
  for (const { name, file } of exported)
    it(`show ${name} in an example, and as a marble diagram where it stands in a stream`, () => {
      const doc = docOf(name, file);
      expect(doc).to.match(/@example/);
      if (name === file) expect(doc).to.match(/```\n.*-.*\|[^]*```/);
    });
});
