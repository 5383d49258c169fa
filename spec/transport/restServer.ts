import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Subject, type Observable } from 'rxjs';
import { WebSocketServer, type WebSocket } from 'ws';

/** A request as the server got it. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the server says to a request. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request at once or later, or hangs up. */
export type Answers = (heard: Heard) => Answer | 'hang up' | Promise<Answer>;

/** A websocket that was opened. */
export interface Opened {
  readonly path: string;
  readonly socket: WebSocket;
}

/** A real HTTP and websocket server of this test alone, with one user. */
export interface RestServer {
  readonly domainName: string;
  readonly webSocketDomainName: string;
  /** All requests in order of arrival, upgrades included. */
  readonly heard: readonly Heard[];
  readonly heard$: Observable<Heard>;
  readonly opened$: Observable<Opened>;
  /** The tokens that are taken; a login adds one. */
  readonly tokens: Set<string>;
  /** What paths that end so are answered from now on. */
  answer(pathEnd: string, answers: Answers): void;
  /** The status that refuses the upgrades; 101 lets them through. */
  upgradeStatus: number;
  stop(): Promise<void>;
}

export const USER = { username: 'me@example.org', password: 'open sesame' };

/** A token in the form of a JWT with these claims. */
export const aToken = (claims: object): string =>
  ['{}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

export const SERVER_UUID = '5e11f00d-0000-4000-8000-00000000cafe';

const scenario = {
  name: 'Grid',
  uuid: 'uuid of Grid',
  children: [
    { name: 'Load', uuid: 'uuid of Load', children: null },
    { name: 'House 1', uuid: 'uuid of House 1', children: [{ name: 'PV', uuid: 'uuid of PV' }] },
    { name: 'House 2', uuid: 'uuid of House 2', children: [{ name: 'PV', uuid: 'uuid of other PV' }] },
  ],
};
const configuration = { scenarioData: { latest: { serialized: JSON.stringify(scenario) } } };

/** A certificate for tests, all of one key and each signed by itself: of localhost, of it until 2020, of another host. */
export type Certificate = 'localhost' | 'expired' | 'elsewhere';

/** The file of a certificate, for those who shall trust it. */
export const certificateFile = (certificate: Certificate): string => tlsFile(`${certificate}.crt`);

const tlsFile = (name: string): string => new URL(`../fixtures/tls/${name}`, import.meta.url).pathname;

const serverWith = (certificate: Certificate | undefined, listener: RequestListener): Server => {
  if (certificate === undefined) return createServer(listener);
  const [cert, key] = [certificateFile(certificate), tlsFile('localhost.key')].map((file) =>
    readFileSync(file),
  );
  const server = createTlsServer({ cert, key }, listener);
  server.on('tlsClientError', () => undefined);
  return server;
};

/** Starts the server, with the answers of an exchange at peace; over TLS when it gets a certificate. */
export const startRestServer = async (port = 0, certificate?: Certificate): Promise<RestServer> => {
  const heardSubject = new Subject<Heard>();
  const openedSubject = new Subject<Opened>();
  const heard: Heard[] = [];
  const tokens = new Set<string>();
  const answers = new Map<string, Answers>([
    ['/list-aggregators/', () => ({ body: [] })],
    ['/create-aggregator/', () => ({ status: 201, body: { uuid: SERVER_UUID } })],
    ['/select-aggregator/', ({ body }) => ({ body: { aggregator_uuid: body.aggregator_uuid } })],
    ['/graphql/', () => ({ body: { data: { readConfiguration: configuration } } })],
    [
      '/api-token-auth/',
      ({ body }) => {
        if (body.username !== USER.username || body.password !== USER.password) return { status: 401, body };
        const access = aToken({ number: tokens.size });
        tokens.add(access);
        return { body: { access } };
      },
    ],
  ]);
  const note = (message: IncomingMessage, text: string): Heard => {
    const { method = '', url: path = '', headers } = message;
    const body = (text === '' ? {} : JSON.parse(text)) as Heard['body'];
    const noted = { method, path, authorization: headers.authorization, body };
    heard.push(noted);
    heardSubject.next(noted);
    return noted;
  };
  const isWelcome = ({ authorization = '' }: Heard) => tokens.has(authorization.replace(/^JWT /, ''));
  const answerTo = async (request: Heard): Promise<Answer | 'hang up'> => {
    const [end, say] = [...answers].findLast(([pathEnd]) => request.path.endsWith(pathEnd)) ?? [];
    if (end !== '/api-token-auth/' && !isWelcome(request)) return { status: 401 };
    return (await say?.(request)) ?? {};
  };
  const http = serverWith(certificate, (message, response) => {
    void textOf(message).then(async (text) => {
      const answer = await answerTo(note(message, text));
      if (answer === 'hang up') return void message.socket.destroy();
      const { status = 200, body = {}, headers = {} } = answer;
      response.writeHead(status, headers);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  const webSockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (message, socket, head) => {
    const upgrade = note(message, '');
    const status = isWelcome(upgrade) ? server.upgradeStatus : 401;
    if (status !== 101) socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    else
      webSockets.handleUpgrade(message, socket, head, (opened) =>
        openedSubject.next({ path: upgrade.path, socket: opened }),
      );
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const { port: bound } = http.address() as AddressInfo;
  const [secure, host] = certificate === undefined ? ['', '127.0.0.1'] : ['s', 'localhost'];
  const server: RestServer = {
    domainName: `http${secure}://${host}:${bound}`,
    webSocketDomainName: `ws${secure}://${host}:${bound}/external-ws`,
    heard,
    heard$: heardSubject.asObservable(),
    opened$: openedSubject.asObservable(),
    tokens,
    answer: (pathEnd, say) => {
      answers.delete(pathEnd);
      answers.set(pathEnd, say);
    },
    upgradeStatus: 101,
    stop: () => stopped(http, webSockets),
  };
  return server;
};

const textOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const stopped = async (http: Server, webSockets: WebSocketServer): Promise<void> => {
  for (const socket of webSockets.clients) socket.terminate();
  const closed = once(http, 'close');
  http.close();
  http.closeAllConnections();
  await closed;
};
