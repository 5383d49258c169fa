import { GsyError } from '../errors.ts';
import { AREA_MAP_RESPONSE, slugOf } from '../wire/channels.ts';
import { readScenario, scenarioQuery } from '../wire/hosted.ts';
import type { Request } from '../wire/messages.ts';
import { ask, askFor, type RestServer } from './restAsk.ts';
import { areaFrames } from './restFrames.ts';
import type { Line } from './restLines.ts';

type Registration = Extract<Request, { readonly kind: 'register' | 'unregister' }>;

/** The areas of a simulation, each by itself (exchange protocol, REST requests). */
export interface RestAreas {
  /** Asks for the names and uuids of all areas. */
  map(): Promise<void>;
  /** Registers or unregisters an area; the answer comes over its own websocket, and its events from then on. */
  register(request: Registration): Promise<void>;
}

interface AreaLine {
  readonly line: Line;
  asked: Registration['kind'];
}

/** No area has been asked for yet. */
export const restAreas = ({ session, simulationId, lines, emit }: RestServer): RestAreas => {
  const areaLines = new Map<string, AreaLine>();
  let namesUnderWay: Promise<ReadonlyMap<string, string>> | undefined;

  // Who asks while the answer is under way gets the same.
  const names = () =>
    (namesUnderWay ??= askFor(session, readScenario, 'POST', 'graphql/', {
      query: scenarioQuery(simulationId),
    }).finally(() => (namesUnderWay = undefined)));
  const lineOf = (uuid: string, { kind, channelName }: Registration): AreaLine => {
    const there = areaLines.get(channelName);
    if (there !== undefined) return there;
    const path = `${simulationId}/${encodeURIComponent(uuid)}/`;
    const opened: AreaLine = {
      asked: kind,
      line: lines.open(
        path,
        areaFrames(channelName, () => opened.asked),
      ),
    };
    areaLines.set(channelName, opened);
    return opened;
  };
  return {
    map: async () => {
      const mapping = Object.fromEntries(await names());
      emit({ channel: AREA_MAP_RESPONSE, data: JSON.stringify({ area_mapping: mapping }) });
    },
    register: async (request) => {
      const uuid = uuidOf(request.channelName, await names());
      const area = lineOf(uuid, request);
      await area.line.opened();
      area.asked = request.kind;
      const path = `external-connection/api/${simulationId}/${encodeURIComponent(uuid)}/${request.kind}/`;
      await ask(session, 'POST', path, { transaction_id: request.transactionId });
    },
  };
};

/** The uuid of the one area whose channels begin so: a uuid, an asset's name or a market's slug. */
const uuidOf = (channelName: string, names: ReadonlyMap<string, string>): string => {
  if (names.has(channelName)) return channelName;
  const uuidsOf = (isMeant: (name: string) => boolean) =>
    [...names].filter(([, name]) => isMeant(name)).map(([uuid]) => uuid);
  const named = uuidsOf((name) => name === channelName);
  const [uuid, ...others] = named.length > 0 ? named : uuidsOf((name) => slugOf(name) === channelName);
  if (uuid === undefined)
    throw new GsyError('ERR_GSY_UNKNOWN_AREA', `There is no area named ${channelName} in the simulation.`);
  if (others.length > 0)
    throw new GsyError(
      'ERR_GSY_AMBIGUOUS_NAME',
      `Several areas are named ${channelName}; name the one you mean by its uuid: ${[uuid, ...others].join(', ')}`,
    );
  return uuid;
};
