import * as E from 'fp-ts/lib/Either.js';
import { flow } from 'fp-ts/lib/function.js';
import * as J from 'fp-ts/lib/Json.js';
import * as t from 'io-ts';
import { jsonText, listOf, strict } from './combinators.ts';
import { present } from './present.ts';
import { reader, type Reader } from './reader.ts';
import { toRegisteredArea, WireRegisteredArea, type RegisteredArea } from './registry.ts';
import { Finite, JsonObject, optional } from './scalars.ts';

// What the hosted exchange answers over HTTP, and what stands around its messages on a websocket (exchange protocol,
// REST and WebSocket).

const Login = jsonText(strict({ access: optional(t.string), token: optional(t.string) }, 'a login'));

/**
 * The token out of the answer to a login; nothing of an answer without one is told, it may hold a secret. What cannot
 * stand in a header, where it could become another one, is none.
 */
export const readToken = (text: string): string | undefined => {
  const login = Login.decode(text);
  const token = E.isRight(login) ? (login.right.access ?? login.right.token) : undefined;
  return token !== undefined && /^[ -~]+$/.test(token) ? token : undefined;
};

const TokenClaims = jsonText(strict({ exp: Finite, iat: optional(Finite) }, 'the claims of a token'));

/** When a token ends and when it was issued, in seconds since 1970; undefined where it does not tell. */
export const readTokenTimes = (
  token: string,
): { readonly endsS: number; readonly issuedS?: number } | undefined => {
  const claims = TokenClaims.decode(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return E.isRight(claims) ? present({ endsS: claims.right.exp, issuedS: claims.right.iat }) : undefined;
};

const NamedAggregator = strict({ uuid: t.string, name: t.string }, 'an aggregator');

/** An aggregator of a simulation. */
export type SimulationAggregator = t.TypeOf<typeof NamedAggregator>;

/** The aggregators of a simulation, as far as the user may know of them. */
export const readAggregators = reader(listOf(NamedAggregator));

/** The uuid that the server gave to a new aggregator. */
export const readCreatedAggregator = reader(strict({ uuid: t.string }, 'a new aggregator'));

/** The aggregator that an area belongs to after it was selected, where the server tells. */
export const readSelection = reader(strict({ aggregator_uuid: optional(t.string) }, 'a selection'));

/** The areas of a simulation, with what is registered of them. */
export const readRegistry: Reader<RegisteredArea> = flow(reader(WireRegisteredArea), E.map(toRegisteredArea));

/** What a message on a websocket is: an event if it names one, else a reply if it names a command. */
export interface SocketMessage {
  readonly event?: string;
  readonly command?: string;
  readonly areaUuid?: string;
  readonly transactionId?: string;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What a message on a websocket is, without a look at its content; undefined when it is no JSON object. */
export const readSocketMessage = (data: string): SocketMessage | undefined => {
  const content = J.parse(data);
  if (E.isLeft(content) || !JsonObject.is(content.right)) return undefined;
  const { event, command, device_uuid, transaction_id } = content.right;
  return present({
    event: text(event),
    command: text(command),
    areaUuid: text(device_uuid),
    transactionId: text(transaction_id),
  });
};
