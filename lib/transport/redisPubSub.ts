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
  /** Channels that are asked for and not yet acknowledged. */
  const asked = new Map<string, Promise<void>>();
  const subscribe = async (pair: RedisPair, fresh: readonly string[]): Promise<void> => {
    try {
      await subscribeTo(pair.subscriber, fresh).catch(explained);
      for (const channel of fresh) channels.add(channel);
    } finally {
      for (const channel of fresh) asked.delete(channel);
    }
  };
  /** What is asked for in one turn goes into one command: for a thousand areas they would be a thousand. */
  let next: { readonly fresh: string[]; readonly done: Promise<void> } | undefined;
  const askNext = (pair: RedisPair, channel: string): Promise<void> => {
    if (next === undefined) {
      const fresh: string[] = [];
      const done = Promise.resolve().then(() => {
        next = undefined;
        return subscribe(pair, fresh);
      });
      next = { fresh, done };
    }
    next.fresh.push(channel);
    return next.done;
  };
  const acknowledged = async (wanted: readonly string[]): Promise<RedisPair> => {
    const pair = await link.opened();
    for (const channel of wanted)
      if (!channels.has(channel) && !asked.has(channel)) asked.set(channel, askNext(pair, channel));
    await Promise.all(wanted.flatMap((channel) => asked.get(channel) ?? []));
    return pair;
  };
  // What is asked is asked at once, and goes on in its turn, so that order is kept.
  let turn: Promise<unknown> = Promise.resolve();
  /** How many wait for their turn, or have only just had it. */
  let waiting = 0;
  const heard = (wanted: readonly string[]): Promise<RedisPair> => {
    waiting += 1;
    const [before, ready] = [turn, acknowledged(wanted)];
    const inTurn = Promise.allSettled([before, ready]).then(() => ready);
    turn = inTurn.catch(() => undefined).finally(() => (waiting -= 1));
    return inTurn;
  };
  /** The pair, where nothing at all has to be waited for. */
  const atOnce = (wanted: readonly string[]): RedisPair | undefined =>
    waiting === 0 && wanted.every((channel) => channels.has(channel)) ? link.pair() : undefined;
  const closed = async (): Promise<void> => {
    await firstValueFrom(race(turn, timer(CLOSING_MS)));
    await link.close();
  };
  return {
    frame$: link.frame$,
    status$: link.status$,
    hear: (wanted) => replayed(heard(wanted)).pipe(ignoreElements()),
    publish: (channel, data, hearing = []) => {
      const send = ({ publisher }: RedisPair) => delivered(publisher, channel, data).catch(explained);
      const pair = atOnce(hearing);
      return replayed(pair === undefined ? heard(hearing).then(send) : send(pair));
    },
    listeners: (wanted) =>
      replayed(heard([]).then(({ publisher }) => counted(publisher, wanted).catch(explained))),
    close: () => replayed(closed()).pipe(ignoreElements()),
  };
};

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
