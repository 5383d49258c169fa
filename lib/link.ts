import {
  catchError,
  defer,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  merge,
  mergeMap,
  Observable,
  repeat,
  share,
  take,
  takeUntil,
  tap,
  throwError,
  throwIfEmpty,
  timeout,
  timer,
  type SchedulerLike,
  type Subscriber,
} from 'rxjs';
import { GsyError, type GsyErrorCode } from './errors.ts';
import type { EventStreams, LinkMessage } from './events.ts';
import type { Delivery, Transport } from './transport/transport.ts';
import type { AggregatorReply, Request } from './wire/messages.ts';

/** How to talk to an exchange about the connection itself: aggregators, areas, registrations. */
export interface Link {
  readonly link$: Observable<LinkMessage>;
  /** Those of them that answer this transaction; thousands can wait, and each message is looked at once. */
  readonly answers: (transactionId: string) => Observable<LinkMessage>;
  readonly send: (request: Request) => Observable<Delivery>;
  readonly listeners: (channels: readonly string[]) => Observable<readonly number[] | undefined>;
  readonly scheduler: SchedulerLike;
}

/** The link over a transport whose frames these streams decode. */
export const linkOver = (transport: Transport, { link$ }: EventStreams, scheduler: SchedulerLike): Link => ({
  link$,
  answers: answersIn(link$),
  send: (request) => transport.send(request),
  listeners: (channels) => transport.listeners(channels),
  scheduler,
});

/** Sorts messages by the transactions that they answer, as `Link.answers` gives them. */
export const answersIn = (link$: Observable<LinkMessage>): Link['answers'] => {
  const waiting = new Map<string, Set<Subscriber<LinkMessage>>>();
  const sorting$ = link$.pipe(
    tap((message) => {
      if (!('transactionId' in message)) return;
      for (const subscriber of [...(waiting.get(message.transactionId) ?? [])]) subscriber.next(message);
    }),
    ignoreElements(),
    share(),
  );
  return (transactionId) =>
    new Observable<LinkMessage>((subscriber) => {
      const those = waiting.get(transactionId) ?? new Set();
      waiting.set(transactionId, those.add(subscriber));
      return () => {
        those.delete(subscriber);
        if (those.size === 0) waiting.delete(transactionId);
      };
    }).pipe(takeUntil(sorting$.pipe(endWith(undefined))));
};

/** An aggregator, under both its names. */
export interface AggregatorName {
  readonly name: string;
  readonly uuid: string;
}

/** Whether a message answers the aggregator command of this transaction; every client hears every answer. */
export const isReplyTo =
  (transactionId: string) =>
  (message: LinkMessage): message is AggregatorReply =>
    message.kind === 'aggregator-reply' && message.transactionId === transactionId;

/** Whether asking again can only bring the same: all but the connection's troubles and those of a server. */
const isFinal = (error: unknown): boolean =>
  error instanceof GsyError && (error.code !== 'ERR_GSY_TRANSPORT' || blamesTheQuestion(error.status));

const blamesTheQuestion = (status = 0): boolean =>
  status >= 400 && status < 500 && !COME_AGAIN.includes(status);

/** Too slow, too early, too much at once. */
const COME_AGAIN = [408, 425, 429];

/** What is asked, which message answers it, and what silence means. */
export interface Question<M extends LinkMessage> {
  readonly request: Request;
  readonly isAnswer: (message: LinkMessage) => message is M;
  /** The transaction that the answer bears; where it may bear none, all messages are looked at. */
  readonly transactionId?: string;
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
  { link$, answers, send, scheduler }: Link,
  { request, isAnswer, transactionId, patienceMs, askAgainMs, silence, nobody }: Question<M>,
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
  const heard$ = transactionId === undefined ? link$ : answers(transactionId);
  return merge(heard$.pipe(filter(isAnswer)), asking$).pipe(
    take(1),
    throwIfEmpty(() => new GsyError('ERR_GSY_TRANSPORT', 'the connection was closed before an answer came')),
    timeout({ first: patienceMs, scheduler, with: () => throwError(() => trouble) }),
  );
};
