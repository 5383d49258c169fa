import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import {
  AGGREGATOR_COMMANDS,
  AREA_MAP,
  batchChannel,
  marketCallChannel,
  registrationChannel,
} from './channels.ts';
import { listOf, mapOf, strict, tagged } from './combinators.ts';
import { readCommand } from './commandDecoding.ts';
import { encodeCommand } from './commandEncoding.ts';
import { encodeMarketCall } from './marketCalls.ts';
import type { Bid, Command, Offer } from '../model/commands.ts';
import type { Batch, BatchCommands, HeardBatch, HeardRequest, Request } from './messages.ts';
import { jsonOf } from './plainJson.ts';
import { JsonObject, optional } from './scalars.ts';
import { isWrittenAsItIs } from './valueReaders.ts';

/**
 * Area by area, into one growing text: an object with thousands of keys is slow to make and slow to write, and so is a text
 * of more parts than there have to be.
 */
const batchText = (commands: BatchCommands): string => {
  const before: string[] = [];
  const numbers: number[] = [];
  let text = '{';
  for (const [areaUuid, ofArea] of commands) {
    let comma = '';
    text += `${quoted(areaUuid)}:[`;
    for (const command of ofArea) {
      if (isPlainOrder(command)) {
        before.push(text + comma + ORDER_BEGINS[command.kind], ',"price":');
        numbers.push(command.energyKWh, command.priceCents);
        text = command.replaceExisting ? ',"replace_existing":true}' : ',"replace_existing":false}';
      } else text += comma + jsonOf(encodeCommand(command));
      comma = ',';
    }
    text += '],';
  }
  const end = commands.size === 0 ? '{}' : `${text.slice(0, -1)}}`;
  return withNumbers(before, numbers) + end;
};

/** Whether it is an order as nearly all are; they are written without an object in between. */
const isPlainOrder = (command: Command): command is Bid | Offer =>
  (command.kind === 'bid' || command.kind === 'offer') &&
  command.timeSlot === undefined &&
  command.attributes === undefined &&
  command.requirements === undefined &&
  Number.isFinite(command.energyKWh) &&
  Number.isFinite(command.priceCents);

const ORDER_BEGINS = { bid: '{"type":"bid","energy":', offer: '{"type":"offer","energy":' } as const;

/**
 * The texts with a number behind each. The numbers are written at once: one that becomes a text by itself is looked for
 * among thousands that were written before, which takes longer than to write it.
 */
const withNumbers = (before: readonly string[], numbers: readonly number[]): string => {
  const written = jsonOf(numbers);
  let text = '';
  let from = 1;
  for (const part of before) {
    const comma = written.indexOf(',', from);
    const end = comma < 0 ? written.length - 1 : comma;
    text += part + written.slice(from, end);
    from = end + 1;
  }
  return text;
};

/** As JSON; nearly all are uuids, in which there is nothing to escape. */
const quoted = (id: string): string => (isWrittenAsItIs(id) ? `"${id}"` : JSON.stringify(id));

/**
 * The channel and JSON text of a request, ready to be published.
 *
 * `configurationId` names the exchange among several; without one the batch channel has two slashes in a row. The
 * aggregator channel is common to all exchanges, so the id goes into the message there.
 *
 * @throws GsyError `ERR_GSY_TRANSPORT` for a number that JSON cannot carry: it would go out as null, and the exchange
 * dies of a null in an order.
 */
export const encodeRequest = (request: Request, configurationId = ''): { channel: string; data: string } => {
  const forConfiguration = configurationId === '' ? {} : { config_uuid: configurationId };
  const text = (channel: string, content: object) => ({ channel, data: jsonOf(content) });
  switch (request.kind) {
    case 'create-aggregator':
      return text(AGGREGATOR_COMMANDS, {
        name: request.name,
        type: 'CREATE',
        transaction_id: request.aggregatorUuid,
        ...forConfiguration,
      });
    case 'find-aggregator':
      return encodeRequest(
        { ...request, kind: 'create-aggregator', name: request.aggregatorUuid },
        configurationId,
      );
    case 'delete-aggregator':
      return text(AGGREGATOR_COMMANDS, {
        name: request.name,
        aggregator_uuid: request.aggregatorUuid,
        type: 'DELETE',
        transaction_id: request.transactionId,
        ...forConfiguration,
      });
    case 'select':
    case 'unselect':
      return text(AGGREGATOR_COMMANDS, {
        aggregator_uuid: request.aggregatorUuid,
        device_uuid: request.areaUuid,
        type: request.kind.toUpperCase(),
        transaction_id: request.transactionId,
        ...forConfiguration,
      });
    case 'register':
    case 'unregister':
      return text(registrationChannel(request.kind, request.channelName), {
        name: request.channelName,
        transaction_id: request.transactionId,
      });
    case 'grid-fees':
    case 'dso-market-stats':
      return text(marketCallChannel(request), encodeMarketCall(request));
    case 'area-map':
      return text(AREA_MAP, {});
    case 'batch':
      return { channel: batchChannel(configurationId), data: encodeBatch(request) };
  }
};

