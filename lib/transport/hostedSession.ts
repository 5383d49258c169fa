import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import type { GraphQlQuestion } from '../wire/graphQl.ts';
import type { Reader } from '../wire/reader.ts';
import { plainJson } from '../wire/plainJson.ts';
import { replayed } from './replayed.ts';
import { soundHostedAddress, type HostedAddress } from './restAddress.ts';
import { ask, askFor } from './restAsk.ts';
import { restSession } from './restSession.ts';

/**
 * A user's session with a hosted exchange, without a websocket: what look-ups and direct calls are made of.
 *
 * Each question is sent when it is asked, once, and its Observable replays the answer. It errors with a `GsyError`
 * unless the server did as it was asked and its answer is understood.
 */
export interface HostedSession {
  /** The newest version that the server has told of itself, and each newer one; see `versionWarning`. */
  readonly apiVersion$: Observable<string>;
  /** Asks for a document. */
  get<T>(path: string, read: Reader<T>): Observable<T>;
  /** Asks in GraphQL. */
  query<T>(question: GraphQlQuestion<T>): Observable<T>;
  /** Has the server do something, under a transaction id of its own; `undefined` comes when it has taken it (any 2xx). */
  call(path: string, body: object): Observable<void>;
  /** Ends all that is under way and closes the sockets. */
  close(): void;
}

/**
 * Opens a session with a hosted exchange (exchange protocol, login). It logs in with the first question, and again
 * before its token ends and when the server refuses it; a login that is refused is never tried again.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the URL is wrong, or the username or password is empty.
 *
 * @example
 * const session = hostedSession({ domainName: 'https://exchange.example.org', username, password });
 * const areas = await firstValueFrom(simulationAreas(session, simulationId));
 * const { uuid } = findArea(areas, 'PV 1');
 */
export const hostedSession = (address: HostedAddress): HostedSession => {
  const session = restSession(soundHostedAddress(address));
  const called = async (path: string, body: object): Promise<void> => {
    await ask(session, 'POST', path, { ...plainJson(body), transaction_id: randomUUID() });
  };
  return {
    apiVersion$: session.apiVersion$,
    get: (path, read) => replayed(askFor(session, read, 'GET', path)),
    query: ({ query, read }) => replayed(askFor(session, read, 'POST', 'graphql/', { query })),
    call: (path, body) => replayed(called(path, body)),
    close: () => session.close(),
  };
};
