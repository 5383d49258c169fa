import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { main } from '../../lib/cli/main.ts';
import type { Signal, Terminal } from '../../lib/cli/terminal.ts';

/** What a command line showed, and how it ended. */
export interface Shown {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line that runs in this process. */
export interface Running {
  readonly done: Promise<Shown>;
  /** Resolves with all it has said on stderr, as soon as these words are in it. */
  says(words: string): Promise<string>;
  /** Presses Ctrl-C, or sends another signal. */
  interrupt(signal?: Signal): void;
  /** Lets an error be thrown where nothing handles it. */
  throws(error: unknown): void;
}

/** What a command line may find outside, beside its arguments. */
export type World = Partial<Pick<Terminal, 'env' | 'askSecret'>>;

/** Starts a command line in this process, in an empty environment unless one is given. */
export const start = (args: readonly string[], world: World = {}): Running => {
  const out = new PassThrough();
  const err = new PassThrough();
  const outText = text(out);
  let said = '';
  err.on('data', (chunk) => (said += String(chunk)));
  let interrupt: (signal: Signal) => void = () => undefined;
  const nets: ((error: unknown) => void)[] = [];
  const terminal: Terminal = {
    out,
    err,
    env: {},
    onInterrupt: (callback) => (interrupt = callback),
    onUnhandled: (callback) => nets.push(callback),
    exit: () => undefined,
    ...world,
  };
  const done = main(args, terminal).then(async (code) => {
    out.end();
    err.end();
    return { code, out: await outText, err: said };
  });
  return {
    done,
    says: async (words) => {
      while (!said.includes(words)) {
        const over = await Promise.race([once(err, 'data').then(() => undefined), done]);
        if (over !== undefined && !said.includes(words)) throw new Error(`never said ${words}, but: ${said}`);
      }
      return said;
    },
    interrupt: (signal = 'SIGINT') => interrupt(signal),
    throws: (error) => nets.forEach((net) => net(error)),
  };
};

/** Runs a command line to its end. */
export const gsyRx = (...args: readonly string[]): Promise<Shown> => start(args).done;

/** The lines of an output. */
export const lines = (output: string): readonly string[] => output.split('\n').filter((line) => line !== '');
