import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { mapOf, strict, tagged } from './combinators.ts';
import type {
  AggregatorReply,
  AreaEvent,
  AreaMap,
  AreaReply,
  ControlReply,
  Heartbeat,
  RegistrationReply,
} from './messages.ts';
import { present } from './present.ts';
import { toReply, WireReply } from './replies.ts';
import { Finite, optional, Percent, SlotTime } from './scalars.ts';

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
  { areaName, granted }: { readonly areaName: string; readonly granted: 'registered' | 'unregistered' },
): t.Validation<RegistrationReply> =>
  pipe(
    WireRegistrationReply.decode(content),
    E.map((reply) =>
      present({
        kind: 'registration-reply',
        areaName,
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

const area = { area_uuid: optional(t.string) };

const WireAreaEvent = tagged('an event of one area', 'event', {
  market: strict({ event: t.literal('market'), start_time: SlotTime, ...area }),
  tick: strict({ event: t.literal('tick'), market_slot: SlotTime, slot_completion: Percent, ...area }),
  trade: strict({ event: t.literal('trade'), ...area }),
  finish: strict({ event: t.literal('finish'), ...area }),
});
type WireAreaEvent = t.TypeOf<typeof WireAreaEvent>;

const toMoment = (event: WireAreaEvent) => {
  switch (event.event) {
    case 'market':
      return { event: 'market-slot', slot: event.start_time } as const;
    case 'tick':
      return { event: 'tick', slot: event.market_slot, progress: event.slot_completion } as const;
    case 'trade':
      return { event: 'trade' } as const;
    case 'finish':
      return { event: 'finished' } as const;
  }
};

/** An event of an area that is connected without an aggregator (exchange protocol, direct asset events). */
export const readAreaEvent = (content: unknown, areaName: string): t.Validation<AreaEvent> =>
  pipe(
    WireAreaEvent.decode(content),
    E.map((event) => ({
      kind: 'area-event',
      areaName,
      ...toMoment(event),
      ...present({ areaUuid: event.area_uuid }),
    })),
  );

const Transaction = strict({ transaction_id: optional(t.string) }, 'a reply');

/** The reply to a command given to one area directly (exchange protocol, direct asset commands). */
export const readAreaReply = (
  content: unknown,
  { areaName, command }: { readonly areaName: string; readonly command: string },
): t.Validation<AreaReply> =>
  pipe(
    Transaction.decode(content),
    E.chain(({ transaction_id }) =>
      pipe(
        WireReply.decode(content),
        E.map((reply) => ({
          kind: 'area-reply' as const,
          areaName,
          command,
          ...present({ transactionId: transaction_id }),
          reply: toReply(reply),
        })),
      ),
    ),
  );
