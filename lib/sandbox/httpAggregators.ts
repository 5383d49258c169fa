import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { batchChannel, batchResponseChannel, eventsChannel } from '../wire/channels.ts';
import type { Area } from './areas.ts';
import { devicesOf, isLetGo, type Aggregator, type Holdings } from './httpHoldings.ts';
import { objectIn, problem, textIn } from './httpProblem.ts';
import type { DoorRoom } from './httpRoom.ts';
import { isObject, type JsonObject } from './json.ts';

/** Aggregators of the users, the areas in them, and their batches (exchange protocol, REST requests). */
export const aggregatorRoutes = (server: FastifyInstance, room: DoorRoom): void => {
  const api = '/external-connection/aggregator-api/:simulation';
  const { aggregators } = room.holdings;
  const post = (path: string, act: (asked: Asked) => Promise<JsonObject> | JsonObject): void => {
    server.post(`${api}/${path}/`, (request) => act(askedIn(room, request)));
  };
  server.get(`${api}/list-aggregators/`, (request) => {
    const user = room.userOf(request);
    return [...aggregators.values()]
      .filter((each) => each.user === user)
      .map((each) => ({ uuid: each.uuid, name: each.name, devicesList: devicesOf(room.holdings, each) }));
  });
  server.post(`${api}/create-aggregator/`, (request) =>
    create(room, room.userOf(request), textIn(request.body, 'name')),
  );
  post('delete-aggregator', (asked) => remove(room, asked));
  post('select-aggregator', (asked) => select(room, asked));
  post('unselect-aggregator', (asked) => unselect(room, asked));
  post('batch-commands', (asked) => batch(room, asked));
};

/** A request about an aggregator of the user's. */
interface Asked {
  readonly user: string;
  readonly aggregator: Aggregator;
  readonly body: JsonObject;
}

const askedIn = (room: DoorRoom, request: FastifyRequest): Asked => {
  const user = room.userOf(request);
  const aggregator = room.holdings.aggregatorOf(user, textIn(request.body, 'aggregator_uuid'));
  return { user, aggregator, body: objectIn(request.body) };
};

const create = async (
  { line, holdings, limits }: DoorRoom,
  user: string,
  name: string,
): Promise<JsonObject> => {
  const { aggregators } = holdings;
  const own = [...aggregators.values()].filter((each) => each.user === user);
  if (own.length >= limits.aggregators)
    throw problem(409, `There are ${own.length} aggregators of this user, and there may be no more.`);
  const uuid = randomUUID();
  const hearing = line.hear([eventsChannel(uuid), batchResponseChannel(uuid)]);
  // It counts before the exchange has answered, so that many at once are no way around.
  aggregators.set(uuid, { uuid, name, user, hearing });
  try {
    const { status } = await line.ask({ type: 'CREATE', name }, uuid);
    if (status !== 'ready') throw problem(502, 'The exchange did not create the aggregator.');
  } catch (error) {
    forget(holdings, uuid);
    throw error;
  }
  return { uuid, name };
};

const forget = ({ aggregators }: Holdings, uuid: string): void => {
  aggregators.get(uuid)?.hearing.unsubscribe();
  aggregators.delete(uuid);
};

/**
 * Forgets an aggregator that holds nothing. The exchange is told only where the last area has left, for to delete an
 * aggregator that one is about to leave can end it.
 */
const remove = ({ holdings, line }: DoorRoom, { aggregator }: Asked): JsonObject => {
  const { uuid } = aggregator;
  if (!isLetGo(holdings, aggregator))
    throw problem(409, 'The aggregator holds areas: unregister its assets, unselect its markets.');
  forget(holdings, uuid);
  if (devicesOf(holdings, aggregator).length === 0)
    line.ask({ type: 'DELETE', aggregator_uuid: uuid }).catch(() => undefined);
  return { aggregator_uuid: uuid };
};

const select = async (room: DoorRoom, { user, aggregator, body }: Asked): Promise<JsonObject> => {
  const { line, holdings } = room;
  const area = areaToSelect(room, user, textIn(body, 'device_uuid'));
  const selection = { aggregator_uuid: aggregator.uuid, device_uuid: area.uuid };
  const { status, msg } = await line.ask({ type: 'SELECT', ...selection });
  const isHeldAlready = holdings.ofArea.get(area.uuid)?.aggregatorUuid === aggregator.uuid;
  if (status !== 'SELECTED' && !isHeldAlready) throw problem(409, String(msg));
  if (status === 'SELECTED') holdings.take(user, area.uuid, aggregator.uuid);
  line.say(eventsChannel(aggregator.uuid), { event: 'selected_by_device', ...selection });
  return selection;
};

/** An area that is leaving another user may be free already; the exchange knows. */
const areaToSelect = ({ grid, holdings }: DoorRoom, user: string, uuid: string): Area => {
  const area = grid.byUuid.get(uuid);
  const leaves = holdings.ofArea.get(uuid)?.registration === 'leaving';
  return area !== undefined && leaves ? area : holdings.areaFor(user, uuid);
};

const unselect = async (room: DoorRoom, { user, aggregator, body }: Asked): Promise<JsonObject> => {
  const { line, holdings } = room;
  const area = holdings.areaFor(user, textIn(body, 'device_uuid'));
  const holding = holdings.ofArea.get(area.uuid);
  const selection = { aggregator_uuid: aggregator.uuid, device_uuid: area.uuid };
  if (holding?.aggregatorUuid !== aggregator.uuid) throw problem(409, 'The area is not in this aggregator.');
  if (!isSafelyUnselected(area, holding.registration))
    throw problem(
      409,
      'The asset is not connected, and to unselect it would end the exchange: unregister it.',
    );
  // Of what is said twice, the first is the answer.
  const { status, msg } = await line.ask({ type: 'UNSELECT', ...selection });
  if (status !== 'UNSELECTED') throw problem(409, String(msg));
  holdings.unselected(area.uuid);
  line.say(eventsChannel(aggregator.uuid), { event: 'unselected_by_device', ...selection });
  return selection;
};

/** To unselect an asset that is not connected ends the real exchange (exchange protocol, letting areas go). */
const isSafelyUnselected = (area: Area, registration: string): boolean =>
  area.kind === 'market' || area.spec.type === 'smart-meter' || registration === 'connected';

/** Areas of other users are refused here; whether the rest is sound is the exchange's affair. */
const batch = ({ line, holdings }: DoorRoom, { user, aggregator, body }: Asked): JsonObject => {
  const transactionId = textIn(body, 'transaction_id');
  const { batch_commands: commands } = body;
  if (commands === undefined) throw problem(400, 'batch_commands is missing.');
  const areas = isObject(commands) ? Object.keys(commands) : [];
  if (!areas.every((areaUuid) => holdings.mayUse(user, areaUuid)))
    throw problem(403, 'An area is in the hands of another user.');
  line.tell(batchChannel(), {
    type: 'BATCHED',
    transaction_id: transactionId,
    aggregator_uuid: aggregator.uuid,
    batch_commands: commands,
  });
  return { transaction_id: transactionId };
};
