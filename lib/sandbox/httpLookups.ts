import type { FastifyInstance } from 'fastify';
import {
  buildSchema,
  execute,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import type { Area } from './areas.ts';
import { KIND_NAMES } from './events.ts';
import { devicesOf, type Holdings } from './httpHoldings.ts';
import { textIn } from './httpProblem.ts';
import type { DoorRoom } from './httpRoom.ts';
import type { JsonObject } from './json.ts';

/** The registry and the GraphQL queries (exchange protocol, REST requests and GraphQL). */
export const lookupRoutes = (server: FastifyInstance, room: DoorRoom): void => {
  server.get('/external-connection/configurations/:simulation/registry', (request) =>
    registryNode(room.grid.root, room.holdings, room.userOf(request)),
  );
  server.post('/graphql/', async (request, reply) => {
    const user = room.userOf(request);
    const document = documentIn(textIn(request.body, 'query'));
    if (document instanceof GraphQLError) return reply.code(400).send({ errors: [document] });
    return execute({ schema: SCHEMA, document, rootValue: queries(room, user) });
  });
};

const typeOf = (area: Area): string => (area.kind === 'market' ? 'Area' : KIND_NAMES[area.spec.type]);

const registryNode = (area: Area, holdings: Holdings, user: string): JsonObject => {
  const holding = holdings.ofArea.get(area.uuid);
  const aggregator = holdings.aggregators.get(holding?.aggregatorUuid ?? '');
  return {
    name: area.name,
    type: typeOf(area),
    uuid: area.uuid,
    attributes: null,
    registered: area.external ? holding !== undefined && holding.registration !== 'none' : null,
    aggregator_name: aggregator?.user === user ? aggregator.name : null,
    ...(area.kind === 'market' && {
      children: area.children.map((child) => registryNode(child, holdings, user)),
    }),
  };
};

const scenarioNode = (area: Area): JsonObject => ({
  name: area.name,
  uuid: area.uuid,
  type: typeOf(area),
  children: area.kind === 'market' ? area.children.map(scenarioNode) : null,
});

const SCHEMA = buildSchema(`
  scalar JSON
  type Scenario { serialized: String! }
  type ScenarioData { latest: Scenario! forecastStreamAreaMapping: JSON! }
  type SettingsData { spotMarketType: String! }
  type Configuration {
    uuid: String!
    type: String!
    resultsStatus: String!
    scenarioData: ScenarioData!
    settingsData: SettingsData!
  }
  type Configurations { configurations: [Configuration!]! }
  type Device { deviceUuid: String! }
  type Aggregator { configUuid: String! name: String! devicesList: [Device!]! }
  type Query {
    readConfiguration(uuid: String!): Configuration
    aggregatorsList: [Aggregator!]!
    listCanaryNetworks: Configurations!
    listScmCommunities: Configurations!
  }
`);

/** The community is listed as a running canary network, so that it can be found. */
const queries = ({ community, grid, holdings, simulationId }: DoorRoom, user: string) => {
  const isOneSided = community.spotMarketType === 'one-sided-pay-as-offer';
  const configuration = {
    uuid: simulationId,
    type: 'CANARY_NETWORK',
    resultsStatus: 'running',
    scenarioData: {
      latest: () => ({ serialized: JSON.stringify(scenarioNode(grid.root)) }),
      forecastStreamAreaMapping: () =>
        Object.fromEntries(
          grid.assets.filter(({ external }) => external).map(({ uuid, name }) => [uuid, name]),
        ),
    },
    settingsData: { spotMarketType: isOneSided ? 'ONE_SIDED' : 'TWO_SIDED' },
  };
  return {
    readConfiguration: ({ uuid }: { readonly uuid: string }) => {
      if (uuid !== simulationId) throw new GraphQLError('Configuration matching query does not exist.');
      return configuration;
    },
    aggregatorsList: () =>
      [...holdings.aggregators.values()]
        .filter((each) => each.user === user)
        .map((each) => ({
          configUuid: simulationId,
          name: each.name,
          devicesList: devicesOf(holdings, each).map((deviceUuid) => ({ deviceUuid })),
        })),
    listCanaryNetworks: { configurations: [configuration] },
    listScmCommunities: { configurations: [] },
  };
};

/** More than any client's query has, and too few for one that asks the same a thousand times. */
const MAX_TOKENS = 200;

/** The query, or why it is none. */
const documentIn = (query: string): DocumentNode | GraphQLError => {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    const [error] = validate(SCHEMA, document, [...specifiedRules, NoSchemaIntrospectionCustomRule]);
    return error ?? document;
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('The query cannot be read.');
  }
};
