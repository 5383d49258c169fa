import { closeSync, openSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { GsyError, messageOf } from '../errors.ts';
import { secretKeeper } from '../transport/restSecrets.ts';
import { printable } from '../wire/report.ts';
import type { Terminal } from './terminal.ts';

/** How much is told; each level includes those before it. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How it is told on stderr: lines for people, or records for programs. */
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What a log is opened with. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** A file at whose end every line stands too, as a record. */
  readonly file?: string;
}

/** What a line is about, for programs: `slot`, `transactionId`, `areaUuid` and the like. */
export type LogFields = Readonly<Record<string, string | number | undefined>>;

/** A line, or one with the fields of its record. */
export type Told = string | { readonly line: string; readonly about: LogFields };

/** Tells one line if the level asks for it; only then a line given as a function is made. */
export interface Log {
  (level: LogLevel, told: Told | (() => Told)): void;
  /** The same log, with these fields in every record. */
  readonly about: (fields: LogFields) => Log;
  /** Keeps a password or token out of every line and field from now on, whatever they quote. */
  readonly hide: (secret: string) => void;
  readonly close: () => void;
}

/**
 * A log on stderr and, where named, in a file: there one JSON record a line, on stderr lines for people unless records
 * are asked for. A file that can no longer be written, on a full disk say, is told once and done without.
 *
 * The file is written before the call returns, so that a crash loses nothing.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the file cannot be opened
 */
export const openLog = ({ err }: Terminal, { level: upTo, format, file }: LogOptions): Log => {
  const secrets = secretKeeper([]);
  const plain = (text: string): string => printable(secrets.redacted(text));
  const inFile = file === undefined ? undefined : openFile(file, (line) => write({}, 'warn', line));
  const forPrograms = [...(format === 'json' ? [err] : []), ...(inFile === undefined ? [] : [inFile])];
  const records = pino(RECORDS, { write: (line) => forPrograms.forEach((place) => place.write(line)) });
  const write = (always: LogFields, level: LogLevel, told: Told | (() => Told)): void => {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(upTo)) return;
    const said = typeof told === 'function' ? told() : told;
    const { line, about } = typeof said === 'string' ? { line: said, about: {} } : said;
    const text = plain(line);
    // Set in, so that no line of a text of others looks like one of ours.
    if (format === 'text') err.write(`${level}: ${text.replaceAll('\n', '\n  ')}\n`);
    if (forPrograms.length > 0) records[level](mapTexts({ ...always, ...about }, plain), text);
  };
  const logAbout = (always: LogFields): Log =>
    Object.assign((level: LogLevel, told: Told | (() => Told)) => write(always, level, told), {
      about: (more: LogFields) => logAbout({ ...always, ...more }),
      hide: (secret: string) => {
        if (secret !== '') secrets.keep(secret);
      },
      close: () => inFile?.close(),
    });
  return logAbout({});
};

/** All levels pass: which are told is decided before. */
const RECORDS = {
  level: 'trace',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level: string) => ({ level }) },
} as const;

const mapTexts = (fields: LogFields, change: (text: string) => string): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? change(value) : value]),
  );

const openFile = (file: string, complain: (line: string) => void) => {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'a', 0o600);
  } catch (error) {
    throw new GsyError('ERR_GSY_OPTIONS', `the log file could not be opened: ${messageOf(error)}`);
  }
  const close = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  return {
    write: (record: string) => {
      if (fd === undefined) return;
      try {
        writeFileSync(fd, record);
      } catch (error) {
        close();
        complain(`nothing more is written to the log file: ${messageOf(error)}`);
      }
    },
    close,
  };
};
