import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { got, RequestError, type Got, type Method, type Response } from 'got';
import { BehaviorSubject, filter, ReplaySubject, type Observable } from 'rxjs';
import { GsyError } from '../errors.ts';
import { readToken } from '../wire/hosted.ts';
import type { RestAddress } from './restAddress.ts';
import { successOf, type Redact, type RestAnswer } from './restAnswer.ts';
import { tokenTimes, type TokenTimes } from './restToken.ts';
import { compareVersions } from './restVersion.ts';

/** A user's session with the server: requests that bear its token, which is renewed before it ends. */
export interface RestSession {
  /** Asks once; only when the server refuses the token it is renewed and the request is made once more. */
  request(method: Method, path: string, body?: object): Promise<RestAnswer>;
  /**
   * A token that is good now; logs in for it where needed. `refused` is one that the server no longer takes.
   *
   * Rejects with a `GsyError`. A refused login is final: no other is tried, so that no account is locked.
   */
  token(refused?: string): Promise<string>;
  /** The reason, when a login was refused. */
  readonly refusal$: Observable<GsyError>;
  /** The newest version that the server has told, and each newer one. */
  readonly apiVersion$: Observable<string>;
  /** The text without password and tokens, for messages. */
  readonly redacted: Redact;
  /** Ends all requests under way and closes the sockets. */
  close(): void;
}

/** The clock by which tokens end. */
export type Now = () => number;

/** How long one request may take, ms. */
const REQUEST_MS = 30_000;

/** The session of this user; nothing is sent before the first request. */
export const restSession = (address: RestAddress, now: Now = Date.now): RestSession => {
  const ending = new AbortController();
  // Every request under way listens for the end.
  setMaxListeners(0, ending.signal);
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const http = client(agents, ending.signal);
  const refusalSubject = new ReplaySubject<GsyError>(1);
  const versionSubject = new BehaviorSubject('');
  const secrets = new Set([address.password]);
  let refusal: GsyError | undefined;
  let current: ({ readonly token: string } & TokenTimes) | undefined;
  let login: Promise<string> | undefined;

  const redacted: Redact = (text) =>
    [...secrets].reduce((told, secret) => told.replaceAll(secret, '…'), text);
  const heard = ({ headers, statusCode, body }: Response<string>): RestAnswer => {
    const version = headers['api-version'];
    if (typeof version === 'string' && compareVersions(version, versionSubject.value) > 0)
      versionSubject.next(version);
    return { kind: 'answered', status: statusCode, body };
  };
  const exchange = (method: Method, path: string, body?: object, token?: string): Promise<RestAnswer> =>
    http(`${address.domainName}/${path}`, {
      method,
      ...(body && { json: body }),
      ...(token !== undefined && { headers: { authorization: `JWT ${token}` } }),
    }).then(heard, (error: unknown) => unanswered(error, redacted));

  const logIn = async (): Promise<string> => {
    const { username, password } = address;
    const answer = await exchange('POST', 'api-token-auth/', { username, password });
    const token = readToken(successOf(answer) ?? '');
    if (token !== undefined) {
      secrets.add(token);
      current = { token, ...tokenTimes(token, now()) };
      return token;
    }
    const trouble = loginTrouble(address, answer);
    if (trouble.isFinal) {
      refusal = trouble.error;
      refusalSubject.next(refusal);
    }
    throw trouble.error;
  };
  const token = async (refused?: string): Promise<string> => {
    if (refusal !== undefined) throw refusal;
    const old = current?.token === refused ? undefined : current;
    if (old !== undefined && now() < old.renewAtMs) return old.token;
    try {
      return await (login ??= logIn().finally(() => (login = undefined)));
    } catch (error) {
      // The server may be back before the old one ends.
      if (old === undefined || now() >= old.endsAtMs || error === refusal) throw error;
      return old.token;
    }
  };
  return {
    request: async (method, path, body) => {
      const used = await token();
      const answer = await exchange(method, path, body, used);
      if (answer.kind === 'unanswered' || answer.status !== 401) return answer;
      return exchange(method, path, body, await token(used));
    },
    token,
    refusal$: refusalSubject.asObservable(),
    apiVersion$: versionSubject.pipe(filter((version) => version !== '')),
    redacted,
    close: () => {
      versionSubject.complete();
      ending.abort();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
};

const client = (agent: { readonly http: HttpAgent; readonly https: HttpsAgent }, signal: AbortSignal): Got =>
  got.extend({
    agent,
    signal,
    https: { rejectUnauthorized: true },
    responseType: 'text',
    // Nothing is sent twice, and a token goes to no other server.
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    timeout: { request: REQUEST_MS },
  });

// The error itself bears the request with its password or token, so only its words are kept.
const unanswered = (error: unknown, redacted: Redact): RestAnswer => ({
  kind: 'unanswered',
  mayBeHeard: error instanceof RequestError && error.timings?.upload !== undefined,
  reason: redacted(error instanceof Error ? error.message : 'no answer'),
});

const loginTrouble = ({ domainName, username }: RestAddress, answer: RestAnswer) => {
  const trouble = (isFinal: boolean, reason: string) => ({
    isFinal,
    error: new GsyError('ERR_GSY_TRANSPORT', `Cannot log in at ${domainName} as ${username}: ${reason}`),
  });
  if (answer.kind === 'unanswered') return trouble(false, `${answer.reason}; is this the right domain?`);
  const { status } = answer;
  if (successOf(answer) !== undefined)
    return trouble(true, 'the server gave no token; is this the right domain?');
  return [400, 401, 403].includes(status)
    ? trouble(true, `the server refused it with status ${status}; check the username and the password.`)
    : trouble(false, `the server answered with status ${status}; is this the right domain?`);
};
