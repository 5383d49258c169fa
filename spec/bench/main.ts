import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { losses, readBaseline, writeBaseline, type Baseline } from './baseline.ts';
import { BENCHES } from './benches.ts';
import { tableOf, type Effort, type Figure } from './figures.ts';

/* eslint-disable no-console -- what this is for */

const FOLDER = '.cache/bench';

/** The figures of one benchmark, out of a process of its own. */
const measured = async (name: string, { quick, beside }: Effort): Promise<readonly Figure[]> => {
  const child = fork(new URL('one.js', import.meta.url), [
    name,
    quick ? 'quick' : 'full',
    ...(beside === undefined ? [] : [beside]),
  ]);
  const heard: (readonly Figure[])[] = [];
  child.on('message', (figures) => heard.push(figures as readonly Figure[]));
  const [code] = (await once(child, 'exit')) as [number | null];
  const [figures] = heard;
  if (code !== 0 || figures === undefined) throw new Error(`the benchmark ${name} failed`);
  return figures;
};

/** All figures, by the benchmarks that they come from. */
type Measured = ReadonlyMap<string, readonly Figure[]>;

const measuredAll = async (names: readonly string[], effort: Effort): Promise<Measured> => {
  const all = new Map<string, readonly Figure[]>();
  for (const name of names) {
    const figures = await measured(name, effort);
    console.log(`\n${name}`);
    console.table(tableOf(figures, effort.beside));
    all.set(name, figures);
  }
  return all;
};

/** What is lost since the baseline was written, twice in a row: once may be the machine's. */
const lostSince = async (baseline: Baseline, first: Measured, effort: Effort): Promise<readonly string[]> => {
  const suspects = losses(baseline, [...first.values()].flat());
  if (suspects.size === 0) return [];
  console.log(`\nWorse than the baseline; once more:\n${[...suspects.values()].join('\n')}`);
  const concerned = [...first].flatMap(([name, figures]) =>
    figures.some((figure) => suspects.has(figure.name)) ? [name] : [],
  );
  const again = losses(baseline, [...(await measuredAll(concerned, effort)).values()].flat());
  return [...again].flatMap(([name, text]) => (suspects.has(name) ? [text] : []));
};

const fail = (reason: string): void => {
  console.error(reason);
  process.exitCode = 1;
};

const bench = async (names: readonly string[], { quick, beside, check, write }: Orders): Promise<void> => {
  mkdirSync(FOLDER, { recursive: true });
  // What was built here is the package as it is published: it finds itself under its own name.
  copyFileSync('package.json', `${FOLDER}/package.json`);
  const all = await measuredAll(names, { quick, beside });
  const figures = [...all.values()].flat();
  writeFileSync(`${FOLDER}/figures.json`, `${JSON.stringify({ node: process.version, figures }, null, 2)}\n`);
  const baseline = readBaseline();
  const lost = check ? await lostSince(baseline, all, { quick }) : [];
  if (lost.length > 0) fail(`\nLost since the baseline was written:\n${lost.join('\n')}`);
  if (write) writeBaseline(baseline, figures);
};

/** Those in which clients stand beside each other. */
const WITH_CLIENTS = ['end-to-end', 'sustained'];

interface Orders extends Effort {
  readonly check: boolean;
  readonly write: boolean;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    beside: { type: 'string' },
    check: { type: 'boolean', default: false },
    'write-baseline': { type: 'boolean', default: false },
  },
});
const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
const { beside, check, 'write-baseline': write } = values;
if (unknown.length > 0)
  fail(`No benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
else if (beside !== undefined && (check || write))
  fail('Neither --check nor --write-baseline goes with --beside: the baseline is of ratios to the floor.');
else if (beside !== undefined && !names.every((name) => WITH_CLIENTS.includes(name)))
  fail(`--beside is for ${WITH_CLIENTS.join(' and ')}: name one of them.`);
else await bench(names, { ...values, write });
