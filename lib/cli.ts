#!/usr/bin/env node
import { read } from 'read';
import { main } from './cli/main.ts';

// A reader that has gone away, like `head`, ends the output and is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  ...(process.stdin.isTTY && {
    askSecret: (prompt) => read({ prompt, silent: true, output: process.stderr }),
  }),
  onInterrupt: (callback) => {
    process.on('SIGINT', callback);
    process.on('SIGTERM', callback);
  },
  exit: (code) => process.exit(code),
});
