import { map, throwError, type Observable } from 'rxjs';
import { v5 as uuidV5 } from 'uuid';
import { GsyError } from './errors.ts';
import type { LinkMessage } from './events.ts';
import { ask, type Link } from './link.ts';
import type { ChangeGridFees } from './model/commands.ts';
import type { DsoMarketStats, Granted } from './model/replies.ts';
import { invalid } from './sink/invalid.ts';
import { verbOf } from './wire/marketCalls.ts';
import type { AreaReply, MarketCall } from './wire/messages.ts';
import { present } from './wire/present.ts';

type Question = Pick<ChangeGridFees, 'kind' | 'fee'> | { readonly kind: 'dso-market-stats' };
type Answer<Q extends Question> = Extract<Granted, { readonly command: Q['kind'] }>;

/** A market's grid fee as the exchange has it now, of one kind or the other. */
export type GridFees = Omit<Extract<Granted, { readonly command: 'grid-fees' }>, 'command'>;

/**
 * Sets the grid fee of a registered market, without an aggregator, from the next slot on; it is answered with the
 * exchange's next tick (exchange protocol, setting a fee).
 *
 * Errors with a `GsyError`: `ERR_GSY_OPTIONS`, with nothing sent, for a fee that makes no sense; `ERR_GSY_REFUSED` when
 * the market is not registered, has fees of the other kind, or keeps the one it had; `ERR_GSY_UNKNOWN_AREA` when nobody
 * listens for it; `ERR_GSY_NO_EXCHANGE` on silence.
 *
 * @param channelName the market's slug
 */
export const setGridFees = (
  link: Link,
  channelName: string,
  fee: ChangeGridFees['fee'],
): Observable<GridFees> => {
  const reason = invalid({ kind: 'grid-fees', areaUuid: channelName, fee });
  if (reason !== undefined)
    return throwError(() => new GsyError('ERR_GSY_OPTIONS', `Not sent to ${channelName}: ${reason}.`));
  return askMarket(link, channelName, { kind: 'grid-fees', fee } as const).pipe(
    map(({ feeConstant, feePercent }) => {
      // A fee that the exchange does not like is answered with the old one.
      const taken = 'percent' in fee ? feePercent === fee.percent : feeConstant === fee.centsPerKWh;
      if (!taken) throw new GsyError('ERR_GSY_REFUSED', `${channelName} keeps the grid fee that it had.`);
      return present({ feeConstant, feePercent });
    }),
  );
};

/**
 * Asks a registered market for its figures of the last finished slot, without an aggregator; all are undefined before
 * the first. It is answered, and errors, as `setGridFees`.
 */
export const askDsoMarketStats = (link: Link, channelName: string): Observable<DsoMarketStats> =>
  askMarket(link, channelName, { kind: 'dso-market-stats' } as const).pipe(map(({ stats }) => stats));

/** Ticks can be far apart in real time. */
const PATIENCE_MS = 120_000;

const askMarket = <Q extends Question>(
  link: Link,
  channelName: string,
  question: Q,
): Observable<Answer<Q>> => {
  // The same question at the same moment has the same answer.
  const transactionId = uuidV5(
    `${channelName} ${JSON.stringify(question)} ${link.scheduler.now()}`,
    NAMESPACE,
  );
  const request: MarketCall = { ...question, channelName, transactionId };
  return ask(link, {
    request,
    // An error that bears no transaction is about the registration, and so about every question.
    isAnswer: (message: LinkMessage): message is AreaReply =>
      message.kind === 'area-reply' &&
      message.channelName === channelName &&
      message.command === verbOf(request) &&
      (message.transactionId ?? transactionId) === transactionId,
    patienceMs: PATIENCE_MS,
    silence: `${channelName} did not answer within ${PATIENCE_MS / 1_000} s; is the exchange paused?`,
    nobody: {
      code: 'ERR_GSY_UNKNOWN_AREA',
      message: `nobody answers to ${channelName}: there is no such market, it is not open to external control, or no exchange is running`,
    },
  }).pipe(map(({ reply }) => grantedOf(reply, channelName, question)));
};

const grantedOf = <Q extends Question>(
  reply: AreaReply['reply'],
  channelName: string,
  { kind }: Q,
): Answer<Q> => {
  const refused = (reason: string) =>
    new GsyError('ERR_GSY_REFUSED', `The exchange refused it to ${channelName}: ${reason}`);
  if (reply.status === 'error') throw refused(reply.reason);
  const isAnswer = (granted: Granted): granted is Answer<Q> => granted.command === kind;
  if (isAnswer(reply.granted)) return reply.granted;
  throw refused(`it answered to ${reply.granted.command}`);
};

/** The namespace under which the transaction ids of questions to markets are derived. */
const NAMESPACE = '5f6a3c0e-2f1b-4d0a-9a57-7c1e8b3d4f60';
