import { builtInStrategies } from './strategyFile.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** Shows the strategies that come along, a line each. */
export const listCommand = async ({ out }: Terminal): Promise<number> => {
  const strategies = await builtInStrategies();
  const width = Math.max(...strategies.map(({ name }) => name.length));
  for (const { name, options } of strategies)
    out.write(`${name.padEnd(width)}  ${options.description ?? ''}\n`);
  return EXIT.ok;
};
