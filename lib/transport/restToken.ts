import { readTokenTimes } from '../wire/hosted.ts';

/** When a token is to be renewed and when it ends, ms since 1970. */
export interface TokenTimes {
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

const HOUR_MS = 3_600_000;
const USUAL_LIFE_MS = 48 * HOUR_MS;
const RENEW_AFTER_MS = 12 * HOUR_MS;

/**
 * The times of a token that was given just now. It is renewed after 12 h, or three quarters of a shorter life.
 *
 * Its life is what it says itself, from issue to end, so the clocks need not agree; 48 h when it does not tell, or tells
 * an end that has been already.
 */
export const tokenTimes = (token: string, nowMs: number): TokenTimes => {
  const times = readTokenTimes(token);
  const toldMs = times === undefined ? 0 : times.endsS * 1_000 - (times.issuedS ?? nowMs / 1_000) * 1_000;
  const lifeMs = toldMs > 0 ? toldMs : USUAL_LIFE_MS;
  return { renewAtMs: nowMs + Math.min(RENEW_AFTER_MS, 0.75 * lifeMs), endsAtMs: nowMs + lifeMs };
};
