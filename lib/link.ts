import { defer, Observable, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
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
  const waitingFor = (transactionId: string) => [...(waiting.get(transactionId) ?? [])];
  const all = () => [...waiting.keys()].flatMap(waitingFor);
  let sorting: Subscription | undefined;
  const sort = () =>
    link$.subscribe({
      next: (message) => {
        if (!('transactionId' in message)) return;
        for (const subscriber of waitingFor(message.transactionId)) subscriber.next(message);
      },
      error: (error: unknown) => {
        for (const subscriber of all()) subscriber.error(error);
      },
      complete: () => {
        for (const subscriber of all()) subscriber.complete();
      },
    });
  return (transactionId) =>
    new Observable<LinkMessage>((subscriber) => {
      const those = waiting.get(transactionId) ?? new Set();
      waiting.set(transactionId, those.add(subscriber));
      sorting ??= sort();
      return () => {
        those.delete(subscriber);
        if (those.size === 0) waiting.delete(transactionId);
        if (waiting.size > 0) return;
        sorting?.unsubscribe();
        sorting = undefined;
      };
    });
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
 *
 * Written by hand, for a client that starts asks for thousands of areas at once: out of a dozen operators each of them
 * costs four times as much.
 */
export const ask = <M extends LinkMessage>(link: Link, question: Question<M>): Observable<M> =>
  new Observable((subscriber) => {
    const { request, isAnswer, transactionId, patienceMs, askAgainMs, silence, nobody } = question;
    let trouble: unknown;
    const fail = (error: unknown) => subscriber.error(error);
    const again = () => {
      if (askAgainMs !== undefined) subscriber.add(link.scheduler.schedule(send, askAgainMs));
    };
    const send = () => {
      subscriber.add(
        defer(() => link.send(request)).subscribe({
          next: ({ receivers }) => {
            if (receivers === 0 && nobody !== undefined) fail(new GsyError(nobody.code, nobody.message));
          },
          error: (error: unknown) => {
            // What is asked again anyway outlives a gap in the connection; if all fails, the last trouble tells why.
            if (askAgainMs === undefined || isFinal(error)) fail(error);
            else {
              trouble = error;
              again();
            }
          },
          complete: again,
        }),
      );
    };
    const heard$ = transactionId === undefined ? link.link$ : link.answers(transactionId);
    subscriber.add(
      heard$.subscribe({
        next: (message) => {
          if (!isAnswer(message)) return;
          subscriber.next(message);
          subscriber.complete();
        },
        error: fail,
        complete: () =>
          fail(new GsyError('ERR_GSY_TRANSPORT', 'the connection was closed before an answer came')),
      }),
    );
    if (subscriber.closed) return;
    subscriber.add(
      link.scheduler.schedule(
        () => fail(trouble ?? new GsyError('ERR_GSY_NO_EXCHANGE', silence)),
        patienceMs,
      ),
    );
    send();
  });
