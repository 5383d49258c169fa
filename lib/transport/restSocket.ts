import type { Agent } from 'node:http';
import { catchError, defer, from, map, Observable, of, repeat, switchMap, throwError, timer } from 'rxjs';
import { WebSocket } from 'ws';
import { lineOf } from '../wire/report.ts';
import { backoffMs } from './backoff.ts';
import { meaningOf, reasonOf } from './restTrouble.ts';

/** What happens to a websocket that is restored whenever it is lost. */
export type SocketSignal =
  | { readonly kind: 'open' }
  /** Text as text, binary as bytes. */
  | { readonly kind: 'message'; readonly data: string | Uint8Array }
  /** It will be restored; nothing has been heard for `quietMs` already. */
  | { readonly kind: 'lost'; readonly reason: string; readonly quietMs: number };

/** What a websocket needs besides its URL. */
export interface RestSocketOptions {
  /** A token for the next connection; another one than `refused`. */
  readonly token: (refused?: string) => Promise<string>;
  /** A peer that gives no sign of life for so long, when opening or later, is lost, ms. */
  readonly silenceMs: number;
  /** The way there. */
  readonly agent: Agent;
  /** Those not yet quite closed. */
  readonly sockets: Set<WebSocket>;
  /** The URL anew, when the server has refused the one that it took before; the same unless said otherwise. */
  readonly urlAnew?: () => Promise<string>;
}

/**
 * A websocket of the hosted exchange. To subscribe opens it, to unsubscribe closes it; it neither errors nor completes,
 * but tells of each loss and comes back, at first after some 50 ms, later twice as long each time, up to 30 s.
 */
export const restSocket = (url: string, options: RestSocketOptions): Observable<SocketSignal> =>
  defer(() => {
    let openedMs: number | undefined;
    let troubledMs: number | undefined;
    let refused: string | undefined;
    let at = url;
    let isRefused = false;
    const whereto = async (): Promise<string> => {
      if (isRefused && options.urlAnew !== undefined) at = await options.urlAnew();
      return at;
    };
    const lost = (error: Error): SocketSignal => {
      const nowMs = performance.now();
      // One that lasted was sound; one that is closed again and again is one long trouble.
      const lasted = openedMs !== undefined && nowMs - openedMs > LASTING_MS;
      troubledMs = lasted ? nowMs : (troubledMs ?? nowMs);
      openedMs = undefined;
      if (error instanceof Unauthorised && error.wasOpen) refused = error.token;
      isRefused ||= error instanceof Refused || (error instanceof Unauthorised && !error.wasOpen);
      return {
        kind: 'lost',
        reason: error.message,
        quietMs: error instanceof Silence ? options.silenceMs : 0,
      };
    };
    const pauseMs = () => backoffMs(performance.now() - (troubledMs ?? performance.now()), LONGEST_PAUSE_MS);
    return defer(whereto).pipe(
      switchMap((there) => authorised(there, refused, options)),
      map((signal) => {
        if (signal.kind !== 'open') return signal;
        openedMs = performance.now();
        isRefused = false;
        return signal;
      }),
      catchError((error: Error) => of(lost(error))),
      repeat({ delay: () => timer(pauseMs()) }),
    );
  });

const LASTING_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

// A token may be refused before its time: then, once, with a new one.
const authorised = (
  url: string,
  refused: string | undefined,
  options: RestSocketOptions,
): Observable<SocketSignal> =>
  from(options.token(refused)).pipe(
    switchMap((token) =>
      connection(url, token, options).pipe(
        catchError((error: unknown) =>
          error instanceof Unauthorised && !error.wasOpen
            ? from(options.token(token)).pipe(switchMap((renewed) => connection(url, renewed, options)))
            : throwError(() => error),
        ),
      ),
    ),
  );

class Silence extends Error {}

/** The server lives and has no such websocket. */
class Refused extends Error {}

/** The server does not take this token, or no longer. */
class Unauthorised extends Error {
  readonly token: string;
  readonly wasOpen: boolean;

  constructor(message: string, token: string, wasOpen: boolean) {
    super(message);
    this.token = token;
    this.wasOpen = wasOpen;
  }
}

/** Web frameworks that look at the token before they open the websocket refuse it with either. */
const UNAUTHORISED = [401, 403];
const UNKNOWN = [404, 410];
/** Policy violation, unauthorised, and what servers make of 401 and 403: the next connection brings a new token. */
const UNAUTHORISED_CODES = [1008, 3000, 4401, 4403];

/** One connection: errors when it is lost. */
const connection = (
  url: string,
  token: string,
  { silenceMs, agent, sockets }: RestSocketOptions,
): Observable<SocketSignal> =>
  new Observable((subscriber) => {
    const socket = new WebSocket(url, {
      agent,
      headers: { authorization: `JWT ${token}` },
      handshakeTimeout: silenceMs,
      rejectUnauthorized: true,
    });
    const lose = (reason: string, isUnauthorised = false, wasOpen = false) =>
      subscriber.error(isUnauthorised ? new Unauthorised(reason, token, wasOpen) : new Error(reason));
    const watch = watchFor(socket, silenceMs, () =>
      subscriber.error(new Silence('the server gives no sign of life')),
    );
    sockets.add(socket);
    socket.on('open', () => subscriber.next({ kind: 'open' }));
    socket.on('message', (data: Buffer, isBinary) =>
      subscriber.next({ kind: 'message', data: isBinary ? data : data.toString() }),
    );
    socket.on('unexpected-response', (_, { statusCode = 0 }) => {
      if (UNKNOWN.includes(statusCode)) subscriber.error(new Refused(refusalOf(statusCode)));
      else lose(refusalOf(statusCode), UNAUTHORISED.includes(statusCode));
    });
    socket.on('error', (error) => lose(reasonOf(error)));
    socket.on('close', (code, text) => {
      sockets.delete(socket);
      lose(closingOf(code, String(text)), UNAUTHORISED_CODES.includes(code), true);
    });
    return () => {
      clearInterval(watch);
      letGo(socket);
    };
  });

/** Asks the peer for signs of life while the websocket is open, and tells when there has been none for too long. */
const watchFor = (socket: WebSocket, silenceMs: number, silent: () => void): NodeJS.Timeout => {
  let quietTurns = 0;
  for (const sign of ['message', 'ping', 'pong']) socket.on(sign, () => (quietTurns = 0));
  // Turns are counted, not time: after a pause of this process itself what came meanwhile is read before the next.
  return setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    quietTurns += 1;
    if (quietTurns === TURNS) silent();
    else socket.ping();
  }, silenceMs / TURNS);
};

const closingOf = (code: number, text: string): string =>
  `the server closed the websocket (${code}) ${lineOf(text)}`.trimEnd();

const refusalOf = (status: number): string => {
  const meaning = meaningOf(status) ?? 'there is no websocket; check webSocketDomainName';
  return `the server refused the websocket with status ${status}: ${meaning}`;
};

/** So many turns of watching make a silence; each but the last asks once. */
const TURNS = 4;

/** How long a peer may take to agree to the end, ms. */
const CLOSING_MS = 1_000;

const letGo = (socket: WebSocket): void => {
  if (socket.readyState === WebSocket.CLOSED) return;
  const force = setTimeout(() => socket.terminate(), CLOSING_MS);
  socket.once('close', () => clearTimeout(force));
  socket.close();
};
