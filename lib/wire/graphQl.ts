import * as E from 'fp-ts/lib/Either.js';
import { flow } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { chosenBy, jsonText, listOf, mapOf, notDeeper, strict } from './combinators.ts';
import { reader, type Reader } from './reader.ts';
import { lineOf } from './report.ts';
import { optional, type JsonObject } from './scalars.ts';

// What the hosted exchange is asked in GraphQL and answers (exchange protocol, GraphQL).

/** A question in GraphQL, and how to read the answer to it. */
export interface GraphQlQuestion<T> {
  readonly query: string;
  readonly read: Reader<T>;
}

const Errors = strict(
  { errors: listOf(strict({ message: t.string }, 'an error with a message')) },
  'GraphQL errors',
);

const within = <P extends string, A, O>(key: P, codec: t.Type<A, O>) =>
  strict({ [key]: codec } as Record<P, t.Type<A, O>>, `an object with ${key}`);

/** Reads the data of an answer, or the messages of its errors, which come beside data of null. */
const answered = <A extends object, O>(data: t.Type<A, O>): Reader<A> => {
  const Data = within('data', data);
  const failed = ({ errors }: JsonObject) => Array.isArray(errors) && errors.length > 0;
  const read = reader(
    chosenBy<typeof Errors | typeof Data>('a GraphQL answer', (answer) => (failed(answer) ? Errors : Data)),
  );
  return flow(
    read,
    E.chain((answer) =>
      'errors' in answer
        ? E.left(lineOf(answer.errors.map(({ message }) => message).join('; ')))
        : E.right(answer.data),
    ),
  );
};

interface ScenarioArea {
  readonly uuid: string;
  readonly name: string;
  readonly children: readonly ScenarioArea[] | undefined;
}

const ScenarioArea: t.Type<ScenarioArea, unknown> = t.recursion('an area', (self) =>
  notDeeper(100, strict({ uuid: t.string, name: t.string, children: optional(listOf(self)) }, 'an area')),
);

const namesOf = ({ uuid, name, children }: ScenarioArea): readonly (readonly [string, string])[] => [
  [uuid, name],
  ...(children ?? []).flatMap(namesOf),
];

const readScenario = answered(
  within(
    'readConfiguration',
    within('scenarioData', within('latest', within('serialized', jsonText(ScenarioArea)))),
  ),
);

/** Asks for all areas of a simulation, parents before children: the name of each by its uuid. */
export const askScenario = (simulationId: string): GraphQlQuestion<ReadonlyMap<string, string>> => ({
  query: `query { readConfiguration(uuid: ${JSON.stringify(simulationId)}) { scenarioData { latest { serialized } } } }`,
  read: flow(
    readScenario,
    E.map(({ readConfiguration }) => new Map(namesOf(readConfiguration.scenarioData.latest.serialized))),
  ),
});

/** An aggregator of a user, and what it holds. */
export interface UserAggregator {
  readonly name: string;
  /** The uuid of the simulation, collaboration or canary network. */
  readonly simulationId: string;
  readonly areaUuids: readonly string[];
}

const WireAggregator = strict(
  {
    configUuid: t.string,
    name: t.string,
    devicesList: optional(listOf(strict({ deviceUuid: t.string }, 'a device'))),
  },
  'an aggregator of a user',
);

/** Asks for the aggregators of the user in all simulations. */
export const askUserAggregators: GraphQlQuestion<readonly UserAggregator[]> = {
  query: 'query { aggregatorsList { configUuid name devicesList { deviceUuid } } }',
  read: flow(
    answered(within('aggregatorsList', listOf(WireAggregator))),
    E.map(({ aggregatorsList }) =>
      aggregatorsList.map(({ configUuid, name, devicesList }) => ({
        name,
        simulationId: configUuid,
        areaUuids: (devicesList ?? []).map(({ deviceUuid }) => deviceUuid),
      })),
    ),
  ),
};

/** A running canary network or energy community that takes live data. */
export interface LiveNetwork {
  /** The simulation's. */
  readonly uuid: string;
  /** Which stream of forecasts feeds which area, as the web interface keeps it; empty where none does. */
  readonly forecastStreamAreaMapping: ReadonlyMap<string, unknown>;
}

const Mapping = mapOf(t.unknown);
const MappingText = jsonText(Mapping);

/** The server may write it as an object or as JSON in a string. */
const AnyMapping = new t.Type<ReadonlyMap<string, unknown>, unknown>(
  'a mapping',
  Mapping.is,
  (u, context) => (typeof u === 'string' ? MappingText : Mapping).validate(u, context),
  Mapping.encode,
);

const Network = strict(
  {
    uuid: t.string,
    resultsStatus: optional(t.string),
    type: optional(t.string),
    scenarioData: optional(strict({ forecastStreamAreaMapping: optional(AnyMapping) })),
    settingsData: optional(strict({ spotMarketType: optional(t.string) })),
  },
  'a network',
);

const askNetworks = (
  list: 'listCanaryNetworks' | 'listScmCommunities',
  marketTypes: readonly string[],
): GraphQlQuestion<readonly LiveNetwork[]> => ({
  query: `query { ${list} { configurations { uuid resultsStatus type scenarioData { forecastStreamAreaMapping } settingsData { spotMarketType } } } }`,
  read: flow(
    answered(within(list, within('configurations', listOf(Network)))),
    E.map((data) =>
      data[list].configurations
        .filter(({ type, resultsStatus }) => type === 'CANARY_NETWORK' && resultsStatus === 'running')
        .filter(({ settingsData }) => marketTypes.includes(settingsData?.spotMarketType ?? ''))
        .map(({ uuid, scenarioData }) => ({
          uuid,
          forecastStreamAreaMapping: scenarioData?.forecastStreamAreaMapping ?? new Map<string, unknown>(),
        })),
    ),
  ),
});

/** Asks for the running canary networks. */
export const askCanaryNetworks = askNetworks('listCanaryNetworks', ['ONE_SIDED', 'TWO_SIDED']);

/** Asks for the running energy communities, whose markets reckon with coefficients. */
export const askScmCommunities = askNetworks('listScmCommunities', ['COEFFICIENTS']);
