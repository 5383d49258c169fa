import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SchedulerLike } from 'rxjs';
import { isObject, parseJson } from './json.ts';
import { problem } from './httpProblem.ts';

/** Tokens that say who somebody is: JSON web tokens, signed with a key that lives as long as the door. */
export interface Tokens {
  issue(username: string): string;
  /**
   * The user whom an `Authorization: JWT …` header names.
   *
   * @throws a problem 401 when it is missing, forged or expired.
   */
  userOf(authorization: string | undefined): string;
}

/** How long a token is good, s: 48 h (exchange protocol, login). */
const LIFETIME_S = 48 * 3600;

/** Tokens under a new key; the scheduler says when they have expired. */
export const openTokens = (scheduler: SchedulerLike): Tokens => {
  const key = randomBytes(32);
  const signature = (content: string): Buffer => createHmac('sha256', key).update(content).digest();
  const nowS = (): number => Math.floor(scheduler.now() / 1000);
  return {
    issue: (username) => {
      const content = `${HEADER}.${encoded({ username, iat: nowS(), exp: nowS() + LIFETIME_S })}`;
      return `${content}.${signature(content).toString('base64url')}`;
    },
    userOf: (authorization) => {
      const [, header, claims, signed] = TOKEN.exec(authorization ?? '') ?? [];
      if (header === undefined || claims === undefined || signed === undefined) throw unknownUser();
      const expected = signature(`${header}.${claims}`);
      const given = Buffer.from(signed, 'base64url');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw unknownUser();
      const content = parseJson(Buffer.from(claims, 'base64url'));
      if (!isObject(content) || typeof content.username !== 'string') throw unknownUser();
      if (typeof content.exp !== 'number' || content.exp <= nowS())
        throw problem(401, 'Signature has expired.');
      return content.username;
    },
  };
};

const TOKEN = /^JWT ([\w-]+)\.([\w-]+)\.([\w-]+)$/;

const unknownUser = (): Error => problem(401, 'Authentication credentials were not provided or are wrong.');

const encoded = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');

const HEADER = encoded({ alg: 'HS256', typ: 'JWT' });
