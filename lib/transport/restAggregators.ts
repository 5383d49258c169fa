import { GsyError } from '../errors.ts';
import { AGGREGATOR_RESPONSE } from '../wire/channels.ts';
import { readAggregators, readCreatedAggregator, readSelection } from '../wire/hosted.ts';
import type { Batch, Request } from '../wire/messages.ts';
import { hostedBatchText } from '../wire/requests.ts';
import { failureOf, statusOf, successOf, type Redact, type RestAnswer } from './restAnswer.ts';
import { ask, askFor, unknownSimulation, type RestServer } from './restAsk.ts';
import { aggregatorFrames, type AggregatorUuids } from './restFrames.ts';
import type { Line } from './restLines.ts';
import { segment } from './restPath.ts';
import type { Delivery } from './transport.ts';

type Of<K extends Request['kind']> = Extract<Request, { readonly kind: K }>;
type Selection = Extract<Request, { readonly areaUuid: string }>;

interface Aggregator {
  readonly uuids: AggregatorUuids;
  readonly line: Line;
  /** Whether the server has made it for the next who asks: whatever was selected into a former one is not any more. */
  isNew: boolean;
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

  const find = async ({ name, aggregatorUuid }: Of<'create-aggregator'>) => {
    const listed = await askFor(session, readAggregators, 'GET', pathTo('list-aggregators')).catch(
      unknownSimulation(decodeURIComponent(simulationId)),
    );
    const found = listed.find((aggregator) => aggregator.name === name);
    if (found !== undefined) return { uuid: found.uuid, isNew: false };
    const body = { name, transaction_id: aggregatorUuid };
    const { uuid } = await askFor(session, readCreatedAggregator, 'POST', pathTo('create-aggregator'), body);
    return { uuid, isNew: true };
  };
  const findOrCreate = async (request: Of<'create-aggregator'>): Promise<Aggregator> => {
    const { uuid, isNew } = await find(request);
    const uuids = { derived: request.aggregatorUuid, server: uuid };
    const path = () => `${simulationId}/aggregator/${segment(uuids.server)}/`;
    // A server that has been started anew may have forgotten it.
    const pathAnew = async () => {
      const now = await find(request);
      aggregator.isNew ||= now.uuid !== uuids.server;
      uuids.server = now.uuid;
      return path();
    };
    const line = lines.open(path(), aggregatorFrames(uuids, session.redacted), pathAnew);
    const aggregator = { uuids, line, isNew };
    return aggregator;
  };
  const remembered = (uuid: string, finding: Promise<Aggregator>) => {
    known.set(uuid, finding);
    finding.catch(() => known.delete(uuid));
    return finding;
  };
  const bodyOf = async (request: Selection) => ({
    aggregator_uuid: (await known.get(request.aggregatorUuid))?.uuids.server ?? request.aggregatorUuid,
    device_uuid: request.areaUuid,
    transaction_id: request.transactionId,
  });
  return {
    create: async (request) => {
      const { name, aggregatorUuid } = request;
      const finding = known.get(aggregatorUuid) ?? remembered(aggregatorUuid, findOrCreate(request));
      const aggregator = await finding;
      await aggregator.line.opened();
      // As a local exchange answers: an error says that it was there already.
      if (aggregator.isNew) reply({ status: 'ready', name, transaction_id: aggregatorUuid });
      else reply({ status: 'error', aggregator_uuid: aggregatorUuid, transaction_id: aggregatorUuid });
      aggregator.isNew = false;
    },
    find: ({ aggregatorUuid }) => {
      reply({ status: 'error', aggregator_uuid: aggregatorUuid, transaction_id: aggregatorUuid });
      return Promise.resolve();
    },
    select: async (request) => {
      const body = await bodyOf(request);
      const answer = await session.request('POST', pathTo('select-aggregator'), body);
      if (isInDoubt(answer))
        throw new GsyError('ERR_GSY_TRANSPORT', failureOf(answer, session.redacted), statusOf(answer));
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
      const { uuids, line } = await aggregatorOf(aggregatorUuid);
      const transaction = { transaction_id: transactionId };
      await ask(session, 'POST', pathTo('delete-aggregator'), {
        aggregator_uuid: uuids.server,
        ...transaction,
      });
      known.delete(aggregatorUuid);
      line.close();
      reply({ status: 'deleted', aggregator_uuid: aggregatorUuid, ...transaction });
    },
    execute: async (batch, latestMs) => {
      const { uuids, line } = await aggregatorOf(batch.aggregatorUuid);
      await line.opened();
      const content = hostedBatchText({ ...batch, aggregatorUuid: uuids.server });
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

/** Whether it says nothing of what was asked, and may say so the next time: no answer, a server in trouble or too busy. */
const isInDoubt = (answer: RestAnswer): boolean =>
  answer.kind === 'unanswered' || answer.status >= 500 || answer.status === 429;

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
