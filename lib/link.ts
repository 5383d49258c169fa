import {
  catchError,
  defer,
  EMPTY,
  filter,
  merge,
  mergeMap,
  repeat,
  take,
  throwError,
  throwIfEmpty,
  timeout,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { GsyError, type GsyErrorCode } from './errors.ts';
import type { EventStreams, LinkMessage } from './events.ts';
import type { Delivery, Transport } from './transport/transport.ts';
import type { AggregatorReply, Request } from './wire/messages.ts';

/** How to talk to an exchange about the connection itself: aggregators, areas, registrations. */
export interface Link {
  readonly link$: Observable<LinkMessage>;
  readonly send: (request: Request) => Observable<Delivery>;
  readonly listeners: (channels: readonly string[]) => Observable<readonly number[] | undefined>;
  readonly scheduler: SchedulerLike;
}

/** The link over a transport whose frames these streams decode. */
export const linkOver = (transport: Transport, { link$ }: EventStreams, scheduler: SchedulerLike): Link => ({
  link$,
  send: (request) => transport.send(request),
  listeners: (channels) => transport.listeners(channels),
  scheduler,
});

/** Whether a message answers the aggregator command of this transaction; every client hears every answer. */
export const isReplyTo =
  (transactionId: string) =>
  (message: LinkMessage): message is AggregatorReply =>
    message.kind === 'aggregator-reply' && message.transactionId === transactionId;

/** Whether asking again can only bring the same: all but the connection's troubles. */
const isFinal = (error: unknown): boolean => error instanceof GsyError && error.code !== 'ERR_GSY_TRANSPORT';

/** What is asked, which message answers it, and what silence means. */
export interface Question<M extends LinkMessage> {
  readonly request: Request;
  readonly isAnswer: (message: LinkMessage) => message is M;
  readonly patienceMs: number;
  /** How often to ask again meanwhile; only for requests that change nothing the second time. */
  readonly askAgainMs?: number;
  /** The error's text when nobody answers in time: what it may mean and what to do. */
  readonly silence: string;
  /** The error at once when nobody even listens; without it, that is silence too. */
  readonly nobody?: { readonly code: GsyErrorCode; readonly message: string };
}

/**
 * Asks and gives the one answer, or errors with a `GsyError`: `ERR_GSY_NO_EXCHANGE` on silence. It listens before it
 * sends, because the answer may come before the send returns.
 */
export const ask = <M extends LinkMessage>(
  { link$, send, scheduler }: Link,
  { request, isAnswer, patienceMs, askAgainMs, silence, nobody }: Question<M>,
): Observable<M> => {
  const sending$ = defer(() => send(request)).pipe(
    mergeMap(({ receivers }) =>
      receivers === 0 && nobody !== undefined
        ? throwError(() => new GsyError(nobody.code, nobody.message))
        : EMPTY,
    ),
  );
  let trouble: unknown = new GsyError('ERR_GSY_NO_EXCHANGE', silence);
  // What is asked again anyway outlives a gap in the connection; if all fails, the last trouble tells why.
  const asking$ =
    askAgainMs === undefined
      ? sending$
      : sending$.pipe(
          catchError((error: unknown) => {
            if (isFinal(error)) throw error;
            trouble = error;
            return EMPTY;
          }),
          repeat({ delay: () => timer(askAgainMs, scheduler) }),
        );
  // The outer `take` ends the asking with the answer.
  return merge(link$.pipe(filter(isAnswer)), asking$).pipe(
    take(1),
    throwIfEmpty(() => new GsyError('ERR_GSY_TRANSPORT', 'the connection was closed before an answer came')),
    timeout({ first: patienceMs, scheduler, with: () => throwError(() => trouble) }),
  );
};
