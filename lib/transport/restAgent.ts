import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { GsyError } from '../errors.ts';
import { reasonOf } from './restTrouble.ts';

/** The way to a server. */
export interface RestWay {
  readonly agent: HttpAgent;
  /** What must never be told of it. */
  readonly secrets: readonly string[];
}

/**
 * The way of requests (`http:`, `https:`) or websockets (`ws:`, `wss:`) to the server of this URL: straight, or through
 * the proxy that the environment names for it (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in upper or lower
 * case; websockets go the way of requests).
 *
 * Through a proxy all goes in tunnels, also what is not encrypted, because a websocket can go no other way; the
 * certificate at the other end is verified. To destroy the agent ends the tunnels, also those still being asked for.
 *
 * @param options how long the proxy may take to open a tunnel, and how long a connection is kept for the next request, ms
 * @throws GsyError `ERR_GSY_OPTIONS` when the proxy's URL is wrong; it is not repeated, because a password may stand in it.
 */
export const wayTo = (
  url: string,
  {
    patienceMs = PATIENCE_MS,
    idleMs = IDLE_MS,
  }: { readonly patienceMs?: number; readonly idleMs?: number } = {},
): RestWay => {
  const { protocol } = new URL(url);
  const options = protocol.startsWith('http') ? { keepAlive: true, timeout: idleMs } : {};
  const straight = ['https:', 'wss:'].includes(protocol) ? new HttpsAgent(options) : new HttpAgent(options);
  const proxy = proxyFor(url);
  if (proxy === undefined) return { agent: straight, secrets: [] };
  return { agent: tunnelled(straight, proxy, patienceMs), secrets: proxy.secrets };
};

interface Proxy {
  /** Without user and password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

const proxyFor = (url: string): Proxy | undefined => {
  const named = getProxyForUrl(url.replace(/^ws/, 'http'));
  if (named === '') return undefined;
  const proxy = URL.canParse(named) ? new URL(named) : undefined;
  const user = proxy && decoded(`${proxy.username}:${proxy.password}`);
  if (user === undefined || proxy === undefined || !['http:', 'https:'].includes(proxy.protocol))
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `The proxy that the environment names for ${url} has to look like http://user:password@host:port, percent-encoded; name the host in NO_PROXY to do without.`,
    );
  const bare = new URL(proxy.origin);
  if (user === ':') return { url: bare, headers: {}, secrets: [] };
  const basic = Buffer.from(user).toString('base64');
  return {
    url: bare,
    headers: { 'proxy-authorization': `Basic ${basic}` },
    secrets: [basic, user.slice(user.indexOf(':') + 1)].filter((secret) => secret !== ''),
  };
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** How long a proxy may take to open a tunnel, ms. */
const PATIENCE_MS = 15_000;

/**
 * How long a connection is kept for the next request, ms: less than servers commonly do, so that a request seldom meets
 * its end, and so little that after an outage none is left that goes nowhere.
 */
const IDLE_MS = 4_000;

/** Lets an agent connect through tunnels. */
const tunnelled = (agent: HttpAgent, proxy: Proxy, patienceMs: number): HttpAgent => {
  const asking = new Set<ClientRequest>();
  const destroy = agent.destroy.bind(agent);
  agent.createConnection = (options, callback = () => undefined) => {
    const host = options.host ?? '';
    // An error comes without a socket.
    const fail = callback as (error: Error) => void;
    const request = tunnel(proxy, `${isIPv6(host) ? `[${host}]` : host}:${options.port ?? ''}`, {
      opened: (socket) =>
        callback(
          null,
          agent instanceof HttpsAgent ? tlsConnect({ ...(options as ConnectionOptions), socket }) : socket,
        ),
      failed: (reason) => fail(new Error(`the proxy ${proxy.url.origin} opens no way to ${host}: ${reason}`)),
      settled: () => {
        clearTimeout(late);
        asking.delete(request);
      },
    });
    const late = setTimeout(() => request.destroy(new Error('it does not answer')), patienceMs);
    asking.add(request);
    return undefined;
  };
  agent.destroy = () => {
    for (const request of asking) request.destroy();
    destroy();
  };
  return agent;
};

/** What becomes of asking for a tunnel: one of the first two, and the last. */
interface TunnelEnd {
  readonly opened: (socket: Socket) => void;
  readonly failed: (reason: string) => void;
  readonly settled: () => void;
}

/** Asks a proxy for a tunnel to this host and port. */
const tunnel = ({ url, headers }: Proxy, target: string, end: TunnelEnd): ClientRequest => {
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const asked: OutgoingHttpHeaders = { ...headers, host: target };
  const options = { method: 'CONNECT', path: target, headers: asked, agent: false, rejectUnauthorized: true };
  const request = ask(url, options);
  request.once('connect', ({ statusCode = 0 }, socket: Socket, early: Buffer) => {
    end.settled();
    // Whatever else the proxy says is its own word, and must not pass for an answer of the server.
    if (statusCode !== 200) {
      socket.destroy();
      end.failed(refusal(statusCode));
      return;
    }
    if (early.length > 0) socket.unshift(early);
    end.opened(socket);
  });
  request.once('error', (error) => {
    end.settled();
    end.failed(reasonOf(error));
  });
  request.end();
  return request;
};

const refusal = (status: number): string =>
  status === 407
    ? 'it answered with status 407; check the user and password in its URL'
    : `it answered with status ${status}; name the host in NO_PROXY if it can be reached without`;
