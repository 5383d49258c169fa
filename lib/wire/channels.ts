import anyAscii from 'any-ascii';
import { verbOf } from './marketCalls.ts';
import type { MarketCall, Request } from './messages.ts';

// The channels of the exchange's publish/subscribe protocol (exchange protocol, channels).

const aggregatorScope = (configurationId: string, aggregatorUuid: string): string =>
  `external-aggregator/${configurationId}/${aggregatorUuid}`;

/** Where aggregators are created and areas selected; common to all exchanges. */
export const AGGREGATOR_COMMANDS = 'aggregator-commands';
/** Where the answers to all clients' aggregator commands come. */
export const AGGREGATOR_RESPONSE = 'aggregator-response';
/** Where the area map is asked for. */
export const AREA_MAP = '/area-map';
/** Where the area map comes. */
export const AREA_MAP_RESPONSE = '/response/area-map';
/** Where the exchange says every 5 s that it is alive. */
export const HEARTBEAT = 'gsy-e-heartbeat/';

/** Where batches go; `configurationId` is empty for an exchange without one. */
export const batchChannel = (configurationId = ''): string =>
  `external-aggregator/${configurationId}/batch_commands`;

/** Where the replies to an aggregator's batches come. */
export const batchResponseChannel = (aggregatorUuid: string, configurationId = ''): string =>
  `${aggregatorScope(configurationId, aggregatorUuid)}/response/batch_commands`;

/** Where an aggregator's market, tick, trade and finish events come. */
export const eventsChannel = (aggregatorUuid: string, configurationId = ''): string =>
  `${aggregatorScope(configurationId, aggregatorUuid)}/events/all`;

/** What a market's channels begin with: its name in plain lower-case letters, everything else one hyphen. */
export const slugOf = (marketName: string): string =>
  anyAscii(marketName)
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .toLowerCase();

const areaEventChannels = (channelName: string): readonly string[] =>
  ['market', 'tick', 'trade', 'finish'].map((event) => `${channelName}/events/${event}`);

type Registration = Extract<Request, { kind: 'register' | 'unregister' }>;

/** Where an area is registered or unregistered. */
export const registrationChannel = (kind: Registration['kind'], channelName: string): string =>
  `${channelName}/${kind}_participant`;

// Whoever registers an area hears it, too, when somebody else unregisters it.
const registrationResponseChannels = ({ channelName }: Registration): readonly string[] =>
  ['register', 'unregister'].map((kind) => `${channelName}/response/${kind}_participant`);

/** Where a market is asked something directly. */
export const marketCallChannel = (call: Pick<MarketCall, 'kind' | 'channelName'>): string =>
  `${call.channelName}/${verbOf(call)}`;

/** The channels that must be heard before the request is sent, or what it brings about is missed. */
export const channelsOf = (request: Request, configurationId = ''): readonly string[] => {
  switch (request.kind) {
    case 'create-aggregator':
      return [
        AGGREGATOR_RESPONSE,
        HEARTBEAT,
        batchResponseChannel(request.aggregatorUuid, configurationId),
        eventsChannel(request.aggregatorUuid, configurationId),
      ];
    case 'grid-fees':
    case 'dso-market-stats':
      return [`${request.channelName}/response/${verbOf(request)}`];
    case 'area-map':
      return [AREA_MAP_RESPONSE];
    case 'register':
      return [...registrationResponseChannels(request), ...areaEventChannels(request.channelName)];
    case 'unregister':
      return registrationResponseChannels(request);
    case 'find-aggregator':
    case 'select':
    case 'unselect':
    case 'delete-aggregator':
      return [AGGREGATOR_RESPONSE];
    case 'batch':
      return [];
  }
};
