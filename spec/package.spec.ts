import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../', import.meta.url));
const built = `${root}.cache/package`;
const user = `${root}.cache/user`;

/** Builds the package as it is published, and a project of somebody who has installed it. */
const install = () => {
  for (const folder of [built, user]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${user}/node_modules`, { recursive: true });
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  execFileSync(process.execPath, [tsc, '-p', `${root}lib/tsconfig.json`, '--outDir', `${built}/dist`]);
  copyFileSync(`${root}package.json`, `${built}/package.json`);
  symlinkSync(built, `${user}/node_modules/gsy-rx`);
};

const runner = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${user}/node_modules/gsy-rx/dist/lib/cli.js`, ...args],
    { cwd: user, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
};

describe('the package as it is installed', function () {
  this.timeout(120_000);
  before(install);

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
});
