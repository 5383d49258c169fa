import Table from 'cli-table3';
import { map, mergeMap, of, zip, type Observable } from 'rxjs';
import { hostedAsset } from '../hostedCalls.ts';
import {
  canaryNetworks,
  scmCommunities,
  simulationAggregators,
  simulationAreas,
  simulationRegistry,
  userAggregators,
} from '../lookups.ts';
import { findArea } from '../registry.ts';
import type { HostedSession } from '../transport/hostedSession.ts';
import type { RegisteredArea } from '../wire/registry.ts';
import { printable, printableJson } from '../wire/report.ts';
import { simulationOf, type HostedFlags } from './hosted.ts';
import type { Log } from './log.ts';
import { askHosted } from './session.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** The options of the commands that look something up. */
export interface LookupFlags extends HostedFlags {
  readonly json?: true;
}

/** Shows the aggregators of a simulation, or those of the user in all simulations. */
export const aggregatorsCommand = async (
  flags: LookupFlags,
  terminal: Terminal,
  log: Log,
): Promise<number> => {
  const aggregators = await askHosted(flags, terminal, log, (session, { simulationId }) =>
    simulationId === undefined ? userAggregators(session) : aggregatorsOf(session, simulationId),
  );
  const areas = ({ areaUuids }: ShownAggregator) => areaUuids?.join('\n') ?? 'not told';
  return show(flags, terminal, aggregators, () =>
    table(
      ['aggregator', 'simulation', 'areas'],
      aggregators.map((each) => [each.name, each.simulationId, areas(each)]),
    ),
  );
};

interface ShownAggregator {
  readonly name: string;
  readonly simulationId: string;
  /** Undefined for those of other users. */
  readonly areaUuids?: readonly string[];
}

const aggregatorsOf = (
  session: HostedSession,
  simulationId: string,
): Observable<readonly ShownAggregator[]> =>
  zip(simulationAggregators(session, simulationId), userAggregators(session)).pipe(
    map(([all, users]) => {
      const own = users.filter((each) => each.simulationId === simulationId);
      return all.map(({ name, uuid }) => ({
        ...own.find((each) => each.name === name),
        name,
        uuid,
        simulationId,
      }));
    }),
  );

/** Shows the areas of a simulation: which are registered, and which aggregator holds them. */
export const registryCommand = async (flags: LookupFlags, terminal: Terminal, log: Log): Promise<number> => {
  const registry = await askHosted(flags, terminal, log, (session, access) =>
    simulationRegistry(session, simulationOf(access)),
  );
  return show(flags, terminal, registry, () =>
    table(['area', 'type', 'registered', 'aggregator', 'uuid'], rowsOf(registry, 0)),
  );
};

const rowsOf = (
  { name, type, registered, aggregatorName, uuid, children }: RegisteredArea,
  depth: number,
): readonly (readonly string[])[] => [
  [
    `${'  '.repeat(depth)}${name}`,
    type,
    registered === undefined ? '' : registered ? 'yes' : 'no',
    aggregatorName ?? '',
    uuid,
  ],
  ...children.flatMap((child) => rowsOf(child, depth + 1)),
];

/** Shows the running canary networks and energy communities, and how many of their areas take live data. */
export const networksCommand = async (flags: LookupFlags, terminal: Terminal, log: Log): Promise<number> => {
  const networks = await askHosted(flags, terminal, log, (session) =>
    zip(canaryNetworks(session), scmCommunities(session)).pipe(
      map(([canary, scm]) => [
        ...canary.map((network) => ({ kind: 'canary network', ...network })),
        ...scm.map((network) => ({ kind: 'energy community', ...network })),
      ]),
    ),
  );
  const plain = networks.map(({ kind, uuid, forecastStreamAreaMapping }) => ({
    kind,
    uuid,
    forecastStreamAreaMapping: Object.fromEntries(forecastStreamAreaMapping),
  }));
  return show(flags, terminal, plain, () =>
    table(
      ['kind', 'simulation', 'areas with live data'],
      networks.map((each) => [each.kind, each.uuid, String(each.forecastStreamAreaMapping.size)]),
    ),
  );
};

/** Tells what an asset will consume or produce in the next slot. */
export const forecastCommand = async (
  asset: string,
  energyWh: number,
  flags: HostedFlags,
  terminal: Terminal,
  log: Log,
): Promise<number> => {
  const { name, simulationId } = await askHosted(flags, terminal, log, (session, access) => {
    const simulationId = simulationOf(access);
    return simulationAreas(session, simulationId).pipe(
      map((areas) => findArea(areas, asset)),
      mergeMap(({ uuid, name }) =>
        hostedAsset(session, { simulationId, areaUuid: uuid })
          .forecastNextSlot(energyWh)
          .pipe(mergeMap(() => of({ name, simulationId }))),
      ),
    );
  });
  terminal.out.write(`${energyWh} Wh told for ${printable(name)} in the next slot of ${simulationId}\n`);
  return EXIT.ok;
};

const show = ({ json }: LookupFlags, { out }: Terminal, value: unknown, text: () => string): number => {
  const shown = json === true ? printableJson(JSON.stringify(value, undefined, 2)) : printable(text());
  out.write(`${shown}\n`);
  return EXIT.ok;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  if (rows.length === 0) return 'none';
  const shown = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) shown.push([...row]);
  return shown.toString();
};
