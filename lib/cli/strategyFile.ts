import { readdir } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { GsyError, messageOf } from '../errors.ts';
import { parametrised, type Parameters, type ParametrisedStrategy } from '../parameters.ts';
import type { Strategy, StrategyOptions } from '../strategy.ts';

/** A strategy and what its file says of it. */
export interface StrategyFile {
  readonly name: string;
  /** One that takes no parameters has none. */
  readonly strategy: ParametrisedStrategy<Parameters>;
  readonly options: StrategyOptions;
}

/**
 * Loads a strategy by its name in a folder, or from a file, TypeScript or JavaScript.
 * @param folder that of the strategies that come along unless said otherwise
 * @throws GsyError `ERR_GSY_STRATEGY` when there is none, it cannot be loaded, or it exports no strategy
 */
export const loadStrategy = async (nameOrFile: string, folder?: string): Promise<StrategyFile> => {
  if (/[\\/]/.test(nameOrFile)) return load(resolve(nameOrFile));
  if (EXTENSIONS.includes(extname(nameOrFile))) return load(resolve(folder ?? '', nameOrFile));
  const files = folder === undefined ? await builtInFiles() : await filesOf(folder, EXTENSIONS);
  const file = files.find((candidate) => nameIn(candidate) === nameOrFile);
  if (file !== undefined) return load(file);
  const names = files.map(nameIn).join(', ');
  throw new GsyError(
    'ERR_GSY_STRATEGY',
    `there is no strategy ${nameOrFile}; those ${folder === undefined ? 'that come along' : `in ${folder}`} are ${names}; name a file of your own by its path, like ./${nameOrFile}.ts`,
  );
};

/** The strategies that come along, with what they say of themselves. */
export const builtInStrategies = async (): Promise<readonly StrategyFile[]> =>
  Promise.all((await builtInFiles()).map(load));

const OWN_EXTENSION = extname(fileURLToPath(import.meta.url));
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];
const FOLDER = fileURLToPath(new URL('../../strategies/', import.meta.url));

const builtInFiles = () => filesOf(FOLDER, [OWN_EXTENSION]);

const nameIn = (path: string): string => basename(path, extname(path));

const filesOf = async (folder: string, extensions: readonly string[]): Promise<readonly string[]> => {
  const files = await readdir(folder).catch((error: unknown) => {
    throw new GsyError('ERR_GSY_STRATEGY', `no strategies could be found: ${messageOf(error)}`);
  });
  return files
    .filter((file) => extensions.includes(extname(file)))
    .sort()
    .map((file) => resolve(folder, file));
};

const load = async (path: string): Promise<StrategyFile> => {
  const { default: strategy, options = {} } = await importFile(path);
  if (typeof strategy !== 'function')
    throw new GsyError(
      'ERR_GSY_STRATEGY',
      `${path} has no default export that is a strategy; write: export default (market) => …`,
    );
  const name = nameIn(path);
  const { parameters, with: withSettings } = isParametrised(strategy)
    ? strategy
    : parametrised({}, () => strategy as Strategy);
  return {
    name,
    strategy: parametrised(parameters, (values) => named(withSettings(values), name)),
    options,
  };
};

const isParametrised = (strategy: object): strategy is ParametrisedStrategy<Parameters> =>
  'parameters' in strategy && 'with' in strategy;

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
