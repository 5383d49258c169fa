import { catchError, defer, from, map, Observable, of, repeat, switchMap, throwError, timer } from 'rxjs';
import { WebSocket } from 'ws';
import { backoffMs } from './backoff.ts';

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
  /** Those not yet quite closed. */
  readonly sockets: Set<WebSocket>;
}

/**
 * A websocket of the hosted exchange. To subscribe opens it, to unsubscribe closes it; it neither errors nor completes,
 * but tells of each loss and comes back, at first after some 50 ms, later twice as long each time, up to 30 s.
 */
export const restSocket = (url: string, options: RestSocketOptions): Observable<SocketSignal> =>
  defer(() => {
    let openedMs: number | undefined;
    let troubledMs: number | undefined;
    const lost = (error: Error, nowMs: number): SocketSignal => {
      // One that lasted was sound; one that is closed again and again is one long trouble.
      const lasted = openedMs !== undefined && nowMs - openedMs > LASTING_MS;
      troubledMs = lasted ? nowMs : (troubledMs ?? nowMs);
      openedMs = undefined;
      return {
        kind: 'lost',
        reason: error.message,
        quietMs: error instanceof Silence ? options.silenceMs : 0,
      };
    };
    return authorised(url, options).pipe(
      map((signal) => {
        if (signal.kind === 'open') openedMs = Date.now();
        return signal;
      }),
      catchError((error: Error) => of(lost(error, Date.now()))),
      repeat({ delay: () => timer(backoffMs(Date.now() - (troubledMs ?? Date.now()), LONGEST_PAUSE_MS)) }),
    );
  });

const LASTING_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;

// A token may be refused before its time: then, once, with a new one.
const authorised = (url: string, options: RestSocketOptions): Observable<SocketSignal> =>
  defer(() => options.token()).pipe(
    switchMap((token) =>
      connection(url, token, options).pipe(
        catchError((error: unknown) =>
          error instanceof Unauthorised
            ? from(options.token(token)).pipe(switchMap((renewed) => connection(url, renewed, options)))
            : throwError(() => error),
        ),
      ),
    ),
  );

class Silence extends Error {}
class Unauthorised extends Error {}

/** One connection: errors when it is lost. */
const connection = (
  url: string,
  token: string,
  { silenceMs, sockets }: RestSocketOptions,
): Observable<SocketSignal> =>
  new Observable((subscriber) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `JWT ${token}` },
      handshakeTimeout: silenceMs,
      rejectUnauthorized: true,
    });
    let quietTurns = 0;
    const alive = () => (quietTurns = 0);
    // Turns are counted, not time: after a pause of this process itself what came meanwhile is read before the next.
    const watch = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      quietTurns += 1;
      if (quietTurns === TURNS) subscriber.error(new Silence('the server gives no sign of life'));
      else socket.ping();
    }, silenceMs / TURNS);

    sockets.add(socket);
    socket.on('open', () => subscriber.next({ kind: 'open' }));
    socket.on('message', (data: Buffer, isBinary) => {
      alive();
      subscriber.next({ kind: 'message', data: isBinary ? data : data.toString() });
    });
    socket.on('ping', alive);
    socket.on('pong', alive);
    socket.on('unexpected-response', (_, { statusCode = 0 }) => {
      const reason = `the server refused the websocket with status ${statusCode}`;
      subscriber.error(statusCode === 401 ? new Unauthorised(reason) : new Error(reason));
    });
    socket.on('error', ({ message }) => subscriber.error(new Error(message)));
    socket.on('close', (code, reason) => {
      sockets.delete(socket);
      subscriber.error(new Error(`the server closed the websocket (${code}) ${String(reason)}`.trimEnd()));
    });
    return () => {
      clearInterval(watch);
      letGo(socket);
    };
  });

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
