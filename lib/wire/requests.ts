import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { GsyError } from '../errors.ts';
import { AGGREGATOR_COMMANDS, AREA_MAP, batchChannel } from './channels.ts';
import { chosenBy, listOf, mapOf, strict } from './combinators.ts';
import { readCommand } from './commandDecoding.ts';
import { encodeCommand } from './commandEncoding.ts';
import type { BatchCommands, HeardBatch, HeardRequest, Request } from './messages.ts';
import { JsonObject, optional } from './scalars.ts';

const encodeBatchCommands = (commands: BatchCommands) =>
  Object.fromEntries([...commands].map(([areaUuid, ofArea]) => [areaUuid, ofArea.map(encodeCommand)]));

const finiteOnly = (key: string, value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new GsyError('ERR_GSY_TRANSPORT', `Not sent: "${key}" is ${value}, which JSON cannot carry.`);
  return value;
};

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
  const text = (channel: string, content: object) => ({ channel, data: JSON.stringify(content, finiteOnly) });
  switch (request.kind) {
    case 'create-aggregator':
      return text(AGGREGATOR_COMMANDS, {
        name: request.name,
        type: 'CREATE',
        transaction_id: request.aggregatorUuid,
        ...forConfiguration,
      });
    case 'select':
      return text(AGGREGATOR_COMMANDS, {
        aggregator_uuid: request.aggregatorUuid,
        device_uuid: request.areaUuid,
        type: 'SELECT',
        transaction_id: request.transactionId,
        ...forConfiguration,
      });
    case 'area-map':
      return text(AREA_MAP, {});
    case 'batch':
      return text(batchChannel(configurationId), {
        type: 'BATCHED',
        transaction_id: request.transactionId,
        aggregator_uuid: request.aggregatorUuid,
        batch_commands: encodeBatchCommands(request.commands),
      });
  }
};

const Create = strict({ name: t.string, transaction_id: t.string }, 'a CREATE');
const Select = strict(
  { aggregator_uuid: t.string, device_uuid: t.string, transaction_id: t.string },
  'a SELECT',
);
const AnyType = strict({ type: t.string }, 'an aggregator command');

const AggregatorCommand = chosenBy('an aggregator command', ({ type }) => {
  if (type === 'CREATE') return Create;
  return type === 'SELECT' ? Select : AnyType;
});
type AggregatorCommand = t.TypeOf<typeof AggregatorCommand>;

/** CREATE or SELECT as the exchange hears it; one of another type is a request that this library does not make. */
export const readAggregatorCommand = (content: unknown, channel: string): t.Validation<HeardRequest> =>
  pipe(
    AggregatorCommand.decode(content),
    E.map((command) => toAggregatorRequest(command, channel)),
  );

const toAggregatorRequest = (command: AggregatorCommand, channel: string): HeardRequest => {
  if ('name' in command)
    return { kind: 'create-aggregator', name: command.name, aggregatorUuid: command.transaction_id };
  if ('device_uuid' in command)
    return {
      kind: 'select',
      aggregatorUuid: command.aggregator_uuid,
      areaUuid: command.device_uuid,
      transactionId: command.transaction_id,
    };
  return { kind: 'other-request', channel };
};

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
