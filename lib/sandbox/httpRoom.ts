import type { FastifyRequest } from 'fastify';
import type { SchedulerLike } from 'rxjs';
import { channelsOf } from '../wire/channels.ts';
import type { Area, Grid } from './areas.ts';
import { buildGrid } from './buildGrid.ts';
import type { Community } from './community.ts';
import type { ExchangeBus } from './exchangeBus.ts';
import { HOSTED_RESPONSES } from './hostedCommands.ts';
import { openHoldings, type Holdings } from './httpHoldings.ts';
import { openTraffic, type DoorLimits, type Traffic } from './httpLimits.ts';
import { openLine, type Line } from './httpLine.ts';
import type { Tokens } from './httpTokens.ts';

/** What all that is behind the HTTP door shares. */
export interface DoorRoom {
  readonly simulationId: string;
  readonly community: Community;
  /** Names, uuids and kinds; what happens in the grid happens in the exchange. */
  readonly grid: Grid;
  readonly line: Line;
  readonly holdings: Holdings;
  readonly limits: DoorLimits;
  readonly traffic: Traffic;
  /** Who asks; throws a problem 401. */
  userOf(request: Pick<FastifyRequest, 'headers'>): string;
  /** The areas whose channels begin with this name; the first of them answers to it. */
  readonly named: (channelName: string) => readonly Area[];
}

/** Where the door itself answers the clients of an area. */
export const answersOf = (areaUuid: string): string => `door/${areaUuid}`;

/** The exchange behind a door. */
export interface ExchangeDescription {
  /** The bus of the exchange. */
  readonly bus: ExchangeBus;
  /** The exchange's community, for the names and uuids of its areas. */
  readonly community: Community;
  /** The uuid under which clients know the simulation. */
  readonly simulationId: string;
}

/** The room behind a door, with its line to the exchange open. */
export const openRoom = (
  { bus, community, simulationId }: ExchangeDescription,
  limits: DoorLimits,
  tokens: Tokens,
  scheduler: SchedulerLike,
): DoorRoom => {
  const grid = buildGrid(community);
  const external = [...grid.byUuid.values()].filter((area) => area.external);
  const byName = new Map<string, Area[]>();
  const byChannel = new Map<string, readonly Area[]>();
  for (const area of external) {
    const namesakes = byName.get(area.channelName) ?? [];
    namesakes.push(area);
    byName.set(area.channelName, namesakes);
    for (const channel of channelsOfArea(area)) byChannel.set(channel, namesakes);
  }
  const line = openLine(bus, scheduler);
  const holdings = openHoldings(grid);
  line.said$.subscribe((said) => holdings.learn(said, byChannel.get(said.channel)?.[0]));
  line.hear([HOSTED_RESPONSES, ...byChannel.keys()]);
  return {
    simulationId,
    community,
    grid,
    line,
    holdings,
    limits,
    traffic: openTraffic(limits, scheduler),
    userOf: ({ headers }) => tokens.userOf(headers.authorization),
    named: (name) => byName.get(name) ?? [],
  };
};

/** Where the exchange speaks to an area's client: by name, so areas of one name share it. */
export const channelsOfArea = (area: Area): readonly string[] =>
  channelsOf({ kind: 'register', channelName: area.channelName, transactionId: '' });
