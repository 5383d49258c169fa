import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Got, Method, RequestError, Response } from 'got';
import { BehaviorSubject, filter, type Observable } from 'rxjs';
import { wayTo, type RestWay } from './restAgent.ts';
import type { RestAnswer } from './restAnswer.ts';
import { pauseAfter } from './restPause.ts';
import { reasonOf } from './restTrouble.ts';
import { compareVersions } from './restVersion.ts';

/** A request as it goes out. */
export interface RestRequest {
  readonly method: Method;
  readonly path: string;
  /** What is sent as JSON; a text is JSON already. */
  readonly body?: object | string | undefined;
  readonly token?: string;
  /** By when it has to go out, ms since 1970; what would be later is not sent. */
  readonly latestMs?: number | undefined;
}

/** Makes requests to one server. */
export interface RestClient {
  /**
   * Asks once; a server that asked for a pause gets it first, and what it put off until then is asked once more, unless
   * it has a `latestMs`. Never rejects.
   */
  ask(request: RestRequest): Promise<RestAnswer>;
  /** The newest version that the server has told, and each newer one. */
  readonly version$: Observable<string>;
  /** Credentials of the way to the server, which must never be told. */
  readonly secrets: readonly string[];
  /** Ends all requests under way and closes the sockets. */
  close(): void;
}

/** The clock by which tokens end. */
export type Now = () => number;

/** How long one request may take, ms. */
const REQUEST_MS = 30_000;

/** How often requests are looked at meanwhile: what is late is ended at the next look. */
const LOOKS = 100;

/** More than any simulation's answer has, and less than fills the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Makes requests to the server of this domain; nothing is sent before the first.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the environment names a proxy that is none
 */
export const restClient = (domainName: string, now: Now, requestMs = REQUEST_MS): RestClient => {
  const ending = new AbortController();
  const way = wayTo(domainName);
  // It is much to load, and a client of a local exchange has no use for it.
  let loading: Promise<HttpClients> | undefined;
  let clientFor: HttpClients | undefined;
  /** Each ends a request under way, for a reason; and how often it was looked at. */
  const underWay = new Map<(reason: string) => void, number>();
  let watch: NodeJS.Timeout | undefined;
  const versionSubject = new BehaviorSubject('');
  const silence = Object.assign(new Error(`there was no answer within ${requestMs} ms`), {
    code: 'ETIMEDOUT',
  });
  const tooSlow = reasonOf(silence);
  let pauseEndsMs = 0;

  // One timer for all that are under way, and for a while after: one for each, as got's own, is a fiftieth of its time.
  const look = () => {
    for (const [end, looks] of underWay)
      if (looks === LOOKS) end(tooSlow);
      else underWay.set(end, looks + 1);
    if (underWay.size > 0) return;
    clearInterval(watch);
    watch = undefined;
  };
  const heard = ({ headers, statusCode, body }: Response<string>): RestAnswer => {
    const version = headers['api-version'];
    if (typeof version === 'string' && compareVersions(version, versionSubject.value) > 0)
      versionSubject.next(version);
    const pauseMs = pauseAfter(statusCode, headers['retry-after'], now());
    if (pauseMs > 0) pauseEndsMs = Math.max(pauseEndsMs, now() + pauseMs);
    return { kind: 'answered', status: statusCode, body };
  };
  const exchange = async ({ method, path, body, token }: RestRequest): Promise<RestAnswer> => {
    clientFor ??= await (loading ??= httpClients(way));
    if (ending.signal.aborted) return unheard(CLOSED);
    let ended: string | undefined;
    const isText = typeof body === 'string';
    const content = isText ? { body } : body && { json: body };
    const answering = clientFor(token, isText)<string>(`${domainName}/${path}`, { method, ...content });
    const end = (reason: string) => {
      ended ??= reason;
      answering.cancel();
    };
    underWay.set(end, 0);
    watch ??= setInterval(look, requestMs / LOOKS).unref();
    void answering.on('downloadProgress', ({ transferred }) => {
      if (transferred > MOST_BYTES) end('the answer is too long');
    });
    try {
      return heard(await answering);
    } catch (error) {
      return unanswered(error, ended);
    } finally {
      underWay.delete(end);
    }
  };
  const inTime = async (request: RestRequest): Promise<RestAnswer> => {
    const { latestMs = Infinity } = request;
    if (pauseEndsMs > latestMs) return tooLate('the server asked for a pause');
    if (pauseEndsMs > now()) await paused(pauseEndsMs - now(), ending.signal);
    return now() > latestMs ? tooLate('what came before it took too long') : exchange(request);
  };
  return {
    ask: async (request) => {
      const answer = await inTime(request);
      const isPutOff = answer.kind === 'answered' && answer.status === 429 && pauseEndsMs > now();
      return isPutOff && request.latestMs === undefined ? inTime(request) : answer;
    },
    version$: versionSubject.pipe(filter((version) => version !== '')),
    secrets: way.secrets,
    close: () => {
      versionSubject.complete();
      ending.abort();
      for (const end of underWay.keys()) end(CLOSED);
      clearInterval(watch);
      way.agent.destroy();
    },
  };
};

const CLOSED = 'closed by this client';

/** A client that bears this token, for bodies of this kind. */
type HttpClients = (token: string | undefined, isText: boolean) => Got;

/** Clients for all requests; those of the last token are kept, for to make one takes longer than to ask. */
const httpClients = async ({ agent }: RestWay): Promise<HttpClients> => {
  const { got } = await import('got');
  const bare = got.extend({
    agent: agent instanceof HttpsAgent ? { https: agent } : { http: agent },
    https: { rejectUnauthorized: true },
    responseType: 'text',
    // The server reads transaction ids in the bodies of GET requests too.
    allowGetBody: true,
    // Nothing is sent twice, and a token goes to no other server.
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
  });
  const clients = (token: string | undefined) => {
    const plain = token === undefined ? bare : bare.extend({ headers: { authorization: `JWT ${token}` } });
    return { token, plain, text: plain.extend({ headers: { 'content-type': 'application/json' } }) };
  };
  let last = clients(undefined);
  return (token, isText) => {
    if (last.token !== token) last = clients(token);
    return isText ? last.text : last.plain;
  };
};

// After the end the request itself is told so.
const paused = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

const unheard = (reason: string): RestAnswer => ({ kind: 'unanswered', mayBeHeard: false, reason });

const tooLate = (reason: string): RestAnswer => unheard(`it was not sent in time: ${reason}`);

// Whoever has not shown a good certificate has been told nothing, whatever was written already.
const isSent = (error: unknown): boolean => {
  const { timings, code = '' } = error as Partial<RequestError>;
  return timings?.upload !== undefined && !/CERT|^UNABLE_TO_/.test(code);
};

// The error itself bears the request with its password or token, so only its words are kept.
const unanswered = (error: unknown, ended: string | undefined): RestAnswer => ({
  kind: 'unanswered',
  mayBeHeard: isSent(error),
  reason: ended ?? reasonOf(error),
});
