import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Parameters, ParametrisedStrategy, Strategy } from 'gsy-rx';
import { builtInStrategies } from '../../lib/cli/strategyFile.ts';

/** The strategies that come along, with what their files say of them. */
export const comeAlong = await builtInStrategies();

/** What a strategy's parameters are set to: the texts of `fixtures/parameters/strategy/parameter.*`. */
export const settingsIn = (strategy: string): Readonly<Record<string, string>> => {
  const folder = new URL(`../fixtures/parameters/${strategy}/`, import.meta.url);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(
    files.map((file) => [file.replace(/\..*/, ''), readFileSync(new URL(file, folder), 'utf8')]),
  );
};

/** A strategy that comes along, ready to run. */
export const readyToRun = (name: string): Strategy => {
  const file = comeAlong.find((strategy) => strategy.name === name);
  if (file === undefined) throw new Error(`there is no strategy ${name}`);
  const strategy: ParametrisedStrategy<Parameters> = file.strategy;
  return strategy.with(settingsIn(name));
};
