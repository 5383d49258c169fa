import { catchError, map, type Observable } from 'rxjs';
import type { HostedSession } from './transport/hostedSession.ts';
import { unknownSimulation } from './transport/restAsk.ts';
import { segment } from './transport/restPath.ts';
import {
  askCanaryNetworks,
  askScenario,
  askScmCommunities,
  askUserAggregators,
  type LiveNetwork,
  type UserAggregator,
} from './wire/graphQl.ts';
import { readAggregators, readRegistry, type SimulationAggregator } from './wire/hosted.ts';
import type { AreaMap } from './wire/messages.ts';
import type { RegisteredArea } from './wire/registry.ts';

// Who is there on a hosted exchange (exchange protocol, REST requests and GraphQL). Each question is sent when it is
// asked, once, and its Observable replays the answer; what goes wrong is a `GsyError` `ERR_GSY_TRANSPORT` that tells
// the request and what the server says, or `ERR_GSY_UNKNOWN_SIMULATION`.

/**
 * Asks for the names and uuids of all areas of a simulation; `findArea` finds one in them. One download answers for
 * all names, and areas that share a name are all there.
 *
 * @example
 * simulationAreas(session, simulationId).pipe(map((areas) => findArea(areas, 'PV 1').uuid))
 */
export const simulationAreas = (session: HostedSession, simulationId: string): Observable<AreaMap> =>
  session
    .query(askScenario(simulationId))
    .pipe(map((nameByUuid): AreaMap => ({ kind: 'area-map', nameByUuid })));

/** Asks for the aggregators of a simulation. */
export const simulationAggregators = (
  session: HostedSession,
  simulationId: string,
): Observable<readonly SimulationAggregator[]> =>
  session
    .get(`external-connection/aggregator-api/${segment(simulationId)}/list-aggregators/`, readAggregators)
    .pipe(catchError(unknownSimulation(simulationId)));

/** Asks for the user's aggregators in all simulations, each with the uuids of the areas that it holds. */
export const userAggregators = (session: HostedSession): Observable<readonly UserAggregator[]> =>
  session.query(askUserAggregators);

/** Asks for the areas of a simulation, what is registered of them, and by which aggregators they are held. */
export const simulationRegistry = (
  session: HostedSession,
  simulationId: string,
): Observable<RegisteredArea> =>
  session
    .get(`external-connection/configurations/${segment(simulationId)}/registry`, readRegistry)
    .pipe(catchError(unknownSimulation(simulationId)));

/**
 * The registered areas of a registry, the server's or a config file's, by their types as the server names them: `Area`
 * for markets, `Load`, `PV`, `Storage`, `SmartMeter` and whatever else it has.
 */
export const registeredAreas = (registry: RegisteredArea): ReadonlyMap<string, readonly RegisteredArea[]> => {
  const byType = new Map<string, RegisteredArea[]>();
  const visit = (area: RegisteredArea) => {
    if (area.registered === true) {
      const others = byType.get(area.type);
      if (others === undefined) byType.set(area.type, [area]);
      else others.push(area);
    }
    area.children.forEach(visit);
  };
  visit(registry);
  return byType;
};

/** Asks for the running canary networks, whose areas take live data. */
export const canaryNetworks = (session: HostedSession): Observable<readonly LiveNetwork[]> =>
  session.query(askCanaryNetworks);

/** Asks for the running energy communities (self-consumption markets with coefficients). */
export const scmCommunities = (session: HostedSession): Observable<readonly LiveNetwork[]> =>
  session.query(askScmCommunities);
