import { GsyError } from '../errors.ts';
import { AGGREGATOR_RESPONSE } from '../wire/channels.ts';
import { readAggregators, readCreatedAggregator, readSelection } from '../wire/hosted.ts';
import type { Batch, Request } from '../wire/messages.ts';
import { encodeRequest } from '../wire/requests.ts';
import { failureOf, statusOf, successOf, type Redact, type RestAnswer } from './restAnswer.ts';
import { ask, askFor, unknownSimulation, type RestServer } from './restAsk.ts';
import { aggregatorFrames, type AggregatorUuids } from './restFrames.ts';
import type { Line } from './restLines.ts';
import type { Delivery } from './transport.ts';

type Of<K extends Request['kind']> = Extract<Request, { readonly kind: K }>;
type Selection = Extract<Request, { readonly areaUuid: string }>;

interface Aggregator extends AggregatorUuids {
  readonly line: Line;
}

/** The aggregators of a user on the server (exchange protocol, REST requests). */
export interface RestAggregators {
  /** Finds the aggregator of this name or creates it; resolves when its websocket is open. */
  create(request: Of<'create-aggregator'>): Promise<void>;
  /** Says that there is such an aggregator: the server itself refuses what is asked of one that is not there. */
  find(request: Of<'find-aggregator'>): Promise<void>;
  /** Selects into an aggregator of this connection, or one of the server's by the server's uuid. */
  select(request: Selection): Promise<void>;
  unselect(request: Selection): Promise<void>;
  remove(request: Of<'delete-aggregator'>): Promise<void>;
  /** Sends a batch, if its reply can be heard, and not after this moment, ms since 1970. */
  execute(batch: Batch, latestMs: number): Promise<Delivery>;
}

/** No aggregator yet. The server gives aggregators uuids of its own, which are known in here alone. */
export const restAggregators = ({ session, simulationId, lines, emit }: RestServer): RestAggregators => {
  const known = new Map<string, Promise<Aggregator>>();
  const pathTo = (verb: string) => `external-connection/aggregator-api/${simulationId}/${verb}/`;
  const reply = (content: object) => emit({ channel: AGGREGATOR_RESPONSE, data: JSON.stringify(content) });
  const aggregatorOf = (uuid: string): Promise<Aggregator> =>
    known.get(uuid) ??
    Promise.reject(new GsyError('ERR_GSY_TRANSPORT', `The aggregator ${uuid} has not been created.`));

  const findOrCreate = async ({ name, aggregatorUuid }: Of<'create-aggregator'>): Promise<Aggregator> => {
    const listed = await askFor(session, readAggregators, 'GET', pathTo('list-aggregators')).catch(
      unknownSimulation(decodeURIComponent(simulationId)),
    );
    const named =
      listed.find((aggregator) => aggregator.name === name) ??
      (await askFor(session, readCreatedAggregator, 'POST', pathTo('create-aggregator'), {
        name,
        transaction_id: aggregatorUuid,
      }));
    const uuids = { derived: aggregatorUuid, server: named.uuid };
    const path = `${simulationId}/aggregator/${encodeURIComponent(named.uuid)}/`;
    return { ...uuids, line: lines.open(path, aggregatorFrames(uuids, session.redacted)) };
  };
  const remembered = (uuid: string, finding: Promise<Aggregator>) => {
    known.set(uuid, finding);
    finding.catch(() => known.delete(uuid));
    return finding;
  };
  const bodyOf = async (request: Selection) => ({
    aggregator_uuid: (await known.get(request.aggregatorUuid))?.server ?? request.aggregatorUuid,
    device_uuid: request.areaUuid,
    transaction_id: request.transactionId,
  });
  return {
    create: async (request) => {
      const { name, aggregatorUuid } = request;
      const { line } = await (known.get(aggregatorUuid) ?? remembered(aggregatorUuid, findOrCreate(request)));
      await line.opened();
      reply({ status: 'ready', name, transaction_id: aggregatorUuid });
    },
    find: ({ aggregatorUuid }) => {
      reply({ status: 'error', aggregator_uuid: aggregatorUuid, transaction_id: aggregatorUuid });
      return Promise.resolve();
    },
    select: async (request) => {
      const body = await bodyOf(request);
      const answer = await session.request('POST', pathTo('select-aggregator'), body);
      const trouble = troubleWith(answer, body.aggregator_uuid, session.redacted);
      const status = trouble === undefined ? { status: 'SELECTED' } : { status: 'error', msg: trouble };
      reply({ ...body, ...status, aggregator_uuid: request.aggregatorUuid });
    },
    unselect: async (request) => {
      const body = await bodyOf(request);
      await ask(session, 'POST', pathTo('unselect-aggregator'), body);
      reply({ ...body, status: 'UNSELECTED', aggregator_uuid: request.aggregatorUuid });
    },
    remove: async ({ aggregatorUuid, transactionId }) => {
      const { server, line } = await aggregatorOf(aggregatorUuid);
      const transaction = { transaction_id: transactionId };
      await ask(session, 'POST', pathTo('delete-aggregator'), { aggregator_uuid: server, ...transaction });
      known.delete(aggregatorUuid);
      line.close();
      reply({ status: 'deleted', aggregator_uuid: aggregatorUuid, ...transaction });
    },
    execute: async (batch, latestMs) => {
      const { server, line } = await aggregatorOf(batch.aggregatorUuid);
      await line.opened();
      const content = contentOf(batch, server);
      const answer = await session.request('POST', pathTo('batch-commands'), content, latestMs);
      // What may have been heard is not unsent: its reply comes or not.
      if (successOf(answer) !== undefined || (answer.kind === 'unanswered' && answer.mayBeHeard)) return {};
      throw new GsyError(
        'ERR_GSY_TRANSPORT',
        `The batch was not taken by ${session.domainName}: ${failureOf(answer, session.redacted)}`,
        statusOf(answer),
      );
    },
  };
};

const contentOf = (batch: Batch, aggregatorUuid: string): object => {
  const { data } = encodeRequest({ ...batch, aggregatorUuid });
  const { aggregator_uuid, batch_commands, transaction_id } = JSON.parse(data) as Record<string, unknown>;
  return { aggregator_uuid, batch_commands, transaction_id };
};

/**
 * Why an area was not selected; undefined when it was. Who holds it already is told in the words of a local exchange,
 * from which the library reads it; an area that this aggregator itself holds counts as selected.
 */
const troubleWith = (answer: RestAnswer, ours: string, redacted: Redact): string | undefined => {
  const holder = holderIn(answer);
  if (holder === ours || (holder === undefined && successOf(answer) !== undefined)) return undefined;
  return holder === undefined ? failureOf(answer, redacted) : `Device already have selected ${holder}`;
};

const holderIn = (answer: RestAnswer): string | undefined => {
  if (answer.kind === 'unanswered') return undefined;
  const success = successOf(answer);
  if (success === undefined) return /already have selected ([\w-]+)/.exec(answer.body)?.[1];
  const selection = readSelection(success);
  return selection._tag === 'Right' ? selection.right.aggregator_uuid : undefined;
};
