/**
 * Now, ms since 1970, by a clock that never jumps: what this machine's clock said when the process began, and the time
 * that has passed since. Whatever is waited for goes by it, for the clock of a machine may be set at any moment.
 */
export const steadyNowMs = (): number => performance.timeOrigin + performance.now();
