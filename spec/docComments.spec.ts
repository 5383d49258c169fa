import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import * as rxjs from 'rxjs';
import { typeErrors } from './typeErrors.ts';

const root = new URL('../', import.meta.url);
const folder = new URL('.cache/doc-comments/', root);

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** What a file of ours exports, types too. */
const exportsOf = (path: string): readonly string[] => {
  const code = read(path);
  const declared = [
    ...code.matchAll(/^export (?:declare )?(?:const|function|class|interface|type) ([\w$]+)/gm),
  ].map(([, name = '']) => name);
  const passedOn = [...code.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().replace(/^(type |.* as )/, '')),
  );
  return [...declared, ...passedOn].filter((name) => name !== '' && name !== 'default');
};

const OURS = {
  'gsy-rx': 'lib/index.ts',
  'gsy-rx/testing': 'lib/testing.ts',
  'gsy-rx/sandbox': 'lib/sandbox/sandbox.ts',
  'gsy-rx/sandbox/http': 'lib/sandbox/http.ts',
  '../../spec/exampleContext.ts': 'spec/exampleContext.ts',
};

/** Where a name comes from that an example uses: the first of these that exports it. */
const SOURCES: readonly (readonly [string, readonly string[]])[] = [
  ['rxjs', Object.keys(rxjs)],
  ...Object.entries(OURS).map(([module, path]) => [module, exportsOf(path)] as const),
];

interface Example {
  readonly path: string;
  readonly code: string;
}

const examplesIn = (path: string): readonly Example[] =>
  [...read(path).matchAll(/\/\*\*[^]*?\*\//g)].flatMap(([comment]) => {
    const [, ...tags] = comment
      .replace(/ *\*\/$/, '')
      .replaceAll(/^ *\* ?/gm, '')
      .split(/^@/m);
    return tags
      .filter((tag) => tag.startsWith('example'))
      .map((tag) => ({ path, code: tag.slice('example'.length).trim() }));
  });

const examples = readdirSync(new URL('lib/', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .flatMap((name) => examplesIn(`lib/${name}`));

/** The example as a module, which imports what it uses and does not define. */
const moduleOf = ({ path, code }: Example): string => {
  const defined = [...code.matchAll(/^(?:export )?const (?:\{([^}]*)\}|([\w$]+))/gm)].flatMap(
    ([, names = '', name = '']) => [name, ...names.split(',').map((part) => part.trim())],
  );
  const used = new Set(code.match(/[\w$]+/g)?.filter((name) => !defined.includes(name)));
  const imports = [...SOURCES, [`../../${path}`, exportsOf(path)] as const].map(([module, names]) => {
    const taken = names.filter((name) => used.delete(name));
    return taken.length === 0 ? '' : `import { ${taken.join(', ')} } from '${module}';\n`;
  });
  return `${imports.join('')}${code}\nexport {};\n`;
};

describe('the examples in doc comments', () => {
  it('are there', () => expect(examples.length).to.be.above(50));

  it('have sound types', () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files = examples.map((example, index) => {
      const file = new URL(`${example.path.replaceAll('/', '-').replace('.ts', '')}-${index}.ts`, folder);
      writeFileSync(file, moduleOf(example));
      return file;
    });
    // Types are imported like values: what is what an example does not tell.
    expect(typeErrors(files, { verbatimModuleSyntax: false })).to.deep.equal([]);
  }).timeout(120_000);
});
