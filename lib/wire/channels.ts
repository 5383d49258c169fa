import type { Request } from './messages.ts';

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
    case 'area-map':
      return [AREA_MAP_RESPONSE];
    case 'select':
    case 'batch':
      return [];
  }
};
