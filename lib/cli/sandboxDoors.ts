import { readFile } from 'node:fs/promises';
import { asyncScheduler, firstValueFrom, race, ReplaySubject, timer, type Observable } from 'rxjs';
import { v5 as uuidV5 } from 'uuid';
import { GsyError, messageOf } from '../errors.ts';
import { redisBus, type Community, type ExchangeBus } from '../sandbox/sandbox.ts';
import { memoryBus } from '../transport/memory.ts';
import type { Users } from '../sandbox/http.ts';
import type { Log } from './log.ts';
import { guardRedisPassword } from './secrets.ts';
import type { Terminal } from './terminal.ts';

/** Where clients reach the embedded exchange. */
export interface DoorFlags {
  readonly redis?: string;
  readonly port?: number;
  readonly host?: string;
  readonly users?: string;
  readonly simulationId?: string;
}

/** The doors of an embedded exchange, and the bus behind them. */
export interface Doors {
  readonly bus: ExchangeBus;
  /** Opens them when the exchange listens; resolves when clients can come, rejects with a `GsyError`. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The doors that the command line names: a Redis, HTTP and websocket, or both to the same exchange.
 * @throws GsyError `ERR_GSY_OPTIONS` when there is none, or what is given does not go together
 */
export const doorsOf = async (
  flags: DoorFlags,
  community: Community,
  terminal: Terminal,
  log: Log,
): Promise<Doors> => {
  const { redis, port, host, users, simulationId } = flags;
  if (redis === undefined && port === undefined)
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      'where do clients reach it? Give --redis, like redis://localhost:6379, or --port, or both',
    );
  const [onlyHttp] = Object.entries({
    '--host': host,
    '--users': users,
    '--simulation-id': simulationId,
  }).find(([, value]) => value !== undefined) ?? [undefined];
  if (port === undefined && onlyHttp !== undefined)
    throw new GsyError('ERR_GSY_OPTIONS', `${onlyHttp} goes with --port`);
  const bus = redis === undefined ? memoryDoor() : redisDoor(redis, log);
  if (port === undefined) return bus;
  const http = await httpDoor({ ...flags, port }, bus.bus, community, terminal, log);
  return {
    bus: bus.bus,
    open: async () => {
      // The door speaks on the bus, which has to know its channels before it opens.
      const opening = http.open();
      await bus.open();
      await opening;
    },
    close: async () => {
      await http.close();
      await bus.close();
    },
  };
};

const memoryDoor = (): Doors => ({
  bus: memoryBus(asyncScheduler),
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

const redisDoor = (url: string, log: Log): Doors => {
  guardRedisPassword(url, log, 'a Redis for this exchange alone needs none');
  const bus = redisBus(url);
  bus.status$.subscribe((status) => {
    if (status.state === 'gap') log('warn', `nobody hears the exchange: ${status.reason}`);
  });
  return { bus, open: () => completed(bus.opened()), close: () => completed(bus.close()) };
};

const httpDoor = async (
  { port, host, users: file, simulationId = SIMULATION }: DoorFlags & { readonly port: number },
  bus: ExchangeBus,
  community: Community,
  terminal: Terminal,
  log: Log,
) => {
  // Who has no HTTP door does not load its server.
  const { openHttpDoor } = await import('../sandbox/http.ts');
  const users = await usersOf(file, host, terminal);
  const door = openHttpDoor({
    bus,
    community,
    simulationId,
    users,
    port,
    ...(host !== undefined && { host }),
  });
  const farewell = new ReplaySubject<unknown>(1);
  bus.frames([FAREWELL]).subscribe(farewell);
  return {
    open: async () => {
      const { url, webSocketUrl } = await firstValueFrom(door.opened());
      log('info', `clients log in at ${url}, websockets at ${webSocketUrl}, simulation ${simulationId}`);
      if (users === LOCAL_USERS) log('info', 'user gsy-rx with password gsy-rx, on this machine alone');
    },
    close: async () => {
      // Messages keep their order: when this one is back, all before it have gone out to the clients.
      bus.publish(FAREWELL, '');
      await firstValueFrom(race(farewell, timer(LONGEST_FAREWELL_MS)));
      await completed(door.close());
    },
  };
};

const FAREWELL = 'gsy-rx-sandbox/farewell';
const LONGEST_FAREWELL_MS = 1_000;

const completed = async (whenDone$: Observable<never>): Promise<void> => {
  await firstValueFrom(whenDone$, { defaultValue: undefined });
};

/** The simulation's uuid unless another is given; always the same, so that clients can be set up once. */
const SIMULATION = uuidV5('gsy-rx sandbox', '9b0a2b43-7a6c-4d5e-8c35-0d2f4b7e6a11');

/** Who may log in on this machine when nobody is named. */
const LOCAL_USERS: Users = { 'gsy-rx': 'gsy-rx' };

const usersOf = async (
  file: string | undefined,
  host: string | undefined,
  { env }: Terminal,
): Promise<Users> => {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new GsyError('ERR_GSY_OPTIONS', `the users file could not be read: ${messageOf(error)}`);
    });
    return readUsers(text, 'the users file');
  }
  const ofEnvironment = env.GSY_RX_USERS ?? '';
  if (ofEnvironment !== '') return readUsers(ofEnvironment, 'GSY_RX_USERS');
  if (host === undefined) return LOCAL_USERS;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    'who may log in? With --host, give --users or GSY_RX_USERS: JSON with passwords by name',
  );
};

// What the text was stands in no error: it holds passwords.
const readUsers = (text: string, where: string): Users => {
  const wrong = new GsyError('ERR_GSY_OPTIONS', `${where} has to be JSON like {"ada": "a long password"}`);
  let users: unknown;
  try {
    users = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (typeof users !== 'object' || users === null || Array.isArray(users)) throw wrong;
  if (Object.values(users).some((password) => typeof password !== 'string')) throw wrong;
  return users as Users;
};
