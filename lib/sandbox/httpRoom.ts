import type { FastifyRequest } from 'fastify';
import type { SchedulerLike } from 'rxjs';
import { channelsOf } from '../wire/channels.ts';
import { buildGrid, type Area, type Grid } from './areas.ts';
import type { Community } from './community.ts';
import type { ExchangeBus } from './exchangeBus.ts';
import { openHoldings, type Holdings } from './httpHoldings.ts';
import { openLine, type Line } from './httpLine.ts';
import { openMarketCalls, type MarketCalls } from './httpMarketCalls.ts';
import type { Tokens } from './httpTokens.ts';
import { channelName } from './registration.ts';

/** What all that is behind the HTTP door shares. */
export interface DoorRoom {
  readonly simulationId: string;
  /** Names, uuids and kinds; what happens in the grid happens in the exchange. */
  readonly grid: Grid;
  readonly line: Line;
  readonly holdings: Holdings;
  readonly marketCalls: MarketCalls;
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
  tokens: Tokens,
  scheduler: SchedulerLike,
): DoorRoom => {
  const grid = buildGrid(community);
  const external = [...grid.byUuid.values()].filter((area) => area.external);
  const byName = new Map<string, Area[]>();
  const byChannel = new Map<string, readonly Area[]>();
  for (const area of external) {
    const namesakes = byName.get(channelName(area)) ?? [];
    namesakes.push(area);
    byName.set(channelName(area), namesakes);
    for (const channel of channelsOfArea(area)) byChannel.set(channel, namesakes);
  }
  const line = openLine(bus, scheduler);
  const holdings = openHoldings(grid);
  line.said$.subscribe((said) => holdings.learn(said, byChannel.get(said.channel)?.[0]));
  line.hear([...byChannel.keys()]);
  return {
    ...{ simulationId, grid, line, holdings },
    marketCalls: openMarketCalls(line),
    userOf: ({ headers }) => tokens.userOf(headers.authorization),
    named: (name) => byName.get(name) ?? [],
  };
};

/** Where the exchange speaks to an area's client: by name, so areas of one name share it. */
export const channelsOfArea = (area: Area): readonly string[] => {
  const request = { channelName: channelName(area), transactionId: '' };
  return (['register', 'unregister'] as const).flatMap((kind) => channelsOf({ kind, ...request }));
};
