import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Frees all that nobody holds any more. */
export const collectGarbage = runInNewContext('gc') as () => void;

/** Frees it on the next turn: what a WeakRef was made of, or has given, lives to the end of this one. */
export const collectNextTurn = async (): Promise<void> => {
  await setImmediate();
  collectGarbage();
};
