import { once } from 'node:events';
import got, { type Response } from 'got';
import { asapScheduler, firstValueFrom, lastValueFrom, VirtualTimeScheduler } from 'rxjs';
import { WebSocket } from 'ws';
import { buildGrid } from '../../lib/sandbox/buildGrid.ts';
import {
  openHttpDoor,
  type HttpAddress,
  type HttpDoor,
  type HttpDoorOptions,
} from '../../lib/sandbox/http.ts';
import { openSandbox, type Community, type Sandbox } from '../../lib/sandbox/sandbox.ts';
import { memoryBus, type Bus } from '../../lib/transport/memory.ts';

export type Json = Readonly<Record<string, unknown>>;

export const SIMULATION = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';
export const USERS = { ada: 'correct horse battery', ben: 'staple of the others' };
const TICK_MS = 90_000;

/** Two houses, each with a load called Load; ten ticks a slot. */
export const community: Community = {
  startDate: '2026-06-21',
  slots: 3,
  slotLengthMinutes: 15,
  tickLengthSeconds: 90,
  grid: {
    name: 'Grid',
    gridFee: 1,
    assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 8, sellRate: 30 }],
    areas: [
      {
        name: 'House 1',
        assets: [
          { type: 'load', name: 'Load', powerW: [400] },
          { type: 'pv', name: 'PV', powerW: [400] },
          { type: 'load', name: 'Fridge', powerW: [60], external: false },
        ],
      },
      {
        name: 'House 2',
        external: false,
        assets: [
          { type: 'load', name: 'Load', powerW: [300] },
          { type: 'smart-meter', name: 'Meter', powerW: [200] },
        ],
      },
    ],
  },
};

/** Uuids by path. */
export const uuids = Object.fromEntries(
  [...buildGrid(community).byUuid.values()].map((area) => [
    area.parent === undefined ? area.name : `${area.parent.name}/${area.name}`,
    area.uuid,
  ]),
);
/** The uuid of the one area of this name. */
export const uuidIn = (grid: Community, name: string): string =>
  [...buildGrid(grid).byUuid.values()].find((area) => area.name === name)!.uuid;
export const LOAD = uuids['House 1/Load']!;
export const PV = uuids['House 1/PV']!;
export const OTHER_LOAD = uuids['House 2/Load']!;
export const METER = uuids['House 2/Meter']!;
export const HOUSE = uuids['Grid/House 1']!;

/** A websocket client that keeps what it hears. */
export interface Listener {
  readonly socket: WebSocket;
  readonly heard: Json[];
  /** The first message, past or future, that is like this. */
  readonly like: (fields: Json) => Promise<Json>;
}

/** A user who is logged in. */
export interface Client {
  readonly token: string;
  readonly post: (path: string, body?: Json) => Promise<Response<Json>>;
  readonly get: (path: string, body?: Json) => Promise<Response>;
  readonly listen: (path: string) => Promise<Listener>;
  /** A new aggregator's uuid. */
  readonly create: (name: string) => Promise<string>;
  readonly select: (aggregator: string, area: string) => Promise<Response<Json>>;
}

export interface World {
  readonly door: HttpDoor;
  readonly address: HttpAddress;
  readonly bus: Bus;
  readonly sandbox: Sandbox;
  /** Lets this many ticks of the exchange pass. */
  readonly ticks: (count: number) => void;
  /** Lets time pass without the exchange. */
  readonly wait: (ms: number) => void;
  readonly login: (name: keyof typeof USERS) => Promise<Client>;
}

export const api = (path: string): string => `external-connection/api/${SIMULATION}/${path}`;
export const aggregatorApi = (path: string): string =>
  `external-connection/aggregator-api/${SIMULATION}/${path}`;

/** Sends as the official client does: JSON both ways, a body also with GET. */
export const send = async (
  method: 'GET' | 'POST',
  url: string,
  { token, body }: { readonly token?: string; readonly body?: unknown },
): Promise<Response<Json>> =>
  got<Json>(url, {
    method,
    allowGetBody: true,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `JWT ${token}` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    responseType: 'json',
    throwHttpErrors: false,
    retry: { limit: 0 },
  });

const isLike = (message: Json, fields: Json): boolean =>
  Object.entries(fields).every(([key, value]) => message[key] === value);

export const listener = (socket: WebSocket): Listener => {
  const heard: Json[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heard.push({ ...(JSON.parse(data.toString()) as Json), ...(isBinary ? {} : { isText: true }) });
    for (const look of [...waiting]) look();
  });
  return {
    socket,
    heard,
    like: (fields) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = heard.find((message) => isLike(message, fields));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
};

const clientOf = (address: HttpAddress, token: string, sockets: WebSocket[]): Client => {
  const client: Client = {
    token,
    post: (path, body = {}) =>
      send('POST', `${address.url}/${path}`, { token, body: { transaction_id: 't', ...body } }),
    get: (path, body = { transaction_id: 't' }) => send('GET', `${address.url}/${path}`, { token, body }),
    listen: async (path) => {
      const socket = new WebSocket(`${address.webSocketUrl}/${SIMULATION}/${path}/`, {
        headers: { authorization: `JWT ${token}` },
      });
      sockets.push(socket);
      const listening = listener(socket);
      await once(socket, 'open');
      return listening;
    },
    create: async (name) =>
      String((await client.post(aggregatorApi('create-aggregator/'), { name })).body.uuid),
    select: (aggregator, area) =>
      client.post(aggregatorApi('select-aggregator/'), { aggregator_uuid: aggregator, device_uuid: area }),
  };
  return client;
};

/** Opens an exchange with an HTTP door for each test, on a clock that stands still until it is told; closes all. */
export const httpWorlds = () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  return async (options: Partial<HttpDoorOptions> = {}): Promise<World> => {
    const clock = new VirtualTimeScheduler();
    const bus = memoryBus(asapScheduler);
    const exchangeClock = new VirtualTimeScheduler();
    const sandbox = openSandbox(options.community ?? community, { scheduler: exchangeClock, bus });
    const door = openHttpDoor({
      ...{ bus, community, users: USERS, simulationId: SIMULATION, scheduler: clock },
      ...options,
    });
    const sockets: WebSocket[] = [];
    closing.push(async () => {
      for (const socket of sockets) socket.terminate();
      sandbox.stop();
      await lastValueFrom(door.close(), { defaultValue: undefined });
    });
    const address = await firstValueFrom(door.opened());
    sandbox.start();
    return {
      ...{ door, address, bus, sandbox },
      ticks: (count) => pass(exchangeClock, count * TICK_MS),
      wait: (ms) => pass(clock, ms),
      login: async (name) => {
        const { body } = await send('POST', `${address.url}/api-token-auth/`, {
          body: { username: name, password: USERS[name] },
        });
        return clientOf(address, String(body.access), sockets);
      },
    };
  };
};

/** A virtual clock goes on by so much, to the exact moment. */
export const pass = (clock: VirtualTimeScheduler, ms: number): void => {
  clock.schedule(() => undefined, ms);
  clock.maxFrames = clock.frame + ms;
  clock.flush();
};
