import type { GsyErrorCode } from '../errors.ts';
import { GsyError } from '../errors.ts';

/** What the runner is allowed to know of the world outside. */
export interface Terminal {
  /** Results, for people and pipes. */
  readonly out: NodeJS.WritableStream;
  /** Progress, logs and errors. */
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks for a text that is not shown while it is typed; undefined where nobody sits. */
  readonly askSecret?: (question: string) => Promise<string>;
  /** Calls back when the process is asked to end: Ctrl-C and its like. */
  readonly onInterrupt: (callback: (signal: Signal) => void) => void;
  /** Calls back with every error that was thrown, or rejected with, where nothing handles it. */
  readonly onUnhandled: (callback: (error: unknown) => void) => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** The runner's exit codes; a signal has 128 more than its number, as shells have it. */
export const EXIT = { ok: 0, failed: 1, usage: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The signals that ask for an end in order. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type Signal = (typeof SIGNALS)[number];

const USAGE: readonly GsyErrorCode[] = [
  'ERR_GSY_AMBIGUOUS_NAME',
  'ERR_GSY_COMMUNITY',
  'ERR_GSY_CONFIG',
  'ERR_GSY_LOGIN',
  'ERR_GSY_OPTIONS',
  'ERR_GSY_STRATEGY',
  'ERR_GSY_UNKNOWN_AGGREGATOR',
  'ERR_GSY_UNKNOWN_AREA',
  'ERR_GSY_UNKNOWN_SIMULATION',
];

/** Whether the person who typed the command can mend it (2), or the run went wrong (1). */
export const exitCodeOf = (error: unknown): number =>
  error instanceof GsyError && USAGE.includes(error.code) ? EXIT.usage : EXIT.failed;
