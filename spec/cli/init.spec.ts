import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { gsyRx } from './terminal.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const ours = (path: string) => read(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

// That what it makes installs, trades and passes its spec is shown on the packed package, in spec/package.spec.ts.
describe('gsy-rx init', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gsy-rx-init-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a folder with a strategy and its spec, and says what to do next', async () => {
    const path = join(folder, 'night-owl');
    const { code, out, err } = await gsyRx('init', path);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(readdirSync(path).sort()).to.deep.equal([
      '.gitignore',
      '.mocharc.json',
      'README.md',
      'night-owl.spec.ts',
      'night-owl.ts',
      'package.json',
      'tsconfig.json',
    ]);
    expect(out).to.include(`cd ${path}`).and.to.include('npm install').and.to.include('npm start');
  });

  it('gives the strategy the name of the folder, everywhere', async () => {
    const path = join(folder, 'night-owl');
    await gsyRx('init', path);
    for (const file of readdirSync(path)) expect(read(join(path, file))).not.to.include('my-strategy');
    expect(read(join(path, 'night-owl.spec.ts'))).to.include("from './night-owl.ts'");
  });

  it('depends on this version of the library, on its rxjs, and on nothing that it does not use', async () => {
    const own = JSON.parse(ours('package.json')) as Record<'version', string> &
      Record<'peerDependencies' | 'devDependencies', Record<string, string>>;
    await gsyRx('init', join(folder, 'night-owl'));
    const { dependencies, devDependencies } = JSON.parse(
      read(join(folder, 'night-owl', 'package.json')),
    ) as typeof own & Record<'dependencies', Record<string, string>>;
    expect(dependencies).to.deep.equal({ 'gsy-rx': `^${own.version}`, rxjs: own.peerDependencies.rxjs });
    for (const [tool, version] of Object.entries(devDependencies))
      expect(version).to.equal(own.devDependencies[tool]);
  });

  it('takes an empty folder that is there, and folders on the way that are not', async () => {
    const there = join(folder, 'there');
    mkdirSync(there);
    expect((await gsyRx('init', there)).code).to.equal(0);
    expect((await gsyRx('init', join(folder, 'not', 'yet', 'there'))).code).to.equal(0);
  });

  it('leaves a folder alone that has files', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', '.env'), 'mine');
    const { code, out, err } = await gsyRx('init', join(folder, 'full'));
    expect(code).to.equal(2);
    expect(err).to.match(/full has files already; name a new folder/);
    expect(out).to.equal('');
    expect(readdirSync(join(folder, 'full'))).to.deep.equal(['.env']);
  });

  it('says so when the folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['file', 'file/inside']) {
      const { code, err } = await gsyRx('init', join(folder, path));
      expect(err).to.match(/could not be made/);
      expect(code).to.equal(2);
    }
  });

  for (const name of [
    'My-Strategy',
    '2fast',
    'a--b',
    'tail-',
    'with space',
    'ünder',
    'dot.ted',
    '-x',
    'a'.repeat(101),
  ])
    it(`refuses ${name.slice(0, 20)} as a name, and makes nothing`, async () => {
      const { code, err } = await gsyRx('init', '--', join(folder, name));
      expect(err).to.match(/cannot be the name of a package; give small letters/);
      expect(code).to.equal(2);
      expect(readdirSync(folder)).to.deep.equal([]);
    });

  for (const name of ['gsy-rx', 'rxjs', 'mocha'])
    it(`refuses ${name}, a package that the strategy needs`, async () => {
      const { code, err } = await gsyRx('init', join(folder, name));
      expect(err).to.include(`${name} is the name of a package that the strategy needs`);
      expect(code).to.equal(2);
    });

  it('makes the strategy and the spec that the tutorial shows, of the version that it names', () => {
    const { version } = JSON.parse(ours('package.json')) as Record<'version', string>;
    const tutorial = ours('docs/tutorial.md');
    for (const file of ['my-strategy.ts', 'my-strategy.spec.ts'])
      expect(tutorial).to.include(`\n${ours(`lib/cli/scaffold/${file}`)}\`\`\`\n`);
    expect(tutorial).to.include(`gsy-rx-${version}.tgz`);
  });

  it('wants a folder', async () => {
    const { code, err } = await gsyRx('init');
    expect(err).to.match(/missing required argument 'folder'/);
    expect(code).to.equal(2);
  });
});
