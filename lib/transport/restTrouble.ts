import { messageOf } from '../errors.ts';
import { lineOf } from '../wire/report.ts';

/** What went wrong below HTTP, and what to do about it: one line. */
export const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(code)) ?? [];
  const line = lineOf(messageOf(error)).trim();
  return advice === undefined ? line : `${line}: ${advice}`;
};

// By the codes of Node and OpenSSL.
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^ENOTFOUND$/, 'there is no such host; check the domain name'],
  [/^EAI_AGAIN$/, 'the name cannot be looked up just now; check the network'],
  [/^ECONNREFUSED$/, 'nothing listens there; check the domain name and port'],
  [/^E(HOST|NET)(UNREACH|DOWN)$/, 'there is no way there; check the network'],
  [/^ETIMEDOUT$/, 'the server or the way to it is too slow; try again later'],
  [/^CERT_HAS_EXPIRED$/, 'whoever runs the server has to renew it'],
  [/^CERT_NOT_YET_VALID$/, 'check the clock of this machine'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'the certificate is that of another host; check the domain name'],
  [
    /SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY|GET)_/,
    'no authority known here vouches for the certificate; if you trust it, name the certificate of its authority in NODE_EXTRA_CA_CERTS',
  ],
  [/^EPROTO$|^ERR_SSL_/, 'it does not speak TLS there, or not the same; check scheme and port'],
  [/^HPE_/, 'what answers is no web server; check the domain name and port'],
];

/** What an answer of this status means for whoever asked, and what to do about it. */
export const meaningOf = (status: number): string | undefined => {
  if (status >= 500) return 'the server is in trouble; try again later';
  if (status >= 300 && status < 400) return 'it is somewhere else; check the domain name';
  return MEANINGS.get(status);
};

const MEANINGS = new Map([
  [401, 'it takes not even a new token'],
  [403, 'this user may not do that'],
  [404, 'it knows no such thing; check the simulation id and the domain name'],
  [413, 'it was too much at once'],
  [429, 'the server asks for fewer requests'],
]);
