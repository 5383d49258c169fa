import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as J from 'fp-ts/lib/Json.js';
import * as t from 'io-ts';
import { jsonText, listOf, notDeeper, strict } from './combinators.ts';
import { present } from './present.ts';
import { errorsLine } from './report.ts';
import { Finite, JsonObject, optional } from './scalars.ts';

// What the hosted exchange answers over HTTP, and what stands around its messages on a websocket (exchange protocol,
// REST and WebSocket).

/** Reads a text: what it says, or what is wrong with it in one line. */
export type Reader<T> = (text: string) => E.Either<string, T>;

const reader = <A, O>(codec: t.Type<A, O>): Reader<A> => {
  const content = jsonText(codec);
  return (text) => E.mapLeft(errorsLine)(content.decode(text));
};

const Login = jsonText(strict({ access: optional(t.string), token: optional(t.string) }, 'a login'));

/** The token out of the answer to a login; nothing of an answer without one is told, it may hold a secret. */
export const readToken = (text: string): string | undefined => {
  const login = Login.decode(text);
  return E.isRight(login) ? (login.right.access ?? login.right.token) : undefined;
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

/** The aggregators of this user in a simulation. */
export const readAggregators = reader(listOf(NamedAggregator));

/** The uuid that the server gave to a new aggregator. */
export const readCreatedAggregator = reader(strict({ uuid: t.string }, 'a new aggregator'));

/** The aggregator that an area belongs to after it was selected, where the server tells. */
export const readSelection = reader(strict({ aggregator_uuid: optional(t.string) }, 'a selection'));

interface ScenarioArea {
  readonly uuid: string;
  readonly name: string;
  readonly children: readonly ScenarioArea[] | undefined;
}

const ScenarioArea: t.Type<ScenarioArea, unknown> = t.recursion('an area', (self) =>
  notDeeper(100, strict({ uuid: t.string, name: t.string, children: optional(listOf(self)) }, 'an area')),
);

const within = <P extends string, A, O>(key: P, codec: t.Type<A, O>) =>
  strict({ [key]: codec } as Record<P, t.Type<A, O>>, `an object with ${key}`);

const GraphQlErrors = reader(
  strict({ errors: optional(listOf(strict({ message: t.string }, 'an error'))) }, 'a GraphQL answer'),
);

const Scenario = reader(
  within(
    'data',
    within(
      'readConfiguration',
      within('scenarioData', within('latest', within('serialized', jsonText(ScenarioArea)))),
    ),
  ),
);

const namesOf = ({ uuid, name, children = [] }: ScenarioArea): readonly (readonly [string, string])[] => [
  [uuid, name],
  ...children.flatMap(namesOf),
];

/** All areas of a simulation's scenario, parents before children: the name of each by its uuid. */
export const readScenario: Reader<ReadonlyMap<string, string>> = (text) =>
  pipe(
    GraphQlErrors(text),
    E.chain(({ errors }) => {
      const [error] = errors ?? [];
      return error === undefined ? Scenario(text) : E.left(error.message);
    }),
    E.map(({ data }) => new Map(namesOf(data.readConfiguration.scenarioData.latest.serialized))),
  );

/** The question that `readScenario` reads the answer to. */
export const scenarioQuery = (simulationId: string): string =>
  `query { readConfiguration(uuid: ${JSON.stringify(simulationId)}) { scenarioData { latest { serialized } } } }`;

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
