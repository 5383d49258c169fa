import type { Redis } from 'ioredis';
import { firstValueFrom, ignoreElements, race, timer, type Observable } from 'rxjs';
import { bytesOf } from '../wire/bytes.ts';
import type { Frame } from '../wire/messages.ts';
import { explainRedisError, parseRedisUrl } from './redisAddress.ts';
import { redisLink, subscribeTo, type RedisPair } from './redisLink.ts';
import { replayed } from './replayed.ts';
import type { Delivery, TransportStatus } from './transport.ts';

/** Publish/subscribe on a Redis, as streams. It has one life: what is closed or has failed is not opened again. */
export interface RedisPubSub {
  /**
   * The messages on all channels that are heard, as bytes, in order. To subscribe opens the connection; the last one
   * to unsubscribe closes it.
   *
   * Until the connection was open for the first time, errors with a `GsyError` `ERR_GSY_TRANSPORT` that says what to
   * do. After that it is restored for ever, together with its channels, and `status$` tells of the gap.
   */
  readonly frame$: Observable<Frame>;
  /** The newest status and each new one; completes after `closed`. */
  readonly status$: Observable<TransportStatus>;
  /**
   * Listens to these channels, by their exact names; completes when Redis has acknowledged them. Acts when it is
   * called.
   */
  hear(channels: readonly string[]): Observable<never>;
  /**
   * Publishes when it is called, once, after all that was asked before, and after the channels of `hearing` are
   * heard; the Observable replays what became of it. Thousands go out without waiting for each other.
   *
   * Before the connection was open for the first time, this waits for it. Later, without a connection, it errors at
   * once, and nothing is kept to be sent late. A message under way when the connection broke may have been heard or
   * not: its delivery has no `receivers`.
   */
  publish(channel: string, data: string | Uint8Array, hearing?: readonly string[]): Observable<Delivery>;
  /**
   * How many listen on each of these channels; asks when it is called. Undefined where this user may not know; errors
   * as `publish` does.
   */
  listeners(channels: readonly string[]): Observable<readonly number[] | undefined>;
  /** Sends what was given, closes, completes when the sockets are gone: within 2 s, even if nobody answers. */
  close(): Observable<never>;
}

/** How patient a Redis connection is. */
export interface RedisPubSubOptions {
  /** A Redis that gives no sign of life for so long, when opening or later, is lost, ms; 10 s unless said otherwise. */
  readonly silenceMs?: number;
}

/**
 * Connects to the Redis of this URL (`redis://` or `rediss://`), once somebody listens to its frames.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the URL is wrong.
 */
export const redisPubSub = (url: string, { silenceMs = 10_000 }: RedisPubSubOptions = {}): RedisPubSub => {
  const address = parseRedisUrl(url);
  const channels = new Set<string>();
  const link = redisLink(address, { silenceMs, channels });
  const explained = (error: unknown) => {
    throw explainRedisError(error, address);
  };
  /** What waits for its turn. All that is there when a turn begins goes in it: for a thousand areas that is one SUBSCRIBE. */
  const waiting: Waiting[] = [];
  /** Turn after turn, for as long as something waits. */
  let taking: Promise<void> | undefined;
  const takeTurn = async (): Promise<void> => {
    try {
      const pair = await link.opened();
      const turn = waiting.splice(0);
      const all = turn.flatMap(({ wanted }) => wanted);
      // Where it is refused, each is asked for by itself below: it may be that only one of them is forbidden.
      await hear(pair, all).catch(() => undefined);
      for (const { wanted, go, fail } of turn)
        if (isHeard(wanted)) go(pair);
        else await hear(pair, wanted).then(() => go(pair), fail);
    } catch (error) {
      for (const { fail } of waiting.splice(0)) fail(error);
    }
  };
  const takeTurns = async (): Promise<void> => {
    while (waiting.length > 0) await takeTurn();
    taking = undefined;
  };
  const isHeard = (wanted: readonly string[]): boolean => wanted.every((channel) => channels.has(channel));
  const hear = async ({ subscriber }: RedisPair, wanted: readonly string[]): Promise<void> => {
    const fresh = new Set(wanted.filter((channel) => !channels.has(channel)));
    await subscribeTo(subscriber, [...fresh]).catch(explained);
    for (const channel of fresh) channels.add(channel);
  };
  /** What is to be done with the pair once these channels are heard, after all that was asked before. */
  const inTurn = <T>(wanted: readonly string[], act: (pair: RedisPair) => Promise<T>): Promise<T> => {
    const done = (pair: RedisPair): Promise<T> => act(pair).catch(explained);
    // Nothing at all has to be waited for.
    const pair = taking !== undefined || !isHeard(wanted) ? undefined : link.pair();
    if (pair !== undefined) return done(pair);
    const acted = new Promise<T>((resolve, reject) => {
      waiting.push({ wanted, go: (opened) => resolve(done(opened)), fail: reject });
    });
    taking ??= takeTurns();
    return acted;
  };
  const closed = async (): Promise<void> => {
    await firstValueFrom(race(Promise.resolve(taking), timer(CLOSING_MS)));
    await link.close();
  };
  return {
    frame$: link.frame$,
    status$: link.status$,
    hear: (wanted) => replayed(inTurn(wanted, () => Promise.resolve())).pipe(ignoreElements()),
    publish: (channel, data, hearing = []) =>
      replayed(inTurn(hearing, ({ publisher }) => delivered(publisher, channel, data))),
    listeners: (wanted) => replayed(inTurn([], ({ publisher }) => counted(publisher, wanted))),
    close: () => replayed(closed()).pipe(ignoreElements()),
  };
};

/** What is asked of a connection, and has to wait for it, for channels or for its turn. */
interface Waiting {
  readonly wanted: readonly string[];
  readonly go: (pair: RedisPair) => void;
  readonly fail: (error: unknown) => void;
}

const delivered = async (publisher: Redis, channel: string, data: string | Uint8Array): Promise<Delivery> => {
  if (publisher.status !== 'ready' || !publisher.stream.writable) throw new Error('ECLOSED');
  try {
    return { receivers: await publisher.publish(channel, typeof data === 'string' ? data : bytesOf(data)) };
  } catch (error) {
    if (isReply(error)) throw error;
    return {};
  }
};

// Redis answers with names and numbers in turn.
const counted = async (publisher: Redis, channels: readonly string[]) => {
  try {
    const answer = await publisher.pubsub('NUMSUB', ...channels);
    return channels.map((_, index) => Number(answer[2 * index + 1]));
  } catch (error) {
    if (isReply(error)) return undefined;
    throw error;
  }
};

/** Whether Redis said so itself, and did nothing else. */
const isReply = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';

/** How long closing waits for what was given before it, ms. */
const CLOSING_MS = 500;
