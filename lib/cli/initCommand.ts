import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { GsyError, messageOf } from '../errors.ts';
import { EXIT, type Terminal } from './terminal.ts';

/**
 * Makes a folder with a strategy, its marble spec, and all that it takes to run them.
 *
 * The strategy and its spec are files of this package, checked with it like any other; here they only get their name.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the name cannot be that of a package, or the folder has files already
 */
export const initCommand = async (folder: string, { out }: Terminal): Promise<number> => {
  const path = resolve(folder);
  const name = soundName(basename(path));
  await refuseFull(path, folder);
  for (const [file, text] of await filesOf(name)) await writeFile(join(path, file), text);
  out.write(`${folder} has a strategy and its spec now. What next:\n\n${NEXT(folder)}`);
  return EXIT.ok;
};

const NEXT = (folder: string): string =>
  [
    [`cd ${/^[\w./-]+$/.test(folder) ? folder : `"${folder}"`}`, ''],
    ['npm install', ''],
    ['npm start', 'trades a day on the embedded exchange'],
    ['npm test', 'runs the spec'],
  ]
    .map(([command = '', what = '']) => `  ${command.padEnd(14)}${what}`.trimEnd() + '\n')
    .join('');

const soundName = (name: string): string => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 100)
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `${name} cannot be the name of a package; give small letters, digits and single hyphens, beginning with a letter, like my-strategy`,
    );
  if (TAKEN.includes(name))
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `${name} is the name of a package that the strategy needs; give another`,
    );
  return name;
};

const refuseFull = async (path: string, folder: string): Promise<void> => {
  try {
    await mkdir(path, { recursive: true });
    if ((await readdir(path)).length === 0) return;
  } catch (error) {
    throw new GsyError('ERR_GSY_OPTIONS', `${folder} could not be made: ${messageOf(error)}`);
  }
  throw new GsyError('ERR_GSY_OPTIONS', `${folder} has files already; name a new folder`);
};

/** This package, as it describes itself. */
interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const DEV_DEPENDENCIES = ['@types/mocha', '@types/node', 'mocha', 'tsx', 'typescript'];
const TAKEN = ['gsy-rx', 'rxjs', ...DEV_DEPENDENCIES];

const filesOf = async (name: string): Promise<readonly (readonly [string, string])[]> => {
  const require = createRequire(import.meta.url);
  const own = require('gsy-rx/package.json') as Package;
  // The compiled runner finds them too: sources are part of the package.
  const scaffold = join(dirname(require.resolve('gsy-rx/package.json')), 'lib/cli/scaffold');
  const copied = ['my-strategy.ts', 'my-strategy.spec.ts', 'README.md'].map(
    async (file) => [named(file, name), named(await readFile(join(scaffold, file), 'utf8'), name)] as const,
  );
  return [
    ...(await Promise.all(copied)),
    ['package.json', json(packageOf(name, own))],
    ['tsconfig.json', json(TS_CONFIG)],
    ['.mocharc.json', json({ 'node-option': ['import=tsx'], spec: '*.spec.ts' })],
    ['.gitignore', 'node_modules/\n'],
  ];
};

const named = (text: string, name: string): string => text.replaceAll('my-strategy', name);

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const packageOf = (
  name: string,
  { version, engines, peerDependencies, devDependencies }: Package,
): object => ({
  name,
  version: '0.1.0',
  private: true,
  type: 'module',
  engines,
  scripts: {
    start: `gsy-rx run ${name}.ts`,
    test: 'mocha',
    watch: 'mocha --watch',
    check: 'tsc',
  },
  dependencies: { 'gsy-rx': `^${version}`, ...peerDependencies },
  devDependencies: Object.fromEntries(DEV_DEPENDENCIES.map((tool) => [tool, devDependencies[tool]])),
});

const TS_CONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'NodeNext',
    types: ['node', 'mocha'],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['*.ts'],
};
