import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { readable } from './checked.ts';
import { mapOf, strict } from './combinators.ts';
import type {
  AggregatorReply,
  AreaMap,
  AreaReply,
  ControlReply,
  Heartbeat,
  RegistrationReply,
} from './messages.ts';
import { present } from './present.ts';
import { commandReply } from './replies.ts';
import { Finite, optional } from './scalars.ts';

/** What the exchange calls the outcome of an aggregator command. */
const STATUS = {
  ready: 'ready',
  SELECTED: 'selected',
  UNSELECTED: 'unselected',
  deleted: 'deleted',
  error: 'error',
} as const;

const WireAggregatorReply = strict(
  {
    transaction_id: t.string,
    status: t.keyof(STATUS, 'ready, SELECTED, UNSELECTED, deleted or error'),
    name: optional(t.string),
    aggregator_uuid: optional(t.string),
    device_uuid: optional(t.string),
    msg: optional(t.string),
  },
  'a reply to an aggregator command',
);

const heldBy = (message: string | undefined): string | undefined =>
  /^Device already have selected (\S+)$/.exec(message ?? '')?.[1];

/** The reply to CREATE, SELECT, UNSELECT or DELETE (exchange protocol, aggregator commands). */
export const readAggregatorReply = (content: unknown): t.Validation<AggregatorReply> =>
  pipe(
    WireAggregatorReply.decode(content),
    E.map((reply) =>
      present({
        kind: 'aggregator-reply',
        transactionId: reply.transaction_id,
        status: STATUS[reply.status],
        name: reply.name,
        aggregatorUuid: reply.aggregator_uuid,
        areaUuid: reply.device_uuid,
        reason: reply.msg,
        heldBy: heldBy(reply.msg),
      }),
    ),
  );

const WireRegistrationReply = strict(
  {
    status: t.keyof({ ready: null, error: null }, 'ready or error'),
    transaction_id: optional(t.string),
    device_uuid: optional(t.string),
    error_message: optional(t.string),
  },
  'a reply to register or unregister',
);

/** The reply to register or unregister: an error names neither, so the channel has to. */
export const readRegistrationReply = (
  content: unknown,
  { channelName, granted }: { readonly channelName: string; readonly granted: 'registered' | 'unregistered' },
): t.Validation<RegistrationReply> =>
  pipe(
    WireRegistrationReply.decode(content),
    E.map((reply) =>
      present({
        kind: 'registration-reply',
        channelName,
        status: reply.status === 'ready' ? granted : 'error',
        transactionId: reply.transaction_id,
        areaUuid: reply.device_uuid,
        reason: reply.error_message,
      }),
    ),
  );

const WireAreaMap = strict({ area_mapping: mapOf(t.string) }, 'an area map');

/** The reply to an area map request. */
export const readAreaMap = (content: unknown): t.Validation<AreaMap> =>
  pipe(
    WireAreaMap.decode(content),
    E.map(({ area_mapping }) => ({ kind: 'area-map', nameByUuid: area_mapping })),
  );

const WireControlReply = strict(
  { command: t.string, transaction_id: t.string, status: t.string },
  'a reply to pause, resume or stop',
);

/** The reply to pause, resume or stop. */
export const readControlReply = (content: unknown): t.Validation<ControlReply> =>
  pipe(
    WireControlReply.decode(content),
    E.map(({ command, transaction_id, status }) => ({
      kind: 'control-reply',
      command,
      transactionId: transaction_id,
      status,
    })),
  );

const WireHeartbeat = strict({ time: Finite }, 'a heartbeat');

/** The exchange's sign of life. */
export const readHeartbeat = (content: unknown): t.Validation<Heartbeat> =>
  pipe(
    WireHeartbeat.decode(content),
    E.map(({ time }) => ({ kind: 'heartbeat', timeS: time })),
  );

const Transaction = strict({ transaction_id: optional(t.string), area_uuid: optional(t.string) }, 'a reply');

const CommandReply = readable(commandReply);

/** The reply to a command given to one area directly (exchange protocol, direct asset commands). */
export const readAreaReply = (
  content: unknown,
  { channelName, command }: { readonly channelName: string; readonly command: string },
): t.Validation<AreaReply> =>
  pipe(
    Transaction.decode(content),
    E.chain(({ transaction_id, area_uuid }) =>
      pipe(
        CommandReply.decode(content),
        E.map((reply) => ({
          kind: 'area-reply' as const,
          channelName,
          command,
          ...present({ transactionId: transaction_id, areaUuid: area_uuid }),
          reply,
        })),
      ),
    ),
  );
