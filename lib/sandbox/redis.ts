import { catchError, defer, EMPTY, filter, type Observable } from 'rxjs';
import { redisPubSub, type RedisPubSubOptions } from '../transport/redisPubSub.ts';
import type { TransportStatus } from '../transport/transport.ts';
import type { ExchangeBus } from './exchangeBus.ts';

/** The exchange's side of a Redis, where clients reach it. */
export interface RedisBus extends ExchangeBus {
  /** How the connection is; while there is a gap nobody hears the exchange, and it goes on. */
  readonly status$: Observable<TransportStatus>;
  /**
   * Completes when Redis has acknowledged every channel listened to so far: from then on no client's message is lost.
   * Errors with a `GsyError` `ERR_GSY_TRANSPORT` when Redis cannot be reached or does not allow it.
   */
  opened(): Observable<never>;
  /** Sends what was published, then closes; completes when the sockets are gone. */
  close(): Observable<never>;
}

/**
 * Connects the embedded exchange to the Redis of this URL (`redis://` or `rediss://`), at once and until `close`.
 *
 * A connection that is lost later is restored with its channels; what the exchange says meanwhile nobody hears, as with
 * the real one. Two exchanges on one Redis would both act on every message (exchange protocol, control and health).
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the URL is wrong.
 *
 * @example
 * const bus = redisBus('redis://localhost');
 * const sandbox = openSandbox(defaultCommunity, { scheduler: asyncScheduler, bus, realTimePerSlotMs: 4_000 });
 * bus.opened().subscribe({ complete: () => sandbox.start() });
 */
export const redisBus = (url: string, options: RedisPubSubOptions = {}): RedisBus => {
  const pubSub = redisPubSub(url, options);
  // Failing to connect is told by `opened` and `status$`.
  const frame$ = pubSub.frame$.pipe(catchError(() => EMPTY));
  const channels = new Set<string>();
  // The last words of an exchange that has stopped listening go out too: only `close` ends the connection.
  frame$.subscribe();
  return {
    status$: pubSub.status$,
    publish: (channel, data) => pubSub.publish(channel, data),
    frames: (wanted) =>
      defer(() => {
        const ours = new Set(wanted);
        for (const channel of ours) channels.add(channel);
        pubSub.hear(wanted);
        return frame$.pipe(filter(({ channel }) => ours.has(channel)));
      }),
    opened: () => pubSub.hear([...channels]),
    close: () => pubSub.close(),
  };
};
