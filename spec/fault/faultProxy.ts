import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** Where bytes are going. */
export type Direction = 'toServer' | 'toClient';

/** A way over TCP from clients to one server of this machine, on which anything can go wrong. */
export interface FaultProxy {
  readonly port: number;
  /** How many connections clients have made so far. */
  connections(): number;
  /** From now on everything goes through again, and new connections are taken. */
  pass(): Promise<void>;
  /** Half-open: bytes are taken and go nowhere, and nobody hears of it. New connections meet the same. */
  swallow(...directions: readonly Direction[]): void;
  /** Nothing is read, so that the senders' buffers fill up; `pass` lets it all go on. */
  hold(): void;
  /** Bytes arrive so much later, in order. */
  delay(ms: number): void;
  /** Ends all connections there are: with RST, or in order with FIN. */
  cut(how?: 'reset' | 'end'): void;
  /** New connections are refused from now on; those there are stay. */
  refuse(): void;
  /** Cuts each connection that is opened from now on when it is so old; those opened before keep their limit. */
  limitLives(ms: number): void;
  /** Cuts all connections when so many more bytes have gone this way. */
  cutAfter(bytes: number, direction?: Direction): void;
  /** The next request that contains this text reaches the server; before an answer comes back all is cut. */
  cutBehind(request: string): Promise<void>;
  /** The next request that contains this text gets these bytes for an answer, and the server hears nothing of it. */
  answerInstead(request: string, answer: string): Promise<void>;
  /** Says these bytes to the client of each connection on which this text has gone to the server. */
  sayToClients(bytes: Buffer, having: string): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** What the client has said so far, for telling connections apart; not all of it. */
  asked: string;
  /** Whether the connection is given up: what still comes goes nowhere. */
  isOver: boolean;
}

/** What happens once, at a request. */
interface Trap {
  readonly request: string;
  readonly spring: (pair: Pair, data: Buffer) => void;
}

type Way = 'pass' | 'swallow' | { readonly delayMs: number };

/** What happens to bytes on their way; all of it may change at any time. */
interface Passage {
  readonly ways: Record<Direction, Way>;
  readonly traps: Set<Trap>;
  quota: { readonly direction: Direction; bytes: number } | undefined;
  /** How old a connection may become, ms. */
  lifeMs: number;
}

/** Opens a way to the server of this port. */
export const startFaultProxy = async (serverPort: number): Promise<FaultProxy> => {
  const pairs = new Set<Pair>();
  const passage: Passage = {
    ways: { toServer: 'pass', toClient: 'pass' },
    traps: new Set(),
    quota: undefined,
    lifeMs: Infinity,
  };
  let connections = 0;
  const cut = (how: 'reset' | 'end' = 'reset') => {
    for (const pair of pairs) endPair(pair, how);
  };
  const listener = createServer((client) => {
    connections += 1;
    const pair: Pair = {
      client,
      server: createConnection(serverPort, '127.0.0.1'),
      asked: '',
      isOver: false,
    };
    pairs.add(pair);
    if (passage.lifeMs !== Infinity) setTimeout(() => endPair(pair, 'reset'), passage.lifeMs);
    join(pair, passage, { cut, gone: () => pairs.delete(pair) });
  });
  const listen = async (port: number) => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
  };
  await listen(0);
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    connections: () => connections,
    cut,
    ...settingsOf(passage),
    ...interferences(pairs, passage),
    pass: async () => {
      // What has lost bytes is of no more use.
      if (isSilent(passage)) cut();
      Object.assign(passage.ways, { toServer: 'pass', toClient: 'pass' });
      for (const { client, server } of pairs) [client, server].forEach((side) => side.resume());
      if (!listener.listening) await listen(port);
    },
    refuse: () => void listener.close(),
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        cut();
      }),
  };
};

type Settings = 'swallow' | 'delay' | 'limitLives' | 'cutAfter';

