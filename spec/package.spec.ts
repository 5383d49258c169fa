import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../', import.meta.url));
mkdirSync(`${root}.cache`, { recursive: true });
// Inside the project, where the dependencies are; a folder of its own, for several may test at the same time.
const folder = mkdtempSync(`${root}.cache/package-`);
const built = `${folder}/built`;
const user = `${folder}/user`;
const installed = `${user}/node_modules/gsy-rx`;
const { version, files } = createRequire(import.meta.url)('gsy-rx/package.json') as {
  readonly version: string;
  readonly files: readonly string[];
};

/** Packs the package as it is published, and installs it for somebody who has its dependencies already. */
const install = () => {
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  execFileSync(process.execPath, [tsc, '-p', `${root}lib/tsconfig.json`, '--outDir', `${built}/dist`]);
  for (const file of files.filter((name) => name !== 'dist'))
    cpSync(`${root}${file}`, `${built}/${file}`, { recursive: true });
  copyFileSync(`${root}package.json`, `${built}/package.json`);
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent'], { cwd: built });
  mkdirSync(installed, { recursive: true });
  mkdirSync(`${user}/node_modules/.bin`);
  const unpack = ['-xzf', `${built}/gsy-rx-${version}.tgz`, '--strip-components=1', '-C', installed];
  execFileSync('tar', unpack);
  const bin = `${installed}/dist/lib/cli.js`;
  chmodSync(bin, 0o755);
  symlinkSync(bin, `${user}/node_modules/.bin/gsy-rx`);
};

const execute = (cwd: string, command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
};

const runner = (...args: readonly string[]) => execute(user, `${user}/node_modules/.bin/gsy-rx`, ...args);

describe('the package as it is installed', function () {
  this.timeout(120_000);
  before(install);
  after(() => rmSync(folder, { recursive: true }));

  it('brings the runner and its strategies', () => {
    const { status, stdout } = runner('list');
    expect(status).to.equal(0);
    expect(stdout)
      .to.match(/^basic /m)
      .and.to.match(/^last-minute /m);
  });

  // A package that says nothing of its kind, as `npm init` makes it, is one of CommonJS modules.
  for (const [kind, file] of [
    ['commonjs', 'mine.ts'],
    ['commonjs', 'mine.mts'],
    ['module', 'mine.ts'],
  ] as const)
    it(`runs a strategy from ${file} in a package of type ${kind}`, () => {
      writeFileSync(`${user}/package.json`, JSON.stringify({ name: 'mine', type: kind }));
      copyFileSync(`${root}spec/fixtures/strategies/one-load.ts`, `${user}/${file}`);
      const community = `${root}spec/fixtures/communities/small.json`;
      const { status, stdout, stderr } = runner('run', file, '--sandbox', community);
      expect(stderr).to.include('1 under control');
      expect(stdout).to.match(/Load +│ load/);
      expect(status).to.equal(0);
    });

  it('lends its strategies to those of your own', () => {
    writeFileSync(`${user}/package.json`, JSON.stringify({ name: 'mine', type: 'module' }));
    writeFileSync(
      `${user}/both.ts`,
      `import { combineStrategies } from 'gsy-rx';
import basic from 'gsy-rx/strategies/basic';
import fixedPrice from 'gsy-rx/strategies/fixed-price';

export default combineStrategies(basic, fixedPrice.with({ rate: 18 }));
`,
    );
    const { status, stdout } = runner(
      'run',
      'both.ts',
      '--sandbox',
      `${root}spec/fixtures/communities/small.json`,
    );
    expect(stdout).to.match(/Load +│ load/);
    expect(status).to.equal(0);
  });

  it('makes a strategy of your own that trades at once, and whose spec and types pass', () => {
    const { status, stderr } = runner('init', 'night-owl');
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    const npm = (...args: readonly string[]) => execute(`${user}/night-owl`, 'npm', '--silent', ...args);
    const day = npm('start');
    expect(day.stderr).to.include(
      'night-owl trades on the embedded exchange, default community, virtual time',
    );
    expect(day.stdout).to.match(/self-sufficiency +[1-9]/);
    expect(day.status).to.equal(0);
    const spec = npm('test');
    expect(spec.stdout).to.match(/2 passing/);
    expect(spec.status).to.equal(0);
    expect(npm('run', 'check').status).to.equal(0);
  });
});
