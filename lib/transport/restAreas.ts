import { GsyError } from '../errors.ts';
import { AREA_MAP_RESPONSE, slugOf } from '../wire/channels.ts';
import { askScenario } from '../wire/graphQl.ts';
import { encodeMarketCall, verbOf, type MarketVerb } from '../wire/marketCalls.ts';
import type { MarketCall, Request } from '../wire/messages.ts';
import { ask, askFor, type RestServer } from './restAsk.ts';
import { areaFrames } from './restFrames.ts';
import type { Line } from './restLines.ts';
import { segment } from './restPath.ts';

type Registration = Extract<Request, { readonly kind: 'register' | 'unregister' }>;
/** A request to one area; its answer comes over the area's own websocket. */
type AreaRequest = Registration | MarketCall;
type Names = ReadonlyMap<string, string>;

/** The areas of a simulation, each by itself (exchange protocol, REST requests). */
export interface RestAreas {
  /** Asks for the names and uuids of all areas. */
  map(): Promise<void>;
  /** Registers or unregisters an area, whose events come from then on, or asks a market. */
  ask(request: AreaRequest): Promise<void>;
}

interface AreaLine {
  readonly line: Line;
  asked: Registration['kind'] | MarketVerb;
}

/** No area has been asked for yet. */
export const restAreas = ({ session, simulationId, lines, emit }: RestServer): RestAreas => {
  const areaLines = new Map<string, AreaLine>();
  const { query, read } = askScenario(simulationId);
  let known: Names = new Map();
  let namesUnderWay: Promise<Names> | undefined;

  const download = async (): Promise<Names> =>
    (known = await askFor(session, read, 'POST', 'graphql/', { query }));
  // Who asks while the answer is under way gets the same.
  const names = () => (namesUnderWay ??= download().finally(() => (namesUnderWay = undefined)));
  const uuidOf = async (channelName: string): Promise<string> => {
    const uuids = uuidsOf(channelName, known);
    return theOne(channelName, uuids.length > 0 ? uuids : uuidsOf(channelName, await names()));
  };
  const lineOf = (uuid: string, channelName: string, asked: AreaLine['asked']): AreaLine => {
    const there = areaLines.get(channelName);
    if (there !== undefined) return there;
    const path = `${simulationId}/${segment(uuid)}/`;
    const opened: AreaLine = {
      asked,
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
    ask: async (request) => {
      const { asked, method, path, body } = postedAs(request);
      const uuid = await uuidOf(request.channelName);
      const area = lineOf(uuid, request.channelName, asked);
      await area.line.opened();
      area.asked = asked;
      const address = `external-connection/api/${simulationId}/${segment(uuid)}/${path}`;
      await ask(session, method, address, body);
    },
  };
};

const postedAs = (request: AreaRequest) => {
  switch (request.kind) {
    case 'register':
    case 'unregister': {
      const { kind, transactionId } = request;
      return {
        asked: kind,
        method: 'POST',
        path: `${kind}/`,
        body: { transaction_id: transactionId },
      } as const;
    }
    case 'grid-fees':
    case 'dso-market-stats': {
      const how =
        request.kind === 'grid-fees'
          ? ({ method: 'POST', path: 'grid-fee/' } as const)
          : ({ method: 'GET', path: 'dso-market-stats' } as const);
      return { asked: verbOf(request), ...how, body: encodeMarketCall(request) };
    }
  }
};

/** The uuids of the areas whose channels begin so: a uuid, an asset's name or a market's slug. */
const uuidsOf = (channelName: string, names: Names): readonly string[] => {
  if (names.has(channelName)) return [channelName];
  const those = (isMeant: (name: string) => boolean) =>
    [...names].filter(([, name]) => isMeant(name)).map(([uuid]) => uuid);
  const named = those((name) => name === channelName);
  return named.length > 0 ? named : those((name) => slugOf(name) === channelName);
};

const theOne = (channelName: string, [uuid, ...others]: readonly string[]): string => {
  if (uuid === undefined)
    throw new GsyError('ERR_GSY_UNKNOWN_AREA', `There is no area named ${channelName} in the simulation.`);
  if (others.length > 0)
    throw new GsyError(
      'ERR_GSY_AMBIGUOUS_NAME',
      `Several areas are named ${channelName}; name the one you mean by its uuid: ${[uuid, ...others].join(', ')}`,
    );
  return uuid;
};
