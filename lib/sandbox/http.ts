/**
 * The embedded exchange's door for clients of the hosted one.
 * @module gsy-rx/sandbox/http
 */

import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  asyncScheduler,
  catchError,
  from,
  ignoreElements,
  map,
  ReplaySubject,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { GsyError, messageOf } from '../errors.ts';
import { aggregatorRoutes } from './httpAggregators.ts';
import { areaRoutes } from './httpAreas.ts';
import { openLogin, type Login, type Users } from './httpLogin.ts';
import { DEFAULT_LIMITS, type DoorLimits } from './httpLimits.ts';
import { lookupRoutes } from './httpLookups.ts';
import { problem, textIn } from './httpProblem.ts';
import { openRoom, type DoorRoom, type ExchangeDescription } from './httpRoom.ts';
import { httpServer } from './httpServer.ts';
import { openSockets } from './httpSockets.ts';
import { openTokens, type Tokens } from './httpTokens.ts';

export type { DoorLimits } from './httpLimits.ts';
export type { Users } from './httpLogin.ts';

/** What the HTTP door needs. */
export interface HttpDoorOptions extends ExchangeDescription {
  /**
   * Who may log in. Where other machines can reach the door, passwords have at least 12 characters; there is no
   * default.
   */
  readonly users: Users;
  /** Where to listen; `127.0.0.1` unless said otherwise. */
  readonly host?: string;
  /** A free one unless said otherwise. */
  readonly port?: number;
  /** How much is taken from one user, where it is not the usual. */
  readonly limits?: Partial<DoorLimits>;
  /** The clock of tokens, limits and patience with the exchange; `asyncScheduler` unless said otherwise. */
  readonly scheduler?: SchedulerLike;
}

/** Where a door is. */
export interface HttpAddress {
  /** The domain that clients log in to: `http://127.0.0.1:51234`. */
  readonly url: string;
  /** The websocket domain: `ws://127.0.0.1:51234`. */
  readonly webSocketUrl: string;
}

/** The exchange's side of HTTP and websocket, where clients reach it. */
export interface HttpDoor {
  /** The address, as soon as the door listens; errors with a `GsyError` `ERR_GSY_TRANSPORT` when it cannot. */
  opened(): Observable<HttpAddress>;
  /** Ends all connections; completes when the sockets are gone. */
  close(): Observable<never>;
}

/**
 * Opens the embedded exchange to clients of the hosted one, at once and until `close`: login, REST, GraphQL and
 * websockets as the official client uses them (exchange protocol, REST and WebSocket).
 *
 * Aggregators belong to the user who created them, areas to the user who registered or selected them; to others both
 * are closed. Requests that would end the real exchange by deleting or unselecting are refused with 409. Of several
 * areas of one name only the first can be registered. The door speaks HTTP without TLS. On a bus that has to be opened
 * (`redisBus`), open the door first.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when there is no user or a password is too short.
 *
 * @example
 * const bus = memoryBus(asyncScheduler);
 * const sandbox = openSandbox(community, { scheduler: asyncScheduler, bus, realTimePerSlotMs: 4_000 });
 * const door = openHttpDoor({ bus, community, simulationId, users: { ada: password } });
 * door.opened().subscribe(({ url }) => sandbox.start());
 */
export const openHttpDoor = (options: HttpDoorOptions): HttpDoor => {
  const { host = '127.0.0.1', port = 0, scheduler = asyncScheduler } = options;
  const login = openLogin(options.users, host, scheduler);
  const tokens = openTokens(scheduler);
  const room = openRoom(options, { ...DEFAULT_LIMITS, ...options.limits }, tokens, scheduler);
  const server = httpServer(host);
  loginRoute(server, room, login, tokens);
  closedRoutes(server, room);
  const sockets = openSockets(server.server, room);

  const address = new ReplaySubject<HttpAddress>(1);
  from(server.listen({ host, port }))
    .pipe(
      map(() => addressOf(server.server.address() as AddressInfo)),
      catchError((error: unknown) => {
        const reason = messageOf(error);
        throw new GsyError('ERR_GSY_TRANSPORT', `cannot listen on ${host}:${port}: ${reason}`, {
          cause: error,
        });
      }),
    )
    .subscribe(address);
  return {
    opened: () => address.asObservable(),
    close: () => {
      const closed = new ReplaySubject<never>();
      room.line.close();
      sockets.close();
      from(server.close()).pipe(ignoreElements()).subscribe(closed);
      return closed;
    },
  };
};

const addressOf = ({ address, family, port }: AddressInfo): HttpAddress => {
  const authority = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return { url: `http://${authority}`, webSocketUrl: `ws://${authority}` };
};

const loginRoute = (server: FastifyInstance, { traffic }: DoorRoom, login: Login, tokens: Tokens): void => {
  const onRequest = ({ ip }: FastifyRequest, _: unknown, next: () => void) => {
    traffic.stranger(ip);
    next();
  };
  server.post('/api-token-auth/', { onRequest, bodyLimit: MAX_LOGIN_BYTES }, async ({ body, ip }) => {
    const username = textIn(body, 'username');
    await login(username, textIn(body, 'password'), ip);
    const token = tokens.issue(username);
    // Newer servers say `access`, older ones `token`.
    return { access: token, token };
  });
};

/** Room for a name and a password. */
const MAX_LOGIN_BYTES = 16 * 1024;

/** All routes but the login: the token is looked at before anything else, then the simulation. */
const closedRoutes = (server: FastifyInstance, room: DoorRoom): void => {
  void server.register((closed, _, done) => {
    closed.addHook('onRequest', (request, __, next) => {
      room.traffic.request(knownUser(room, request), request.headers);
      const { simulation = room.simulationId } = request.params as { readonly simulation?: string };
      if (simulation !== room.simulationId) throw problem(404, 'There is no such simulation.');
      next();
    });
    areaRoutes(closed, room);
    aggregatorRoutes(closed, room);
    lookupRoutes(closed, room);
    done();
  });
};

/** Whoever comes without a good token is counted by the address. */
const knownUser = (room: DoorRoom, request: FastifyRequest): string => {
  try {
    return room.userOf(request);
  } catch (error) {
    room.traffic.stranger(request.ip);
    throw error;
  }
};
