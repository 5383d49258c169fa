import {
  BehaviorSubject,
  defer,
  filter,
  firstValueFrom,
  from,
  ignoreElements,
  merge,
  mergeMap,
  of,
  race,
  Subject,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { GsyError, messageOf } from '../errors.ts';
import type { Frame, Request } from '../wire/messages.ts';
import { soundAddress, type RestAddress } from './restAddress.ts';
import { isClosed, oneLife, untilClosed } from './oneLife.ts';
import { restLines } from './restLines.ts';
import { segment } from './restPath.ts';
import { restRequests } from './restRequests.ts';
import { restSession } from './restSession.ts';
import type { Delivery, Transport, TransportStatus } from './transport.ts';

/** Which simulation of which hosted exchange, who asks, and how patient the connection is. */
export interface RestTransportOptions extends RestAddress {
  /** A websocket whose peer gives no sign of life for so long, when opening or later, is lost, ms; 15 s unless said otherwise. */
  readonly silenceMs?: number;
}

/** The connection to a hosted exchange. */
export interface RestTransport extends Transport {
  /** The newest version that the server has told of itself, and each newer one. */
  readonly apiVersion$: Observable<string>;
}

/**
 * The connection to a simulation on a hosted exchange, over HTTP and websockets (exchange protocol, REST and
 * WebSocket). It speaks to the library on the channels of a local exchange.
 *
 * To subscribe to `frame$` logs in; a login that is refused (`ERR_GSY_LOGIN`) or cannot be tried ends the frames with a
 * `GsyError`, and so does, later, a refused renewal. A websocket that is lost comes back by itself, and `status$` tells
 * of the gap; a batch given meanwhile errors, because its reply could not be heard, and so does one that could not go out
 * within 10 s. A batch whose request may have arrived although the server did not answer counts as sent. What is asked
 * of a simulation that the server does not know errors with `ERR_GSY_UNKNOWN_SIMULATION`.
 *
 * Certificates are always verified, and proxies are those of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
 * `NO_PROXY`).
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when a URL is wrong, that of a proxy included, or the simulation id, username or
 * password is empty.
 *
 * @example
 * const transport = restTransport({
 *   domainName: 'https://exchange.example.org',
 *   webSocketDomainName: 'wss://exchange.example.org/external-ws',
 *   simulationId: '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11',
 *   username: 'someone@example.org',
 *   password,
 * });
 */
export const restTransport = ({ silenceMs = 15_000, ...options }: RestTransportOptions): RestTransport => {
  const address = soundAddress(options);
  const { simulationId, webSocketDomainName } = address;
  const session = restSession(address);
  const lines = restLines({ webSocketDomainName, session, silenceMs });
  const answerSubject = new Subject<Frame>();
  const statusSubject = new BehaviorSubject<TransportStatus>({ state: 'connecting' });
  const request = restRequests({
    simulationId: segment(simulationId),
    session,
    lines,
    emit: (frame) => answerSubject.next(frame),
  });
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const become = (status: TransportStatus) => {
    if (!isClosed(statusSubject.value)) statusSubject.next(status);
  };
  const end = (reason = 'closed by this client'): Promise<void> => {
    become({ state: 'closed', reason });
    session.close();
    closing ??= lines.close();
    return closing;
  };
  const login$ = defer(() => session.token()).pipe(
    mergeMap(() => lines.trouble$),
    tap((trouble) => become(trouble === undefined ? { state: 'open' } : { state: 'gap', ...trouble })),
    ignoreElements(),
  );
  const refusal$ = session.refusal$.pipe(mergeMap((error) => throwError(() => error)));
  const opened = async () => {
    const { state, ...status } = await firstValueFrom(
      statusSubject.pipe(filter((status) => status.state !== 'connecting')),
    );
    if (state !== 'closed') return;
    throw new GsyError('ERR_GSY_TRANSPORT', `Not connected. ${'reason' in status ? status.reason : ''}`);
  };
  // While there is no aggregator there is no websocket either, whose trouble would be told.
  const made = async (message: Request): Promise<Delivery> => {
    const { state } = statusSubject.value;
    if (state === 'connecting' || state === 'closed') await opened();
    try {
      return await request(message);
    } catch (error) {
      if (message.kind === 'create-aggregator' && statusSubject.value.state === 'open')
        become({ state: 'gap', sinceMs: Date.now(), reason: messageOf(error) });
      throw error;
    }
  };
  const sent = (sending: Promise<Delivery>): Observable<Delivery> => {
    const over = () => underWay.delete(sending);
    underWay.add(sending);
    sending.then(over, over);
    return from(sending);
  };
  return {
    frame$: merge(answerSubject, lines.frame$, refusal$, login$).pipe(oneLife(statusSubject, end)),
    status$: statusSubject.pipe(untilClosed),
    apiVersion$: session.apiVersion$,
    send: (message) => sent(made(message)),
    listeners: () => of(undefined),
    close: () => {
      const all = Promise.allSettled(underWay);
      return from(firstValueFrom(race(all, timer(CLOSING_MS))).then(() => end())).pipe(ignoreElements());
    },
  };
};

/** How long closing waits for the answers to what was given before it, ms. */
const CLOSING_MS = 1_000;
