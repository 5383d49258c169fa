#!/usr/bin/env node
import { read } from 'read';
import { main } from './cli/main.ts';
import { titleOf } from './cli/secrets.ts';
import { EXIT, SIGNALS } from './cli/terminal.ts';

// A reader that has gone away, like `head`, or a terminal that was closed, is no error of ours.
const READER_GONE = ['EPIPE', 'EIO'];
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (READER_GONE.includes(code ?? '')) return;
  process.stderr.write(`error: the output could not be written: ${message}\n`);
  process.exitCode = EXIT.failed;
});
// Nobody is left to be told.
process.stderr.on('error', () => undefined);

const args = process.argv.slice(2);
process.title = titleOf(args);
const code = await main(args, {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  ...(process.stdin.isTTY && {
    askSecret: (prompt) => read({ prompt, silent: true, output: process.stderr }),
  }),
  onInterrupt: (callback) => {
    for (const signal of SIGNALS) process.on(signal, () => callback(signal));
  },
  onUnhandled: (callback) => {
    process.on('uncaughtException', callback);
    process.on('unhandledRejection', callback);
  },
  exit: (code) => process.exit(code),
});
if (code !== EXIT.ok) process.exitCode = code;

// The process ends by itself, unless a strategy has left a timer or a connection: it is not waited for long.
const PATIENCE_MS = 2_000;
setInterval(() => {
  if (process.stdout.writableLength > 0) return;
  process.stderr.write(
    `warn: something is left open, by the strategy as it seems: ${process.getActiveResourcesInfo().join(', ')}\n`,
  );
  process.exit();
}, PATIENCE_MS).unref();
