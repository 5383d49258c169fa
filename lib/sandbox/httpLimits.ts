import type { IncomingHttpHeaders } from 'node:http';
import type { SchedulerLike } from 'rxjs';
import { problem } from './httpProblem.ts';

/** How much the HTTP door takes from one user. */
export interface DoorLimits {
  /** More are refused with 429 until the minute is over; 30,000 unless said otherwise. */
  readonly requestsPerMinute: number;
  /** The same for the bodies of requests; 128 MiB unless said otherwise. */
  readonly bytesPerMinute: number;
  /** More are refused with 409; 100 unless said otherwise. */
  readonly aggregators: number;
  /** More are refused with 429; 1,000 unless said otherwise. */
  readonly webSockets: number;
}

export const DEFAULT_LIMITS: DoorLimits = {
  requestsPerMinute: 30_000,
  bytesPerMinute: 128 * 1024 * 1024,
  aggregators: 100,
  webSockets: 1_000,
};

/** Requests without a good token, logins included, in a minute from one address. */
const STRANGERS_PER_MINUTE = 600;
/** So many addresses are told apart in a minute; all others share one count. */
const MOST_ADDRESSES = 10_000;
const MINUTE_MS = 60_000;
/** The largest body of a request. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Counts what comes in; each throws a problem 429 when it is too much for this minute. */
export interface Traffic {
  /** A request of a user. */
  request(user: string, headers: IncomingHttpHeaders): void;
  /** A request of nobody known, from this address. */
  stranger(address: string): void;
}

interface Count {
  requests: number;
  bytes: number;
}

/** The traffic of a door, in minutes of the scheduler; nothing of a minute is kept into the next. */
export const openTraffic = (
  { requestsPerMinute, bytesPerMinute }: DoorLimits,
  scheduler: SchedulerLike,
): Traffic => {
  let minuteEndsMs = 0;
  const users = new Map<string, Count>();
  const addresses = new Map<string, Count>();
  const turnMinute = () => {
    if (scheduler.now() < minuteEndsMs) return;
    minuteEndsMs = scheduler.now() + MINUTE_MS;
    users.clear();
    addresses.clear();
  };
  const counted = (counts: Map<string, Count>, name: string, bytes: number): Count => {
    const known = counts.get(name) ?? { requests: 0, bytes: 0 };
    counts.set(name, known);
    known.requests += 1;
    known.bytes += bytes;
    return known;
  };
  const tooMuch = (what: string): Error =>
    problem(429, `Too ${what} in this minute.`, Math.ceil((minuteEndsMs - scheduler.now()) / 1_000));
  return {
    request: (user, headers) => {
      turnMinute();
      const { requests, bytes } = counted(users, user, bodyBytes(headers));
      if (requests > requestsPerMinute) throw tooMuch('many requests');
      if (bytes > bytesPerMinute) throw tooMuch('large requests');
    },
    stranger: (address) => {
      turnMinute();
      const isTold = addresses.has(address) || addresses.size < MOST_ADDRESSES;
      const { requests } = counted(addresses, isTold ? address : 'others', 0);
      if (requests > STRANGERS_PER_MINUTE) throw tooMuch('many requests');
    },
  };
};

/** A body whose length is not told may be as large as any. */
const bodyBytes = (headers: IncomingHttpHeaders): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : MAX_BODY_BYTES;
