import { GsyError } from '../errors.ts';
import type { HostedAddress } from './restAddress.ts';
import { statusOf, successOf, type RestAnswer } from './restAnswer.ts';
import { meaningOf } from './restTrouble.ts';

/**
 * Why a login gave no token: `ERR_GSY_LOGIN` when the server refused it, which it will do again; `ERR_GSY_TRANSPORT` when
 * it was in trouble, or not there. Nothing of the answer is told, for the password may stand in it.
 */
export const loginTrouble = ({ domainName, username }: HostedAddress, answer: RestAnswer): GsyError => {
  const trouble = (code: 'ERR_GSY_LOGIN' | 'ERR_GSY_TRANSPORT', reason: string) =>
    new GsyError(code, `Cannot log in at ${domainName} as ${username}: ${reason}`, statusOf(answer));
  if (answer.kind === 'unanswered') return trouble('ERR_GSY_TRANSPORT', answer.reason);
  if (successOf(answer) !== undefined)
    return trouble('ERR_GSY_TRANSPORT', 'the server gave no token; is this the right domain?');
  const { status } = answer;
  if (REFUSALS.includes(status))
    return trouble(
      'ERR_GSY_LOGIN',
      `the server refused it with status ${status}; check the username and the password.`,
    );
  // Where an exchange is, there is a login.
  const meaning = status === 404 ? undefined : meaningOf(status);
  return trouble(
    'ERR_GSY_TRANSPORT',
    `the server answered with status ${status}: ${meaning ?? 'is this the right domain?'}`,
  );
};

const REFUSALS = [400, 401, 403];
