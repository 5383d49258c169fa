import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { extended } from '../extended.ts';
import type { DecodeFailure } from '../model/failures.ts';
import type { FeeUnit } from '../model/grid.ts';
import {
  readAggregatorReply,
  readAreaMap,
  readAreaReply,
  readControlReply,
  readHeartbeat,
  readRegistrationReply,
} from './answers.ts';
import { readAreaEvent } from './areaEvents.ts';
import { textOf } from './bytes.ts';
import { contentOfChannel, type ChannelContent } from './channelContent.ts';
import { readEvent, readEventAround } from './events.ts';
import { parsedAround } from './jsonAround.ts';
import { readMarketCall } from './marketCalls.ts';
import type { Frame, HeardRequest, Message } from './messages.ts';
import { parsedJson } from './plainJson.ts';
import { readBatchResponse } from './replies.ts';
import { replyMemory, RESPONSES_KEY, type RepliesInResponse, type ReplyMemory } from './replyMemory.ts';
import { reportErrors, reportFailure } from './report.ts';
import { readAggregatorCommand, readBatch, readRegistration } from './requests.ts';
import { treeMemory, type EventInPlace } from './treeMemory.ts';

/** What the messages themselves do not tell. */
export interface DecodeOptions {
  readonly feeUnit: FeeUnit;
  /** Names the exchange among several, where its areas are addressed by uuid. */
  readonly configurationId?: string;
}

/** Reads one frame after the other: a typed message, or what is wrong with it. */
export type Decoder = (frame: Frame) => E.Either<DecodeFailure, Message>;

/**
 * Makes a reader of frames of any of the exchange's channels.
 *
 * It never throws, whatever comes, and a failure keeps nothing of the frame but a short sample. Unknown fields are
 * ignored; numbers are finite; nulls, `"None"` texts and empty objects are absent fields. It remembers the newest grid
 * tree, so that of the next one only what differs has to be read; the areas that do not are the same objects again.
 *
 * @example
 * const decode = makeDecoder({ feeUnit: 'cents/kWh' });
 * const result = decode({ channel: 'gsy-e-heartbeat/', data: '{"time": 1795331339}' });
 * if (isRight(result)) result.right; // { kind: 'heartbeat', timeS: 1795331339 }
 */
export const makeDecoder = ({ feeUnit, configurationId }: DecodeOptions): Decoder => {
  const memory = treeMemory(feeUnit);
  let replies: ReplyMemory | undefined;
  /** What the message says, read as the ones before of its kind. */
  const asBefore = ({ kind }: ChannelContent, data: Data): Message | undefined => {
    if (kind === 'events') return eventIn(memory.read(data), feeUnit);
    return kind === 'batch-response' ? responseIn((replies ??= replyMemory()).read(data)) : undefined;
  };
  return ({ channel, data }) => {
    const kind = contentOfChannel(channel, configurationId);
    if (kind === undefined) return E.left(reportFailure(channel, 'a channel of the exchange', data));
    if (!isData(data)) return E.left(reportFailure(channel, 'a text or its bytes', data));
    const message = asBefore(kind, data);
    if (message) return E.right(message);
    const report = (errors: t.Errors) => reportErrors(channel, errors);
    const text = textOf(data);
    if (text === undefined) return E.left(reportFailure(channel, 'UTF-8 text', data));
    const content = parsedJson(text);
    if (content === undefined) return E.left(reportFailure(channel, 'JSON text', data));
    return E.mapLeft(report)(
      kind.kind === 'events' ? readEvent(content, { feeUnit, report }) : read(kind, content, channel),
    );
  };
};

type Data = Frame['data'];

const isData = (data: unknown): data is Data => typeof data === 'string' || data instanceof Uint8Array;

/** The event that was read in its place, unless anything around its tree is not as it has to be. */
const eventIn = (found: EventInPlace | undefined, feeUnit: FeeUnit): Message | undefined =>
  found && readEventAround(found.areas, found.content, feeUnit);

/** The reply to a batch of which the replies were read, unless anything around them is not as it has to be. */
const responseIn = (found: RepliesInResponse | undefined): Message | undefined => {
  const content = found && parsedAround(found.before, RESPONSES_KEY, found.after);
  const response = content && readBatchResponse(content);
  return found && response && E.isRight(response)
    ? extended(response.right, { replies: found.replies })
    : undefined;
};

const read = (
  kind: Exclude<ChannelContent, { readonly kind: 'events' }>,
  content: unknown,
  channel: string,
): t.Validation<Message> => {
  switch (kind.kind) {
    case 'batch-response':
      return readBatchResponse(content);
    case 'aggregator-reply':
      return readAggregatorReply(content);
    case 'heartbeat':
      return readHeartbeat(content);
    case 'area-map-reply':
      return readAreaMap(content);
    case 'control-reply':
      return readControlReply(content);
    case 'registration-reply':
      return readRegistrationReply(content, kind);
    case 'area-event':
      return readAreaEvent(content, kind.channelName);
    case 'area-reply':
      return readAreaReply(content, kind);
    case 'aggregator-command':
      return E.map(heard)(readAggregatorCommand(content, channel));
    case 'batch':
      return E.map(heard)(readBatch(content));
    case 'registration':
      return E.map(heard)(readRegistration(content, kind));
    case 'market-call':
      return E.map(heard)(readMarketCall(content, kind));
    case 'area-map':
      return E.right(heard({ kind: 'area-map' }));
    case 'other-request':
      return E.right(heard({ kind: 'other-request', channel }));
  }
};

const heard = (request: HeardRequest): Message => ({ kind: 'request', request });
