import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { Observable } from 'rxjs';
import type { RedisAddress } from './redisAddress.ts';

/** What a connection needs besides its address. */
export interface RedisConnectionOptions {
  /** A peer that gives no sign of life for so long is lost, ms. */
  readonly silenceMs: number;
  /** Those not yet quite closed: a connection stands in it until its socket is gone. */
  readonly connections: Set<Redis>;
}

/**
 * One connection to a Redis. To subscribe opens it, its one value comes when it is ready, the stream errors when it is
 * lost, to unsubscribe closes it.
 *
 * It never reconnects by itself, so nothing that was given to it can be sent later by another one. A peer that hangs
 * or was cut off without a word is found by PING; it works while subscribed too.
 */
export const redisConnection = (
  { options }: RedisAddress,
  { silenceMs, connections }: RedisConnectionOptions,
): Observable<Redis> =>
  new Observable((subscriber) => {
    const redis = new Redis({ ...options, ...ONE_LIFE });
    const lose = (error: Error) => subscriber.error(error);
    let quietTurns = 0;
    // Turns are counted, not time: after a pause of this process itself what came meanwhile is read before the next.
    const watch = setInterval(() => {
      if (quietTurns === TURNS - 1) lose(coded('ESILENT'));
      quietTurns += 1;
      if (redis.status === 'ready') redis.ping().catch(() => undefined);
    }, silenceMs / TURNS);

    connections.add(redis);
    redis.on('error', lose);
    redis.on('close', () => lose(coded('ECLOSED')));
    redis.on('end', () => connections.delete(redis));
    redis.on('ready', () => {
      redis.stream.on('data', () => (quietTurns = 0));
      subscriber.next(redis);
    });
    return () => {
      clearInterval(watch);
      // TLS can fail twice (certificate refused, then the peer's alert): ioredis hears only the first error of a socket,
      // and the second would end the process.
      (redis.stream as Socket | undefined)?.on('error', () => undefined);
      redis.disconnect();
    };
  });

/** Sends what was written, then closes the socket, by force when the peer has not agreed within `disconnectTimeout`, ms. */
const ONE_LIFE = {
  retryStrategy: () => null,
  enableOfflineQueue: false,
  // INFO may come after SUBSCRIBE, where it is refused; and nothing here depends on loaded data.
  enableReadyCheck: false,
  // Opening is bounded together with silence.
  connectTimeout: 0,
  disconnectTimeout: 1_000,
} as const;

/** So many turns of watching make a silence; each asks once. */
const TURNS = 3;

const coded = (code: string): Error => Object.assign(new Error(code), { code });
