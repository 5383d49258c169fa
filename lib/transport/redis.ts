import { channelsOf } from '../wire/channels.ts';
import { encodeRequest } from '../wire/requests.ts';
import { redisPubSub, type RedisPubSubOptions } from './redisPubSub.ts';
import type { Transport } from './transport.ts';

/** Which Redis, and which of the exchanges on it. */
export interface RedisTransportOptions extends RedisPubSubOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS; all but the host may be missing. */
  readonly url: string;
  /** The exchange's configuration id; empty unless said otherwise. */
  readonly configurationId?: string;
}

/**
 * The connection to an exchange through its Redis, as a local exchange offers it (exchange protocol, channels).
 *
 * What answers a request is listened to before it is sent. Sends before the first opening wait for it; later ones go
 * at once or error with `ERR_GSY_TRANSPORT`. A lost connection comes back by itself; `status$` tells what was missed.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the URL is wrong.
 *
 * @example
 * const { done } = run({ transport: redisTransport({ url: 'redis://localhost' }), strategy: basic, aggregator: 'me' });
 */
export const redisTransport = ({
  url,
  configurationId = '',
  ...options
}: RedisTransportOptions): Transport => {
  const pubSub = redisPubSub(url, options);
  return {
    configurationId,
    frame$: pubSub.frame$,
    status$: pubSub.status$,
    send: (request) => {
      const { channel, data } = encodeRequest(request, configurationId);
      return pubSub.publish(channel, data, channelsOf(request, configurationId));
    },
    listeners: (channels) => pubSub.listeners(channels),
    close: () => pubSub.close(),
  };
};
