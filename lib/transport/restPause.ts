/** How long a server may keep us waiting, ms, whatever it says. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * How long to send nothing, ms, after an answer of this status with this `Retry-After`: of 429 and 503, in seconds or
 * until a date; at most a minute, and 0 where the server does not tell.
 */
export const pauseAfter = (status: number, retryAfter: string | undefined, nowMs: number): number => {
  if (retryAfter === undefined || ![429, 503].includes(status)) return 0;
  const askedMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : dateOf(retryAfter) - nowMs;
  return Number.isNaN(askedMs) ? 0 : Math.min(LONGEST_PAUSE_MS, Math.max(0, askedMs));
};

/** JavaScript takes much for a date; what HTTP takes for one ends in GMT. */
const dateOf = (text: string): number => (text.endsWith(' GMT') ? Date.parse(text) : NaN);
