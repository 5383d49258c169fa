import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { SchedulerLike } from 'rxjs';
import { GsyError } from '../errors.ts';
import { problem } from './httpProblem.ts';

/** Who may log in: passwords by user name. They are hashed at once, and not kept. */
export type Users = Readonly<Record<string, string>>;

/** The shortest password of a door that other machines can reach. */
const LEAST_LENGTH = 12;

/** How many failed logins there may be in a minute: from one address, and from all. */
const FAILURES_PER_MINUTE = { ofOne: 20, ofAll: 200 };

/**
 * Checks a user's password, for a request from an address.
 *
 * Rejects with a problem: 401 when name or password is wrong, 429 after too many failures in a minute. A login under
 * way counts as a failure until it has succeeded, so many at once are no way around.
 */
export type Login = (username: string, password: string, address: string) => Promise<void>;

/**
 * The login of these users at a door that is bound to this host.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when there is no user, a password is empty or, on a host that other machines can
 * reach, short.
 */
export const openLogin = (users: Users, host: string, scheduler: SchedulerLike): Login => {
  const keys = new Map(
    Object.entries(users).map(([name, password]) => [name, keyOf(name, password, isLoopback(host))]),
  );
  if (keys.size === 0) throw new GsyError('ERR_GSY_OPTIONS', 'name at least one user who may log in');
  const nobody = keyOf('nobody', randomBytes(16).toString('hex'), false);
  const failures = failureCount(scheduler);
  return async (username, password, address) => {
    const forgive = failures.count(address);
    // A name that nobody has takes as long as one that somebody has.
    const key = keys.get(username);
    const right = await isPassword(password, key ?? nobody);
    if (key === undefined || !right) throw problem(401, 'Unable to log in with provided credentials.');
    forgive();
  };
};

interface Key {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const HASH_BYTES = 32;

const keyOf = (name: string, password: string, local: boolean): Key => {
  if (password.length < (local ? 1 : LEAST_LENGTH)) {
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `give user ${name} a password${local ? '' : ` of at least ${LEAST_LENGTH} characters, for other machines can reach the door`}`,
    );
  }
  const salt = randomBytes(16);
  return { salt, hash: scryptSync(password, salt, HASH_BYTES) };
};

const isPassword = (password: string, { salt, hash }: Key): Promise<boolean> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, (error, given) => {
      if (error === null) resolve(timingSafeEqual(given, hash));
      else reject(error);
    });
  });

/** Whether only this machine can reach what is bound to this host. */
export const isLoopback = (host: string): boolean =>
  ['localhost', '::1', '[::1]'].includes(host) || (isIPv4(host) && host.startsWith('127.'));

const MINUTE_MS = 60_000;

/** Failures of the last minute; it never remembers more than are allowed of all. */
const failureCount = (scheduler: SchedulerLike) => {
  let recent: readonly { readonly address: string; readonly atMs: number }[] = [];
  return {
    /** Counts one, and says how to take it back. */
    count: (address: string): (() => void) => {
      const now = scheduler.now();
      recent = recent.filter(({ atMs }) => atMs > now - MINUTE_MS);
      const ofOne = recent.filter((each) => each.address === address).length;
      if (recent.length >= FAILURES_PER_MINUTE.ofAll || ofOne >= FAILURES_PER_MINUTE.ofOne)
        throw problem(429, 'Too many failed logins; wait a minute.');
      const attempt = { address, atMs: now };
      recent = [...recent, attempt];
      return () => {
        recent = recent.filter((each) => each !== attempt);
      };
    },
  };
};
