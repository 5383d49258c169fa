import type { Method } from 'got';
import { ReplaySubject, type Observable } from 'rxjs';
import type { GsyError } from '../errors.ts';
import { readToken } from '../wire/hosted.ts';
import type { HostedAddress } from './restAddress.ts';
import { successOf, type Redact, type RestAnswer } from './restAnswer.ts';
import { restClient, type Now, type RestClient } from './restClient.ts';
import { loginTrouble } from './restLogin.ts';
import { secretKeeper } from './restSecrets.ts';
import { steadyNowMs } from './steadyNow.ts';
import { tokenTimes, type TokenTimes } from './restToken.ts';

/** A user's session with the server: requests that bear its token, which is renewed before it ends. */
export interface RestSession {
  readonly domainName: string;
  /**
   * Asks once; only when the server refuses the token it is renewed and the request is made once more. The body is sent
   * as JSON; a text is JSON already. What has a `latestMs` is not sent after that moment, ms since 1970.
   */
  request(method: Method, path: string, body?: object | string, latestMs?: number): Promise<RestAnswer>;
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

/** How long a token that has not ended is used before it is tried once more to renew it, ms. */
const RENEW_AGAIN_MS = 60_000;

/**
 * The session of this user; nothing is sent before the first request.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the environment names a proxy that is none
 */
export const restSession = (address: HostedAddress, now: Now = steadyNowMs): RestSession => {
  const client = restClient(address.domainName, now);
  const secrets = secretKeeper([address.password, ...client.secrets]);
  const { token, refusal$ } = tokens(address, client, { now, keep: (given) => secrets.keep(given) });
  return {
    domainName: address.domainName,
    request: async (method, path, body, latestMs) => {
      const ask = (bearing: string) => client.ask({ method, path, body, token: bearing, latestMs });
      const used = await token();
      const answer = await ask(used);
      return answer.kind === 'answered' && answer.status === 401 ? ask(await token(used)) : answer;
    },
    token,
    refusal$,
    apiVersion$: client.version$,
    redacted: secrets.redacted,
    close: () => client.close(),
  };
};

interface TokenOptions {
  readonly now: Now;
  /** Hears of each new token. */
  readonly keep: (token: string) => void;
}

const tokens = (address: HostedAddress, client: RestClient, { now, keep }: TokenOptions) => {
  const refusalSubject = new ReplaySubject<GsyError>(1);
  let refusal: GsyError | undefined;
  let current: ({ readonly token: string } & TokenTimes) | undefined;
  let login: Promise<string> | undefined;

  const logIn = async (): Promise<string> => {
    const { username, password } = address;
    const body = { username, password };
    const answer = await client.ask({ method: 'POST', path: 'api-token-auth/', body });
    const token = readToken(successOf(answer) ?? '');
    if (token !== undefined) {
      keep(token);
      current = { token, ...tokenTimes(token, now()) };
      return token;
    }
    const trouble = loginTrouble(address, answer);
    if (trouble.code === 'ERR_GSY_LOGIN') {
      refusal = trouble;
      refusalSubject.next(refusal);
    }
    throw trouble;
  };
  // Whoever needs a token while one is asked for gets the same.
  const renewed = (): Promise<string> => (login ??= logIn().finally(() => (login = undefined)));
  const token = async (refused?: string): Promise<string> => {
    if (refusal !== undefined) throw refusal;
    const old = current?.token === refused ? undefined : current;
    if (old === undefined || now() >= old.endsAtMs) return renewed();
    if (now() >= old.renewAtMs) {
      // Nobody waits for the new one while the old one is good, and the server may be back before it ends.
      current = { ...old, renewAtMs: now() + RENEW_AGAIN_MS };
      renewed().catch(() => undefined);
    }
    return old.token;
  };
  return { token, refusal$: refusalSubject.asObservable() };
};
