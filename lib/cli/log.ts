import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { GsyError, messageOf } from '../errors.ts';
import { secretKeeper } from '../transport/restSecrets.ts';
import type { Terminal } from './terminal.ts';

/** How much is told; each level includes those before it. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a log is opened with. */
export interface LogOptions {
  readonly level: LogLevel;
  /** A file that gets every line too, with its time, at its end. */
  readonly file?: string;
}

/** Tells one line if the level asks for it; only then a line given as a function is made. */
export interface Log {
  (level: LogLevel, line: string | (() => string)): void;
  /** Keeps a password or token out of every line from now on, whatever the line quotes. */
  readonly hide: (secret: string) => void;
  /** Resolves when the file has all lines. */
  readonly close: () => Promise<void>;
}

/**
 * A log on stderr and, where named, in a file. A file that can no longer be written is told once and done without.
 * @throws GsyError `ERR_GSY_OPTIONS` when the file cannot be opened
 */
export const openLog = async ({ err }: Terminal, { level: upTo, file }: LogOptions): Promise<Log> => {
  const secrets = secretKeeper([]);
  const open = file === undefined ? undefined : await openFile(file, (line) => err.write(line));
  const write = (level: LogLevel, line: string | (() => string)): void => {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(upTo)) return;
    const told = typeof line === 'string' ? line : line();
    const text = `${level}: ${secrets.redacted(told).replaceAll(/\p{Cc}+/gu, ' ')}\n`;
    err.write(text);
    open?.write(`${new Date().toISOString()} ${text}`);
  };
  return Object.assign(write, {
    hide: (secret: string) => {
      if (secret !== '') secrets.keep(secret);
    },
    close: () => open?.close() ?? Promise.resolve(),
  });
};

const openFile = async (file: string, complain: (line: string) => void) => {
  const stream: WriteStream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new GsyError('ERR_GSY_OPTIONS', `the log file could not be opened: ${messageOf(error)}`);
  }
  stream.on('error', (error) => {
    complain(`warn: nothing more is written to the log file: ${error.message}\n`);
  });
  return {
    write: (text: string) => {
      if (stream.writable) stream.write(text);
    },
    close: () =>
      new Promise<void>((resolve) => {
        if (stream.closed || stream.destroyed) resolve();
        else stream.once('close', resolve).end();
      }),
  };
};