const settingsOf = (passage: Passage): Pick<FaultProxy, Settings> => ({
  swallow: (...directions) => {
    for (const direction of directions.length === 0 ? DIRECTIONS : directions)
      passage.ways[direction] = 'swallow';
  },
  delay: (delayMs) => Object.assign(passage.ways, { toServer: { delayMs }, toClient: { delayMs } }),
  limitLives: (ms) => (passage.lifeMs = ms),
  cutAfter: (bytes, direction = 'toClient') => (passage.quota = { direction, bytes }),
});

type Interferences = 'hold' | 'cutBehind' | 'answerInstead' | 'sayToClients';

const interferences = (pairs: ReadonlySet<Pair>, { traps }: Passage): Pick<FaultProxy, Interferences> => {
  const trap = (request: string, spring: Trap['spring']): Promise<void> =>
    new Promise((resolve) => {
      const set: Trap = {
        request,
        spring: (pair, data) => {
          traps.delete(set);
          pair.isOver = true;
          spring(pair, data);
          resolve();
        },
      };
      traps.add(set);
    });
  return {
    hold: () => {
      for (const { client, server } of pairs) [client, server].forEach((side) => side.pause());
    },
    cutBehind: (request) =>
      trap(request, (pair, data) => {
        // A reset could overtake the request.
        pair.server.end(data);
        pair.client.resetAndDestroy();
        for (const other of pairs) if (other !== pair) endPair(other, 'reset');
      }),
    answerInstead: (request, answer) => trap(request, ({ client }) => client.end(answer)),
    sayToClients: (bytes, having) => {
      for (const { client, asked } of pairs) if (asked.includes(having)) client.write(bytes);
    },
  };
};

/** What a connection can bring about. */
interface PairEnd {
  /** Cuts all connections. */
  readonly cut: () => void;
  /** Both its ends are gone. */
  readonly gone: () => void;
}

/** Lets bytes and ends go from one side of a connection to the other. */
const join = (pair: Pair, passage: Passage, { cut, gone }: PairEnd): void => {
  const { client, server } = pair;
  client.on('data', (data: Buffer) => {
    pair.asked = (pair.asked + data.toString('latin1')).slice(0, 2_000);
    const trap = [...passage.traps].find(({ request }) => data.includes(request));
    if (trap !== undefined && passage.ways.toServer !== 'swallow') trap.spring(pair, data);
    else forward(pair, 'toServer', { data, passage, cut });
  });
  server.on('data', (data: Buffer) => forward(pair, 'toClient', { data, passage, cut }));
  for (const [side, other] of [
    [client, server],
    [server, client],
  ] as const) {
    side.setNoDelay(true);
    // A side that is gone gets no more.
    side.on('error', () => undefined);
    side.on('close', () => {
      if (other.closed) gone();
      // Who sees no packets does not see the end either.
      else if (!isSilent(passage)) other.destroySoon();
    });
  }
};

interface Forwarding {
  readonly data: Buffer;
  readonly passage: Passage;
  readonly cut: () => void;
}

const forward = (pair: Pair, direction: Direction, { data, passage, cut }: Forwarding): void => {
  const way = passage.ways[direction];
  const other = direction === 'toServer' ? pair.server : pair.client;
  if (pair.isOver || way === 'swallow') return;
  const { quota } = passage;
  if (quota?.direction === direction) {
    quota.bytes -= data.length;
    if (quota.bytes <= 0) {
      passage.quota = undefined;
      other.write(data.subarray(0, data.length + quota.bytes), cut);
      return;
    }
  }
  if (way === 'pass') other.write(data);
  else setTimeout(() => other.write(data), way.delayMs);
};

const DIRECTIONS: readonly Direction[] = ['toServer', 'toClient'];

const isSilent = ({ ways }: Passage): boolean =>
  DIRECTIONS.some((direction) => ways[direction] === 'swallow');

const endPair = ({ client, server }: Pair, how: 'reset' | 'end'): void => {
  for (const side of [client, server])
    if (how === 'reset') side.resetAndDestroy();
    else side.end();
};
