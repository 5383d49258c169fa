import { readFileSync, writeFileSync } from 'node:fs';
import type { Figure } from './figures.ts';

const FILE = 'spec/bench/baseline.json';

/** A ratio above the baseline's by more than this share is a loss. */
const LOSS = 0.25;

/** Ratios by the names of their figures. */
export type Baseline = Readonly<Record<string, number>>;

/** The ratios that are committed. */
export const readBaseline = (): Baseline => JSON.parse(readFileSync(FILE, 'utf8')) as Baseline;

const comparable = (figures: readonly Figure[]) =>
  figures.flatMap(({ name, ratio, volatile = false }) =>
    ratio === undefined || volatile ? [] : [{ name, ratio }],
  );

/** Puts the ratios of these figures in the place of those that are committed; the others stay. */
export const writeBaseline = (before: Baseline, figures: readonly Figure[]): void => {
  const ratios = comparable(figures).map(({ name, ratio }) => [name, Number(ratio.toFixed(3))] as const);
  writeFileSync(FILE, `${JSON.stringify({ ...before, ...Object.fromEntries(ratios) }, null, 2)}\n`);
};

/** The figures whose ratio was much better when the baseline was written, each with what it was. */
export const losses = (baseline: Baseline, figures: readonly Figure[]): ReadonlyMap<string, string> =>
  new Map(
    comparable(figures).flatMap(({ name, ratio }) => {
      const before = baseline[name];
      return before === undefined || ratio <= before * (1 + LOSS)
        ? []
        : [[name, `${name}: ${ratio.toFixed(2)}, was ${before.toFixed(2)}`] as const];
    }),
  );
