import { catchError, map, of, throwError, type Observable } from 'rxjs';
import { parse as bytesOfUuid, v5 as uuidV5 } from 'uuid';
import { GsyError } from './errors.ts';
import type { LinkMessage } from './events.ts';
import { ask, type Link } from './link.ts';
import type { RegistrationReply } from './wire/messages.ts';

/** What became of a registration. */
export type Registered =
  | { readonly status: 'registered'; readonly areaUuid: string }
  /** The exchange heard it and said nothing, as it does for an area that is registered already. */
  | { readonly status: 'silent' };

/**
 * Registers an area by name, without an aggregator: its events come from the next market slot on, and the exchange no
 * longer trades for it.
 *
 * Errors with a `GsyError`: `ERR_GSY_UNKNOWN_AREA` at once when nobody listens for it. Exchange protocol, register by
 * name.
 *
 * @param channelName an asset's name verbatim, or a market's slug
 */
export const register = (link: Link, channelName: string): Observable<Registered> =>
  askForRegistration(link, 'register', channelName).pipe(
    map(({ areaUuid }): Registered =>
      areaUuid === undefined ? { status: 'silent' } : { status: 'registered', areaUuid },
    ),
    catchError((error: unknown) =>
      isSilence(error) ? of<Registered>({ status: 'silent' }) : throwError(() => error),
    ),
  );

/** What an unregistration found. It takes effect with the next market slot; then the area is not registered. */
export type Unregistered = 'unregistered' | 'not-registered';

/**
 * Unregisters an area: from the next market slot on the exchange trades for it again, and it is taken away from its
 * aggregator too.
 *
 * Errors with a `GsyError`: `ERR_GSY_UNKNOWN_AREA` at once when nobody listens for it, `ERR_GSY_NO_EXCHANGE` on
 * silence. Exchange protocol, unregister.
 */
export const unregister = (link: Link, channelName: string): Observable<Unregistered> =>
  askForRegistration(link, 'unregister', channelName).pipe(
    map(({ status }) => (status === 'error' ? 'not-registered' : 'unregistered')),
  );

const askForRegistration = (
  link: Link,
  kind: 'register' | 'unregister',
  channelName: string,
): Observable<RegistrationReply> => {
  const transactionId = uuidV5(`${kind} ${channelName} ${link.scheduler.now()}`, NAMESPACE);
  return ask(link, {
    request: { kind, channelName, transactionId },
    // An error bears no transaction, and there is none other than that the area was not registered.
    isAnswer: (message: LinkMessage): message is RegistrationReply =>
      message.kind === 'registration-reply' &&
      message.channelName === channelName &&
      (message.transactionId === transactionId || (kind === 'unregister' && message.status === 'error')),
    ...(kind === 'register' && { transactionId }),
    patienceMs: 10_000,
    silence: `the exchange did not answer the request to ${kind} ${channelName} within 10 s`,
    nobody: {
      code: 'ERR_GSY_UNKNOWN_AREA',
      message: `nobody answers to ${channelName}: there is no such area, it is not open to external control, or no exchange is running`,
    },
  });
};

const isSilence = (error: unknown): boolean =>
  error instanceof GsyError && error.code === 'ERR_GSY_NO_EXCHANGE';

/** The namespace under which the transaction ids of registrations are derived. */
const NAMESPACE = bytesOfUuid('9b0a2b43-7a6c-4d5e-8c35-0d2f4b7e6a11');