const batchFields = ({ transactionId, aggregatorUuid, commands }: Batch): string =>
  `"transaction_id":${quoted(transactionId)},"aggregator_uuid":${quoted(aggregatorUuid)},"batch_commands":${batchText(commands)}}`;

const encodeBatch = (batch: Batch): string => `{"type":"BATCHED",${batchFields(batch)}`;

/** A batch as a hosted exchange takes it: the same without its type (exchange protocol, REST). Throws as `encodeRequest`. */
export const hostedBatchText = (batch: Batch): string => `{${batchFields(batch)}`;

const transaction = { transaction_id: t.string };
const selection = { aggregator_uuid: t.string, device_uuid: t.string, ...transaction };

const aggregatorCommands = {
  CREATE: strict({ type: t.literal('CREATE'), name: t.string, ...transaction }, 'a CREATE'),
  DELETE: strict(
    { type: t.literal('DELETE'), name: t.string, aggregator_uuid: t.string, ...transaction },
    'a DELETE',
  ),
  SELECT: strict({ type: t.literal('SELECT'), ...selection }, 'a SELECT'),
  UNSELECT: strict({ type: t.literal('UNSELECT'), ...selection }, 'an UNSELECT'),
};
const AggregatorCommand = tagged('an aggregator command', 'type', aggregatorCommands);

/** An aggregator command as the exchange hears it; of a type it does not know, some other request. */
export const readAggregatorCommand = (content: unknown, channel: string): t.Validation<HeardRequest> => {
  const isOther =
    JsonObject.is(content) &&
    typeof content.type === 'string' &&
    !Object.hasOwn(aggregatorCommands, content.type);
  return isOther
    ? E.right({ kind: 'other-request', channel })
    : pipe(AggregatorCommand.decode(content), E.map(toAggregatorRequest));
};

const toAggregatorRequest = (command: t.TypeOf<typeof AggregatorCommand>): HeardRequest => {
  const transactionId = command.transaction_id;
  switch (command.type) {
    case 'CREATE':
      return { kind: 'create-aggregator', name: command.name, aggregatorUuid: transactionId };
    case 'DELETE': {
      const { name, aggregator_uuid: aggregatorUuid } = command;
      return { kind: 'delete-aggregator', name, aggregatorUuid, transactionId };
    }
    case 'SELECT':
    case 'UNSELECT':
      return {
        kind: command.type === 'SELECT' ? 'select' : 'unselect',
        aggregatorUuid: command.aggregator_uuid,
        areaUuid: command.device_uuid,
        transactionId,
      };
  }
};

const WireRegistration = strict(transaction, 'a registration');

/** A request to register or unregister an area, which the channel names. */
export const readRegistration = (
  content: unknown,
  { channelName, verb }: { readonly channelName: string; readonly verb: 'register' | 'unregister' },
): t.Validation<HeardRequest> =>
  pipe(
    WireRegistration.decode(content),
    E.map(({ transaction_id }) => ({ kind: verb, channelName, transactionId: transaction_id })),
  );

const WireBatch = strict(
  {
    transaction_id: t.string,
    aggregator_uuid: t.string,
    batch_commands: mapOf(optional(listOf(JsonObject))),
  },
  'a batch',
);

/** A batch as the exchange hears it. An area whose value is null is not asked anything: it gets no answer. */
export const readBatch = (content: unknown): t.Validation<HeardBatch> =>
  pipe(
    WireBatch.decode(content),
    E.map(({ transaction_id, aggregator_uuid, batch_commands }) => ({
      kind: 'batch',
      aggregatorUuid: aggregator_uuid,
      transactionId: transaction_id,
      commands: new Map(
        [...batch_commands].flatMap(([areaUuid, ofArea]) =>
          ofArea ? [[areaUuid, ofArea.map(readCommand(areaUuid))] as const] : [],
        ),
      ),
    })),
  );
