import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const root = new URL('../', import.meta.url);
const lib = new URL('lib/', root);
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, code: readFileSync(new URL(name, lib), 'utf8') }));

const filesWith = (pattern: RegExp, except: readonly RegExp[]) =>
  sources
    .filter(({ name, code }) => pattern.test(code) && !except.some((allowed) => allowed.test(name)))
    .map(({ name }) => name);

// The layers themselves are checked by dependency-cruiser.
describe('the rules of the house', () => {
  it('subscribe only in run, in what is asked at once, in streams and operators written by hand, for callbacks and meters, at the doors and in the runner', () => {
    expect(
      filesWith(/\.subscribe\(/, [
        /^run\.ts$/,
        /^once\.ts$/,
        /^events\.ts$/,
        /^link\.ts$/,
        /^callbacks\.ts$/,
        /^report\/metrics\.ts$/,
        /^operators\//,
        /^sink\//,
        /^sandbox\//,
        /^cli\//,
        /^transport\//,
      ]),
    ).to.be.empty;
  });

  it('never use shareReplay, which keeps its source for ever', () => {
    expect(filesWith(/shareReplay/, [])).to.be.empty;
  });

  it('write to the console nowhere, and read the process only in the runner', () => {
    expect(filesWith(/\bconsole\./, [])).to.be.empty;
    expect(filesWith(/\bprocess\.(env|argv|stdout|stderr|exit)/, [/^cli\.ts$/])).to.be.empty;
  });

  it('keep nothing at the top that does not belong there', () => {
    const isIgnored = /^\.|^(node_modules|dist)$|\.log$/;
    expect(readdirSync(root).filter((name) => !isIgnored.test(name))).to.have.members([
      'LICENSE',
      'README.md',
      'docs',
      'lib',
      'package-lock.json',
      'package.json',
      'spec',
      'strategies',
      'tsconfig.json',
    ]);
  });

  it('keep files short enough to read in one sitting', () => {
    const long = sources.filter(({ code }) => code.split('\n').length > 300).map(({ name }) => name);
    expect(long).to.be.empty;
  });
});
