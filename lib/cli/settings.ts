import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { GsyError, messageOf } from '../errors.ts';
import type { Parameters } from '../parameters.ts';

/** The texts that a command line gives for parameters, by name. */
export type Settings = ReadonlyMap<string, string>;

/** One more setting, `name=value`. */
export const setting = (text: string, before: Settings = new Map()): Settings => {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('Give a parameter and its value, like rate=20.');
  if (before.has(name)) throw new InvalidArgumentError(`The parameter ${name} is given twice.`);
  return new Map([...before, [name, value]]);
};

/**
 * The texts as the parameters read them: in the place of a file's name stands its content.
 * @throws GsyError `ERR_GSY_OPTIONS` for a file that cannot be read
 */
export const settingsFor = async (
  parameters: Parameters,
  given: Settings,
): Promise<Readonly<Record<string, string>>> => {
  const texts = [...given].map(async ([name, text]) => {
    const isFile = Object.hasOwn(parameters, name) && parameters[name]?.isFile === true;
    return [name, isFile ? await contentOf(name, text) : text] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
};

const contentOf = async (name: string, file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `the parameter ${name}: the file cannot be read: ${messageOf(error)}`,
    );
  });
