import type { Parameter } from '../parameter.ts';
import { builtInStrategies } from './strategyFile.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** Shows the strategies that come along, a line each, and below each a line for each of its parameters. */
export const listCommand = async ({ out }: Terminal): Promise<number> => {
  const strategies = await builtInStrategies();
  const width = Math.max(...strategies.map(({ name }) => name.length));
  for (const { name, strategy, options } of strategies) {
    out.write(`${name.padEnd(width)}  ${options.description ?? ''}\n`);
    for (const [parameterName, parameter] of Object.entries(strategy.parameters))
      out.write(`${' '.repeat(width + 4)}${parameterName}: ${meaningOf(parameter)}\n`);
  }
  out.write('\nSet the parameters with gsy-rx run … --param name=value; of a file, name it.\n');
  return EXIT.ok;
};

/** What a parameter means, what it can be, and what it is unless it is given. */
export const meaningOf = ({ about, codec, byDefault, isFile }: Parameter<unknown>): string =>
  `${about}; ${isFile ? 'a file' : codec.name}; ${defaultOf(byDefault)}`;

const defaultOf = (value: unknown): string => {
  if (value === undefined) return 'has to be given';
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  return `${texts.join(', ') || 'none'} unless given`;
};
