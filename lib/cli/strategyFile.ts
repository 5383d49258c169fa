import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { GsyError, messageOf } from '../errors.ts';
import type { Strategy, StrategyOptions } from '../strategy.ts';

/** A strategy and what its file says of it. */
export interface StrategyFile {
  readonly name: string;
  readonly strategy: Strategy;
  readonly options: StrategyOptions;
}

/**
 * Loads a strategy by the name of one that comes along, or from a file, TypeScript or JavaScript.
 * @throws GsyError `ERR_GSY_STRATEGY` when there is none, it cannot be loaded, or it exports no strategy
 */
export const loadStrategy = async (nameOrFile: string): Promise<StrategyFile> => {
  const names = await strategyNames();
  const isFile = /[\\/]/.test(nameOrFile) || EXTENSIONS.includes(extname(nameOrFile));
  if (!isFile && !names.includes(nameOrFile))
    throw new GsyError(
      'ERR_GSY_STRATEGY',
      `there is no strategy ${nameOrFile}; those that come along are ${names.join(', ')}; name a file of your own by its path, like ./${nameOrFile}.ts`,
    );
  return load(isFile ? resolve(nameOrFile) : join(FOLDER, `${nameOrFile}${OWN_EXTENSION}`));
};

/** The strategies that come along, with what they say of themselves. */
export const builtInStrategies = async (): Promise<readonly StrategyFile[]> =>
  Promise.all((await strategyNames()).map((name) => load(join(FOLDER, `${name}${OWN_EXTENSION}`))));

const OWN_EXTENSION = extname(fileURLToPath(import.meta.url));
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];
const FOLDER = fileURLToPath(new URL('../../strategies/', import.meta.url));

const strategyNames = async (): Promise<readonly string[]> =>
  (await readdir(FOLDER))
    .filter((file) => file.endsWith(OWN_EXTENSION))
    .map((file) => basename(file, OWN_EXTENSION))
    .sort();

const load = async (path: string): Promise<StrategyFile> => {
  const { default: strategy, options = {} } = await importFile(path);
  if (typeof strategy !== 'function')
    throw new GsyError(
      'ERR_GSY_STRATEGY',
      `${path} has no default export that is a strategy; write: export default (market) => …`,
    );
  const name = basename(path, extname(path));
  return { name, strategy: named(strategy as Strategy, name), options };
};

interface StrategyModule {
  readonly default?: unknown;
  readonly options?: StrategyOptions;
}

const importFile = async (path: string): Promise<StrategyModule> => {
  try {
    // The compiled runner needs a loader for TypeScript; run from its source it has one already.
    return isTypeScript(path) && OWN_EXTENSION === '.js'
      ? await createJiti(import.meta.url).import<StrategyModule>(path)
      : ((await import(pathToFileURL(path).href)) as StrategyModule);
  } catch (error) {
    throw new GsyError('ERR_GSY_STRATEGY', `${path} could not be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
};

const isTypeScript = (path: string): boolean => path.endsWith('ts');

// A strategy exported without a name of its own goes by its file's, so that failures tell which it was.
const named = (strategy: Strategy, name: string): Strategy =>
  strategy.name === '' || strategy.name === 'default'
    ? Object.defineProperty((market) => strategy(market), 'name', { value: name })
    : strategy;
