import { parseRedisUrl } from '../transport/redisAddress.ts';
import type { Log } from './log.ts';

/**
 * What the process calls itself: the command and what it is about, and none of the options, among which may be
 * passwords. From then on `ps` shows that and no more.
 */
export const titleOf = (args: readonly string[]): string => {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  return ['gsy-rx', ...(firstOption === -1 ? args : args.slice(0, firstOption))].join(' ');
};

/** Keeps the password of a Redis out of the log, and where it came from the command line says what would be better. */
export const guardRedisPassword = (url: string, log: Log, better?: string): void => {
  const { password } = parseRedisUrl(url).options;
  if (password === undefined || password === '') return;
  log.hide(password);
  if (better !== undefined) warnOfCommandLine(better, log);
};

/** Warns of a password on the command line. */
export const warnOfCommandLine = (better: string, log: Log): void =>
  log(
    'warn',
    `a password on the command line is seen by everybody on this machine while the program starts, and stays in the history of the shell; ${better}`,
  );
