import { bytesOf } from '../wire/bytes.ts';
import { AGGREGATOR_RESPONSE, batchResponseChannel, eventsChannel } from '../wire/channels.ts';
import { readSocketMessage, type SocketMessage } from '../wire/hosted.ts';
import type { Frame } from '../wire/messages.ts';
import type { Redact } from './restAnswer.ts';

type Data = Frame['data'];

/** The frames that a message on a websocket stands for: one, or none. */
export type ToFrames = (data: Data) => readonly Frame[];

/** An aggregator under both its names. */
export interface AggregatorUuids {
  /** As this library derives it from the name. */
  readonly derived: string;
  /** As the server gave it. */
  readonly server: string;
}

const textOf = (data: Data): string => (typeof data === 'string' ? data : bytesOf(data).toString());

/** The status that answers a selection, for the events that tell of one. */
const SELECTIONS = new Map([
  ['selected_by_device', 'SELECTED'],
  ['unselected_by_device', 'UNSELECTED'],
]);
const EVENTS = ['market', 'tick', 'trade', 'finish'];

/**
 * The messages of an aggregator's websocket, on the channels where a local exchange sends them: batch replies, events,
 * and a selection or its end, whoever asked for it, as a reply to aggregator commands.
 *
 * What is no JSON object goes to the events, to be reported there. Of other kinds of messages, which mean nothing
 * here, each is reported once only, by its first message. Reports are read by people, so what they show is redacted.
 */
export const aggregatorFrames = (uuids: AggregatorUuids, redacted: Redact): ToFrames => {
  const reported = new Set<string>();
  const events = eventsChannel(uuids.derived);
  return (data) => {
    const sort = sortOf(data);
    if (sort === 'event') return [{ channel: events, data: translate(data, uuids) }];
    if (sort === 'batch-reply')
      return [{ channel: batchResponseChannel(uuids.derived), data: translate(data, uuids) }];
    const text = textOf(data);
    const message = readSocketMessage(text);
    const { event, command } = message ?? {};
    if (event !== undefined && SELECTIONS.has(event)) return [selectionFrame(message ?? {}, uuids)];
    if (event === undefined && command === 'batch_commands')
      return [{ channel: batchResponseChannel(uuids.derived), data: translate(data, uuids) }];
    if (event !== undefined && EVENTS.includes(event))
      return [{ channel: events, data: translate(data, uuids) }];
    if (message !== undefined) {
      const kind = (event ?? command ?? '').slice(0, LONGEST_KIND);
      if (reported.has(kind) || reported.size === MOST_KINDS) return [];
      reported.add(kind);
    }
    const shown = redacted(text);
    return [{ channel: events, data: shown === text ? data : shown }];
  };
};

// What a peer names is remembered, but not without end.
const LONGEST_KIND = 60;
const MOST_KINDS = 20;

/**
 * What the ends of a message tell of it already, as servers write them: to parse it for that takes as long as to read
 * it. Where `event` is followed by nothing but texts, numbers and the last brace, it is a field of the message itself.
 */
const sortOf = (data: Data): 'event' | 'batch-reply' | undefined => {
  if (BATCH_REPLY.test(latin1(data.slice(0, 100)))) return 'batch-reply';
  return EVENT.test(latin1(data.slice(-400))) ? 'event' : undefined;
};

const BATCH_REPLY = /^\{"command": ?"batch_commands",/;
const EVENT = /"event": ?"(?:market|tick|trade|finish)"(?:, ?"[a-z_]+": ?(?:"[^"\\]*"|[-+.\deE]+|null))*\}$/;

// In latin1 every byte is a character and comes back as it was.
const latin1 = (data: Data): string => (typeof data === 'string' ? data : bytesOf(data).toString('latin1'));

const selectionFrame = (
  { event, areaUuid, transactionId }: SocketMessage,
  { derived }: AggregatorUuids,
): Frame => ({
  channel: AGGREGATOR_RESPONSE,
  data: JSON.stringify({
    status: SELECTIONS.get(event ?? ''),
    aggregator_uuid: derived,
    device_uuid: areaUuid,
    // The codec asks for one; the empty one answers nobody.
    transaction_id: transactionId ?? '',
  }),
});

/** The message with the derived uuid where the server's stands as `aggregator_uuid`; every other byte stays. */
const translate = (data: Data, { derived, server }: AggregatorUuids): Data => {
  const isThere = typeof data === 'string' ? data.includes(server) : bytesOf(data).includes(server);
  if (!isThere) return data;
  const text = latin1(data);
  const translated = text.replace(
    /("aggregator_uuid"\s*:\s*")([^"\\]*)"/g,
    (field, key: string, uuid: string) => (uuid === server ? `${key}${derived}"` : field),
  );
  if (translated === text) return data;
  return typeof data === 'string' ? translated : Buffer.from(translated, 'latin1');
};

/**
 * The messages of an area's own websocket, on the channels of this name. An error that names no command belongs to
 * what was asked for last.
 */
export const areaFrames = (channelName: string, lastAsked: () => string): ToFrames => {
  const replies = (verb: string) => `${channelName}/response/${verb}`;
  const channelOf = ({ event, command = lastAsked() }: SocketMessage): string => {
    if (event !== undefined) return `${channelName}/events/${event}`;
    return replies(command === 'register' || command === 'unregister' ? `${command}_participant` : command);
  };
  return (data) => [{ channel: channelOf(readSocketMessage(textOf(data)) ?? {}), data }];
};
