import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as J from 'fp-ts/lib/Json.js';
import type * as t from 'io-ts';
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
import { contentOfChannel, type ChannelContent } from './channelContent.ts';
import { readEvent, type EventContext } from './events.ts';
import type { Frame, HeardRequest, Message } from './messages.ts';
import { readBatchResponse } from './replies.ts';
import { reportErrors, reportFailure } from './report.ts';
import { readAggregatorCommand, readBatch, readRegistration } from './requests.ts';

/** What the messages themselves do not tell. */
export interface DecodeOptions {
  readonly feeUnit: FeeUnit;
  /** Names the exchange among several, where its areas are addressed by uuid. */
  readonly configurationId?: string;
}

/**
 * A frame of any of the exchange's channels as a typed message, or what is wrong with it.
 *
 * It never throws, whatever comes, and a failure keeps nothing of the frame but a short sample. Unknown fields are
 * ignored; numbers are finite; nulls, `"None"` texts and empty objects are absent fields.
 *
 * @example
 * const result = decode({ channel: 'gsy-e-heartbeat/', data: '{"time": 1795331339}' }, { feeUnit: 'cents/kWh' });
 * if (isRight(result)) result.right; // { kind: 'heartbeat', timeS: 1795331339 }
 */
export const decode = (frame: Frame, options: DecodeOptions): E.Either<DecodeFailure, Message> => {
  const { channel, data } = frame;
  const kind = contentOfChannel(channel, options.configurationId);
  if (kind === undefined) return E.left(reportFailure(channel, 'a channel of the exchange', data));
  const report = (errors: t.Errors) => reportErrors(channel, errors);
  return pipe(
    parseFrame(frame),
    E.chain((content) =>
      E.mapLeft(report)(read(kind, content, channel, { feeUnit: options.feeUnit, report })),
    ),
  );
};

const read = (
  kind: ChannelContent,
  content: unknown,
  channel: string,
  context: EventContext,
): t.Validation<Message> => {
  switch (kind.kind) {
    case 'events':
      return readEvent(content, context);
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
    case 'area-map':
      return E.right(heard({ kind: 'area-map' }));
    case 'other-request':
      return E.right(heard({ kind: 'other-request', channel }));
  }
};

const heard = (request: HeardRequest): Message => ({ kind: 'request', request });

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parseFrame = ({ channel, data }: Frame): E.Either<DecodeFailure, unknown> =>
  pipe(
    typeof data === 'string'
      ? E.right(data)
      : E.tryCatch(
          () => utf8.decode(data),
          () => 'UTF-8 text',
        ),
    E.chain((text) => E.mapLeft(() => 'JSON text')(J.parse(text))),
    E.mapLeft((expected) => reportFailure(channel, expected, data)),
  );
