import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { filter, map, type Observable } from 'rxjs';
import { WebSocketServer, type WebSocket } from 'ws';
import { batchResponseChannel, eventsChannel } from '../wire/channels.ts';
import type { Area } from './areas.ts';
import { HOSTED_RESPONSES } from './hostedCommands.ts';
import type { Said } from './httpLine.ts';
import { problem, statusOf } from './httpProblem.ts';
import { answersOf, channelsOfArea, type DoorRoom } from './httpRoom.ts';
import type { JsonObject } from './json.ts';

/** Clients have nothing to say over a websocket. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** How much waits for a client that reads too slowly, before it is cut off. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_CLIENTS = 4_000;

/**
 * Serves websockets on an HTTP server: `/<simulation>/<area>/` and `/<simulation>/aggregator/<aggregator>/`, with the
 * token on the upgrade request. Messages are binary frames of UTF-8 JSON (exchange protocol, websocket).
 */
export const openSockets = (server: Server, room: DoorRoom): { close(): void } => {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
  });
  const users = new WeakMap<WebSocket, string>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      const user = room.userOf(request);
      room.traffic.request(user, request.headers);
      const message$ = messagesFor(room, user, request.url ?? '');
      if (sockets.clients.size >= MAX_CLIENTS) throw problem(503, 'Too many websockets.');
      const own = [...sockets.clients].filter((client) => users.get(client) === user);
      if (own.length >= room.limits.webSockets) throw problem(429, 'Too many websockets of this user.');
      sockets.handleUpgrade(request, socket, head, (client) => {
        users.set(client, user);
        serve(client, message$, room);
      });
    } catch (error) {
      refuse(socket, statusOf(error));
    }
  });
  return {
    close: () => {
      for (const client of sockets.clients) {
        client.close(1001);
        client.terminate();
      }
    },
  };
};

const refuse = (socket: Duplex, status: number): void => {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
};

const serve = (client: WebSocket, message$: Observable<JsonObject>, { simulationId }: DoorRoom): void => {
  const telling = message$.subscribe((message) => {
    const named = 'simulation_id' in message ? { ...message, simulation_id: simulationId } : message;
    if (client.bufferedAmount > MAX_WAITING_BYTES) client.terminate();
    else client.send(Buffer.from(JSON.stringify(named)));
  });
  client.on('close', () => telling.unsubscribe());
  // What a client does wrong ends its connection, and nothing else.
  client.on('error', () => telling.unsubscribe());
};

const PATH = /^\/([^/]+)\/(aggregator\/)?([^/]+)\/$/;

const messagesFor = (room: DoorRoom, user: string, path: string): Observable<JsonObject> => {
  const [, simulation, forAggregator, uuid = ''] = PATH.exec(path) ?? [];
  if (simulation !== room.simulationId) throw problem(404, 'There is no such simulation.');
  return forAggregator === undefined
    ? areaMessages(room, user, room.holdings.areaFor(user, uuid))
    : aggregatorMessages(room, room.holdings.aggregatorOf(user, uuid).uuid);
};

const aggregatorMessages = ({ line, holdings }: DoorRoom, aggregatorUuid: string): Observable<JsonObject> => {
  const channels = new Set([eventsChannel(aggregatorUuid), batchResponseChannel(aggregatorUuid)]);
  return line.said$.pipe(
    filter(({ channel }) => channels.has(channel) && holdings.aggregators.has(aggregatorUuid)),
    map(({ message }) => message),
  );
};

const areaMessages = (room: DoorRoom, user: string, area: Area): Observable<JsonObject> => {
  const channels = new Set([answersOf(area.uuid), HOSTED_RESPONSES, ...channelsOfArea(area)]);
  return room.line.said$.pipe(
    filter(
      (said) =>
        channels.has(said.channel) && concerns(room, said, area) && room.holdings.mayUse(user, area.uuid),
    ),
    map(({ message }) => message),
  );
};

/** A message names its area; of those that do not, replies come from the first area of the name. */
const concerns = ({ named }: DoorRoom, { message }: Said, area: Area): boolean => {
  const uuid = message.area_uuid ?? message.device_uuid;
  if (typeof uuid === 'string') return uuid === area.uuid;
  return 'event' in message || named(area.channelName)[0] === area;
};
