import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A command line in a process of its own. */
export interface Process {
  readonly child: ChildProcess;
  /** Resolves when it has ended, with its exit code and all that it has shown. */
  readonly done: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Resolves as soon as these words stand on stderr. */
  says(words: string): Promise<void>;
}

/** Words on stderr of a process that did not end by itself. */
export const LEFT_BY_FORCE = 'left by force';

// Whoever calls process.exit is told of.
const WATCHED = `data:text/javascript,${encodeURIComponent(
  `const { exit } = process;
   process.exit = (code) => { process.stderr.write('${LEFT_BY_FORCE}'); exit.call(process, code); };`,
)}`;

/** Starts a command line in a process of its own; what it shows on stdout can go to a file instead. */
export const startProcess = (args: readonly string[], stdout: 'pipe' | number = 'pipe'): Process => {
  const cli = fileURLToPath(new URL('../../lib/cli.ts', import.meta.url));
  const node = ['--conditions', 'gsy-rx-source', '--import', 'tsx', '--import', WATCHED, cli];
  const child = spawn(process.execPath, [...node, ...args], { stdio: ['ignore', stdout, 'pipe'] });
  const out = child.stdout === null ? Promise.resolve('') : text(child.stdout);
  let said = '';
  child.stderr!.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    done: ended.then(async ([code]) => ({ code, out: await out, err: said })),
    says: async (words) => {
      while (!said.includes(words)) {
        await Promise.race([once(child.stderr!, 'data'), ended]);
        const isOver = child.exitCode !== null || child.signalCode !== null;
        if (isOver && !said.includes(words)) throw new Error(`never said ${words}, but: ${said}`);
      }
    },
  };
};
