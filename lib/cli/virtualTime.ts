import { setImmediate } from 'node:timers/promises';
import type { VirtualTimeScheduler } from 'rxjs';
import { GsyError } from '../errors.ts';

/**
 * Lets virtual time pass as fast as it computes, in slices between which the process breathes: so that Ctrl-C is
 * heard and promises go on.
 */
export const passVirtualTime = async (
  scheduler: VirtualTimeScheduler,
  sliceMs: number,
  isOver: () => boolean,
): Promise<void> => {
  while (!isOver()) {
    if (scheduler.actions.length === 0)
      throw new GsyError('ERR_GSY_TRANSPORT', 'nothing is left to happen and the run has not ended');
    scheduler.maxFrames = scheduler.frame + sliceMs;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
    await setImmediate();
  }
};
