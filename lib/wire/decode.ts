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
import { readEvent, readEventAround, type EventContext } from './events.ts';
import { parsedAround } from './jsonAround.ts';
import { placeOfMember } from './jsonText.ts';
import { readMarketCall } from './marketCalls.ts';
import type { Frame, HeardRequest, Message } from './messages.ts';
import { parsedJson } from './plainJson.ts';
import { readBatchResponse } from './replies.ts';
import { replyMemory, type ReplyMemory } from './replyMemory.ts';
import { reportErrors, reportFailure } from './report.ts';
import { readAggregatorCommand, readBatch, readRegistration } from './requests.ts';
import { TREE_KEY, treeMemory, type PlacedTree, type TreeMemory } from './treeMemory.ts';

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
  return (frame) => {
    const { channel, data } = frame;
    const kind = contentOfChannel(channel, configurationId);
    if (kind === undefined) return E.left(reportFailure(channel, 'a channel of the exchange', data));
    const text = textOf(data);
    if (text === undefined) return E.left(reportFailure(channel, 'UTF-8 text', data));
    const report = (errors: t.Errors) => reportErrors(channel, errors);
    if (kind.kind === 'events') return decodeEvent(text, frame, memory, { feeUnit, report });
    const response =
      kind.kind === 'batch-response' ? decodeBatchResponse(text, (replies ??= replyMemory())) : undefined;
    if (response) return response;
    const content = parsed(text, frame);
    return E.isLeft(content) ? content : E.mapLeft(report)(read(kind, content.right, channel));
  };
};

const decodeEvent = (
  text: string,
  frame: Frame,
  memory: TreeMemory,
  context: EventContext,
): E.Either<DecodeFailure, Message> => {
  const tree = memory.read(text, frame.data);
  const whole = tree && eventAround(tree, text, context.feeUnit);
  if (whole) return whole;
  const content = parsed(text, frame);
  if (E.isLeft(content)) return content;
  const event = readEvent(content.right, context);
  if (E.isLeft(event)) return E.left(context.report(event.left));
  if ('areas' in event.right && event.right.unreadable.length === 0) memory.learn(text, event.right.areas);
  return event;
};

/** The event whose tree was read, unless anything around the tree is not as it has to be. */
const eventAround = (
  { areas, start, end }: PlacedTree,
  text: string,
  feeUnit: FeeUnit,
): E.Either<never, Message> | undefined => {
  const content = parsedAround(text.slice(0, start), TREE_KEY, text.slice(end));
  const event = content && readEventAround(areas, content, feeUnit);
  return event && E.right(event);
};

/** The reply to a batch whose replies fit what is remembered, unless anything around them is not as it has to be. */
const decodeBatchResponse = (text: string, memory: ReplyMemory): E.Either<never, Message> | undefined => {
  const start = placeOfMember(text, 'responses');
  const known = start === undefined ? undefined : memory.read(text, start);
  if (start === undefined || known === undefined) return undefined;
  const content = parsedAround(text.slice(0, start), 'responses', text.slice(known.end));
  const response = content && readBatchResponse(content);
  return response && E.isRight(response)
    ? E.right(extended(response.right, { replies: known.replies }))
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

const parsed = (text: string, { channel, data }: Frame): E.Either<DecodeFailure, unknown> => {
  const content = parsedJson(text);
  return content === undefined ? E.left(reportFailure(channel, 'JSON text', data)) : E.right(content);
};
