import { InvalidArgumentError, Option, type Command } from 'commander';
import { DEFAULT_DOMAIN, DEFAULT_WEB_SOCKET, HOSTED_VARIABLES } from './hosted.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogLevel } from './log.ts';

/** Adds the options that say which hosted exchange, and who asks. */
export const withHostedOptions = (command: Command): Command =>
  command
    .option('-u, --username <name>', `who logs in [${HOSTED_VARIABLES.username}]`)
    .option(
      '-p, --password <password>',
      `its password; everybody on this machine can see it, better is [${HOSTED_VARIABLES.password}], --password-file, or to be asked`,
    )
    .option('--password-file <file>', 'a file whose first line is the password')
    .option('-d, --domain-name <url>', `${DEFAULT_DOMAIN} [${HOSTED_VARIABLES.domainName}]`)
    .option('-w, --web-socket <url>', `${DEFAULT_WEB_SOCKET} [${HOSTED_VARIABLES.webSocket}]`)
    .option(
      '-s, --simulation-id <uuid>',
      `the simulation, collaboration or canary network [${HOSTED_VARIABLES.simulationId}]`,
    )
    .option(
      '-i, --simulation-config-path <file>',
      'a config file from the web interface; it overrules domains and simulation',
    );

/** Adds the options that say how much is told, and where. */
export const withLogOptions = (command: Command) =>
  command
    .addOption(
      new Option(
        '-l, --log-level <level>',
        `how much is told on stderr: ${LOG_LEVELS.join(', ')} (default: "info")`,
      ).argParser(logLevel),
    )
    .addOption(
      new Option(
        '--log-format <format>',
        'lines for people or records for programs (default: "text")',
      ).choices(LOG_FORMATS),
    )
    .option('-f, --log-file <file>', 'a file that gets every line too, as a record');

/** The official client's names of levels, as far as they differ. */
const PYTHON_LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ['critical', 'error'],
  ['fatal', 'error'],
  ['warning', 'warn'],
  ['notset', 'trace'],
]);

const logLevel = (text: string): LogLevel => {
  const name = text.toLowerCase();
  const level = LOG_LEVELS.find((known) => known === (PYTHON_LEVELS.get(name) ?? name));
  if (level !== undefined) return level;
  throw new InvalidArgumentError(`Allowed choices are ${LOG_LEVELS.join(', ')}.`);
};

/** Names separated by commas. */
export const list = (text: string): readonly string[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Give names separated by commas.');
  return names;
};

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A time with its unit, in ms. */
export const milliseconds = (text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * UNITS[unit as keyof typeof UNITS];
  if (Number.isFinite(ms) && ms >= 1) return ms;
  throw new InvalidArgumentError('Give a time of at least 1ms, like 500ms, 4s, 15m or 1h.');
};

/** A whole number from 0 on. */
export const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Give a whole number from 0 on.');
};

/** A number above 0. */
export const positive = (text: string): number => {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a number above 0.');
};

/** A port to listen on. */
export const port = (text: string): number => {
  const number = wholeNumber(text);
  if (number <= 65_535) return number;
  throw new InvalidArgumentError('Give a port, 0 to 65535; 0 is a free one.');
};

/** An energy from 0 on. */
export const energy = (text: string): number => {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new InvalidArgumentError('Give an energy in Wh from 0 on, like 750.');
};
