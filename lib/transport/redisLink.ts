import type { Redis } from 'ioredis';
import {
  BehaviorSubject,
  combineLatest,
  defer,
  filter,
  firstValueFrom,
  ignoreElements,
  merge,
  Observable,
  retry,
  switchMap,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { GsyError } from '../errors.ts';
import type { Frame } from '../wire/messages.ts';
import { backoffMs } from './backoff.ts';
import { explainRedisError, type RedisAddress } from './redisAddress.ts';
import { oneLife, untilClosed } from './oneLife.ts';
import { redisConnection } from './redisConnection.ts';
import type { TransportStatus } from './transport.ts';

/** Two connections that live and die together: one that only listens, as Redis asks for, and one that only sends. */
export interface RedisPair {
  readonly subscriber: Redis;
  readonly publisher: Redis;
}

/** A pair of connections that is restored when it is lost. It has one life: once closed or failed, it stays so. */
export interface RedisLink {
  /** The messages of the subscriber; to subscribe opens the link, the last one to unsubscribe closes it. */
  readonly frame$: Observable<Frame>;
  /** The newest status and each new one; completes after `closed`. */
  readonly status$: Observable<TransportStatus>;
  /** The open pair, if there is one now. */
  readonly pair: () => RedisPair | undefined;
  /** The open pair; before the first opening waits for it, without one rejects with a `GsyError` at once. */
  readonly opened: () => Promise<RedisPair>;
  /** Completes when the sockets are gone. */
  readonly close: () => Promise<void>;
}

/** What a link needs besides its address. */
export interface RedisLinkOptions {
  /** A peer that gives no sign of life for so long is lost, ms. */
  readonly silenceMs: number;
  /** The channels that are subscribed to before the link counts as open; their number may grow. */
  readonly channels: ReadonlySet<string>;
}

/** The link to the Redis of this address; until it was open for the first time an error is final. */
export const redisLink = (address: RedisAddress, { silenceMs, channels }: RedisLinkOptions): RedisLink => {
  const statusSubject = new BehaviorSubject<TransportStatus>({ state: 'connecting' });
  const connections = new Set<Redis>();
  let pair: RedisPair | undefined;
  let troubledMs = 0;

  const become = (status: TransportStatus, opened?: RedisPair) => {
    if (statusSubject.value.state === 'closed') return;
    pair = opened;
    statusSubject.next(status);
  };
  const end = (reason = 'closed by this client') => become({ state: 'closed', reason });
  const restore = (error: unknown): Observable<unknown> => {
    const { value } = statusSubject;
    const failure = explainRedisError(error, address);
    if (value.state === 'connecting') return throwError(() => failure);
    const quiet = quietMs(error, silenceMs);
    if (value.state !== 'gap') troubledMs = performance.now() - quiet;
    const sinceMs = value.state === 'gap' ? value.sinceMs : Date.now() - quiet;
    become({ state: 'gap', sinceMs, reason: failure.message });
    return timer(backoffMs(performance.now() - troubledMs, LONGEST_PAUSE_MS));
  };
  const connection$ = redisConnection(address, { silenceMs, connections });

  return {
    frame$: combineLatest({ subscriber: connection$, publisher: connection$ }).pipe(
      switchMap((opened) => session(opened, channels, () => become({ state: 'open' }, opened))),
      retry({ delay: restore }),
      oneLife(statusSubject, end),
    ),
    status$: statusSubject.pipe(untilClosed),
    pair: () => pair,
    opened: async () => {
      await firstValueFrom(statusSubject.pipe(filter(({ state }) => state !== 'connecting')));
      if (pair !== undefined) return pair;
      const { value } = statusSubject;
      throw new GsyError('ERR_GSY_TRANSPORT', `Not connected. ${'reason' in value ? value.reason : ''}`);
    },
    close: async () => {
      end();
      await Promise.all(
        [...connections].map((redis) => new Promise((resolve) => redis.once('end', resolve))),
      );
    },
  };
};

/** How long to wait at most before the next attempt, ms. */
const LONGEST_PAUSE_MS = 2_000;

// Listen, then subscribe: the first messages may come together with the acknowledgement.
const session = (
  { subscriber }: RedisPair,
  channels: ReadonlySet<string>,
  opened: () => void,
): Observable<Frame> =>
  merge(
    messages(subscriber),
    defer(() => subscribeTo(subscriber, [...channels])).pipe(tap(opened), ignoreElements()),
  );

// By hand: `fromEvent` makes an array of each message's channel and data first.
const messages = (subscriber: Redis): Observable<Frame> =>
  new Observable((frames) => {
    const hear = (channel: Buffer, data: Buffer) => frames.next({ channel: channel.toString(), data });
    subscriber.on('messageBuffer', hear);
    return () => subscriber.off('messageBuffer', hear);
  });

/** Subscribes to channels by their exact names; resolves when Redis has acknowledged all. */
export const subscribeTo = async (subscriber: Redis, channels: readonly string[]): Promise<void> => {
  if (channels.length > 0) await subscriber.subscribe(...channels);
};

/** How long nothing was heard already when the loss is noticed. */
const quietMs = (error: unknown, silenceMs: number): number =>
  error instanceof Error && error.message === 'ESILENT' ? silenceMs : 0;
