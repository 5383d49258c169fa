import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import * as gsy from 'gsy-rx';
import { aFirstSlot, aGrid, aLoad, aMarket, aMarketArea, aTick } from 'gsy-rx/testing';
import { firstValueFrom, from, map, toArray } from 'rxjs';
import { gsyRx } from './cli/terminal.ts';
import { expectProofs } from './proofs.ts';
import { told } from './strategies/told.ts';
import { typeErrors } from './typeErrors.ts';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const [twoMinutes = '', mapping = '', defects = ''] = read('docs/from-python.md').split(
  /^## (?:What is called what|39 defects that are not here)$/m,
);
// Inside the project, so that what is written there finds gsy-rx by its name.
const folder = new URL('.cache/from-python/', root);
mkdirSync(folder, { recursive: true });

/** The cells of all table rows in a text, without the heads. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^\|(?! *(?:-|Official client|No\.)).*\|$/gm)].map(([row]) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

describe('the two translations in docs/from-python.md', () => {
  const ordersOf = (strategy: gsy.Strategy): Promise<readonly string[]> => {
    const loads = [1, 0.5, 0].map((energyRequirementKWh, i) =>
      aLoad({ uuid: `load ${i}`, energyRequirementKWh }),
    );
    const grid = aGrid([aMarketArea('home', loads)]);
    const tenths = Array.from({ length: 10 }, (_, i) => aTick({ progress: i / 10, grid }));
    const withoutRates = { ...aFirstSlot(), kind: 'tick', grid } as const;
    return firstValueFrom(strategy(aMarket(from([withoutRates, ...tenths]))).pipe(map(told), toArray()));
  };

  it('give the same orders', async () => {
    const codes = [...twoMinutes.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
    const [callbacks, operators, ...others] = await Promise.all(
      codes.map(async (code, index) => {
        const file = new URL(`translation-${index}.ts`, folder);
        writeFileSync(file, code);
        return ordersOf(((await import(file.href)) as { readonly default: gsy.Strategy }).default);
      }),
    );
    expect(others).to.be.empty;
    expect(callbacks).to.have.length(20);
    expect(operators).to.deep.equal(callbacks);
  });
});

describe('what docs/from-python.md says that things are called here', () => {
  // All that stands as code in the second column is ours.
  const ours = rowsOf(mapping).flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
  const isOfRunner = (code: string) => /^(?:-|gsy-rx )/.test(code);
  const isStrategy = (code: string) => code.startsWith('strategies/');
  const isVariable = (code: string) => /^[A-Z_]+$/.test(code) && !(code in gsy);

  it('is said for everything, or why there is nothing', () => {
    expect(rowsOf(mapping)).to.have.length.above(100);
    for (const [theirs, cell] of rowsOf(mapping)) expect(cell, theirs).to.match(/`|^Nothing, because /);
  });

  it('is exported by the package, members too', () => {
    const names = new Set(ours.filter((code) => !isOfRunner(code) && !isStrategy(code) && !isVariable(code)));
    const probe = new URL('named.ts', folder);
    writeFileSync(probe, [HEAD, ...[...names].map(typeOf)].join('\n'));
    expect(names.size).to.be.above(100);
    expect([...typeErrors([probe])]).to.deep.equal([]);
  }).timeout(120_000);

  it('are commands and options that the runner has', async () => {
    const help = [await gsyRx('--help'), await gsyRx('run', '--help')].map(({ out }) => out).join('\n');
    for (const code of ours.filter(isOfRunner)) {
      const word = code.replace('gsy-rx ', '');
      expect(help, code).to.match(new RegExp(`^ +(?:-\\w, )?${word}(?:[ ,]|$)`, 'm'));
    }
  });

  it('are variables that the runner reads', () => {
    const runner = readdirSync(new URL('lib/cli/', root)).filter((name) => name.endsWith('.ts'));
    const text = runner.map((name) => read(`lib/cli/${name}`)).join('\n');
    expect(ours.filter(isVariable)).to.include('API_CLIENT_RUN_ON_REDIS');
    for (const variable of ours.filter(isVariable)) expect(text).to.match(new RegExp(`\\b${variable}\\b`));
  });

  it('are strategies that come along', () => {
    expect(ours.filter(isStrategy)).to.include('strategies/basic.ts');
    for (const strategy of ours.filter(isStrategy))
      expect(existsSync(new URL(strategy, root)), strategy).to.equal(true);
  });
});

const HEAD = `import type * as gsy from 'gsy-rx';
type Called<T> = NonNullable<T> extends (...args: never) => infer R ? R : NonNullable<T>;`;

/** A line that is sound only where there is what a name like `connectAreas(…).asset(name).register()` says. */
const typeOf = (code: string, index: number): string => {
  const [name = '', ...members] = code.replaceAll(/\([^)]*\)/g, '').split('.');
  const start = name in gsy ? `typeof gsy.${name}` : `gsy.${name}`;
  return `export type T${index} = ${members.reduce((type, member) => `Called<${type}>['${member}']`, start)};`;
};

describe('what docs/from-python.md says of the defects of the official client', () => {
  const rows = rowsOf(defects);

  it('is said of all 39', () => {
    expect(rows.map(([number]) => Number(number))).to.deep.equal(Array.from({ length: 39 }, (_, i) => i + 1));
  });

  for (const [number = '', , , proof = ''] of rows)
    it(`is proved where it says, for number ${number}`, () => expectProofs(proof));
});
