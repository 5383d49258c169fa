import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { GsyError } from '../errors.ts';

/** Where a Redis is and how to log in there. */
export interface RedisAddress {
  /** Host and port, for people: neither user nor password stands in it. */
  readonly where: string;
  readonly options: Pick<RedisOptions, 'host' | 'port' | 'username' | 'password' | 'db' | 'tls'>;
}

/**
 * Reads `redis://user:password@host:port/database`, or `rediss://` for TLS; all but the host may be missing.
 *
 * User and password may be percent-encoded, and must be where they contain one of `/?#@:%`.
 *
 * @throws GsyError `ERR_GSY_OPTIONS`; the message quotes nothing of the URL, for a URL that is cut in the wrong place
 * shows its password anywhere.
 */
export const parseRedisUrl = (url: string): RedisAddress => {
  if (!URL.canParse(url)) throw wrong('it is not a URL');
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw wrong('it begins with neither of the two');
  if (hostname === '') throw wrong('it names no host');
  if (search !== '' || hash !== '') throw wrong('it has a ? or a #');
  if (!/^(\/\d*)?$/.test(pathname)) throw wrong('the database after the host is not a number');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    where: `${hostname}:${port || DEFAULT_PORT}`,
    options: {
      host,
      port: Number(port || DEFAULT_PORT),
      username: decoded(username),
      password: decoded(password),
      db: Number(pathname.slice(1)),
      // An address in numbers cannot be asked for by name.
      ...(protocol === 'rediss:' && { tls: isIP(host) === 0 ? { servername: host } : {} }),
    },
  };
};

/**
 * Says in words what went wrong with a Redis, and what to do.
 *
 * The original error is not kept as `cause`, for ioredis puts the arguments of the failed command into it, password
 * included; for the same reason the arguments that Redis quotes are cut off.
 */
export const explainRedisError = (error: unknown, { where, options }: RedisAddress): GsyError => {
  const text = error instanceof Error ? `${'code' in error ? String(error.code) : ''} ${error.message}` : '';
  const known = EXPLANATIONS.find(([pattern]) =>
    pattern.test(`${options.tls ? 'rediss' : 'redis'}: ${text}`),
  );
  return new GsyError(
    'ERR_GSY_TRANSPORT',
    `Redis at ${where}: ${known?.[1] ?? withoutSecrets(text, options.password)}`,
  );
};

const wrong = (why: string): GsyError =>
  new GsyError(
    'ERR_GSY_OPTIONS',
    `The Redis URL has to look like redis://user:password@host:6379/0, or rediss://… for TLS, but ${why}. ` +
      'Special characters in user and password have to be percent-encoded, for instance # as %23 and / as %2F.',
  );

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('a % in it is not followed by two hexadecimal digits');
  }
};

const withoutSecrets = (text: string, password: string | null | undefined): string => {
  const quotesNothing = text.replace(/,? with args.*$/s, '').trim();
  return password ? quotesNothing.replaceAll(password, '***') : quotesNothing;
};

const DEFAULT_PORT = '6379';

/** What the text of an error, after the URL's scheme, means. */
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there; is Redis running, and is the port right?'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host; check its name'],
  [/EHOSTUNREACH|ENETUNREACH/, 'no way leads there from this machine; check the network'],
  [
    /^redis: .*(ECONNRESET|EPIPE|ECLOSED)/s,
    'it closed the connection; is it shutting down, or does it ask for TLS (rediss://)?',
  ],
  [/ECONNRESET|EPIPE|ECLOSED/, 'it closed the connection; is it shutting down?'],
  [/^rediss: .*ESILENT/s, 'no sign of life; is it stopped or cut off, or does it not speak TLS (redis://)?'],
  [/ESILENT/, 'no sign of life; is it stopped or cut off?'],
  [/EPROTO|ERR_SSL/, 'it does not speak TLS; use redis:// instead of rediss://'],
  [
    /CERT|UNABLE_TO|SELF_SIGNED/,
    'its certificate is not trusted; name the authority that signed it in NODE_EXTRA_CA_CERTS, and check the host name',
  ],
  [/WRONGPASS|invalid password/, 'wrong user or password; check those in the URL'],
  [/NOAUTH/, 'it asks for a password; put it into the URL, as in redis://:password@host'],
  [/NOPERM/, 'its access rules forbid this user that command or channel; ask whoever runs it'],
  [/DB index/, 'it has no database of this number; check the number at the end of the URL'],
  [/READONLY/, 'it is a read-only replica; connect to its primary'],
  [/LOADING/, 'it is still loading its data; try again in a moment'],
  [/max number of clients/, 'it has as many clients as it allows; close some, or raise its maxclients'],
  [/RESP type|Please report this/, 'what answers there is not a Redis; check host and port'],
];
