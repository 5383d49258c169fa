import type { Method } from 'got';
import { GsyError } from '../errors.ts';
import type { Frame } from '../wire/messages.ts';
import type { Reader } from '../wire/reader.ts';
import { failureOf, statusOf, successOf } from './restAnswer.ts';
import type { RestLines } from './restLines.ts';
import type { RestSession } from './restSession.ts';

/** What requests are made with. */
export interface RestServer {
  readonly simulationId: string;
  readonly session: RestSession;
  readonly lines: RestLines;
  /** Where the answers go that come over HTTP. */
  readonly emit: (frame: Frame) => void;
}

/**
 * Asks, and gives the body of the answer; rejects with a `GsyError` that names the request unless the server did what
 * it was asked.
 */
export const ask = async (
  session: RestSession,
  method: Method,
  path: string,
  body?: object,
): Promise<string> => {
  const answer = await session.request(method, path, body);
  const success = successOf(answer);
  if (success !== undefined) return success;
  const reason = failureOf(answer, session.redacted);
  throw new GsyError('ERR_GSY_TRANSPORT', `${nameOf(session, method, path)}: ${reason}`, statusOf(answer));
};

/** As `ask`, and gives what the body says; rejects when it is not understood, too. */
export const askFor = async <T>(
  session: RestSession,
  read: Reader<T>,
  ...asked: [method: Method, path: string, body?: object]
): Promise<T> => {
  const result = read(await ask(session, ...asked));
  if (result._tag === 'Right') return result.right;
  const [method, path] = asked;
  const name = nameOf(session, method, path);
  throw new GsyError('ERR_GSY_TRANSPORT', `${name}: ${session.redacted(result.left)}`);
};

/** Says of a failed question about a whole simulation that there is none, where that is why. */
export const unknownSimulation =
  (simulationId: string) =>
  (error: unknown): never => {
    if (!(error instanceof GsyError) || error.status !== 404) throw error;
    throw new GsyError(
      'ERR_GSY_UNKNOWN_SIMULATION',
      `There is no simulation ${simulationId} for this user: ${error.message}`,
      { status: error.status },
    );
  };

const nameOf = ({ domainName }: RestSession, method: Method, path: string): string =>
  `${method} ${domainName}/${path}`;
