/**
 * How long to wait before the next attempt, ms, after so long a trouble: to wait as long as it has taken so far doubles
 * the pause each time, and the chance keeps many clients apart.
 */
export const backoffMs = (troubleMs: number, mostMs: number): number =>
  Math.min(mostMs, 50 + Math.max(0, troubleMs)) * (0.5 + Math.random() / 2);
