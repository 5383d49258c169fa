import type { MarketVerb } from './marketCalls.ts';

/** What a channel carries. */
export type ChannelContent =
  | { readonly kind: 'events' }
  | {
      readonly kind:
        | 'aggregator-command'
        | 'aggregator-reply'
        | 'batch'
        | 'batch-response'
        | 'heartbeat'
        | 'area-map'
        | 'area-map-reply'
        | 'control-reply'
        | 'other-request';
    }
  | {
      readonly kind: 'registration';
      readonly channelName: string;
      readonly verb: 'register' | 'unregister';
    }
  | {
      readonly kind: 'registration-reply';
      readonly channelName: string;
      readonly granted: 'registered' | 'unregistered';
    }
  | { readonly kind: 'market-call'; readonly channelName: string; readonly verb: MarketVerb }
  | { readonly kind: 'area-reply'; readonly channelName: string; readonly command: string }
  | { readonly kind: 'area-event'; readonly channelName: string };

/** What comes most often stands first. */
const AGGREGATOR_CHANNELS = [
  [/^external-aggregator\/[^/]*\/[^/]+\/events\/all$/, 'events'],
  [/^external-aggregator\/[^/]*\/[^/]+\/response\/batch_commands$/, 'batch-response'],
  [/^aggregator-commands$/, 'aggregator-command'],
  [/^aggregator-response$/, 'aggregator-reply'],
  [/^gsy-e-heartbeat\/[^/]*$/, 'heartbeat'],
  [/^external-aggregator\/[^/]*\/batch_commands$/, 'batch'],
] as const;

/**
 * What a channel carries; undefined for a channel that is not the exchange's.
 *
 * The name of an area stands in its channels verbatim, slashes and all, so these are read from their end, and whatever
 * has a slash and is nothing else is a request to some area. Where areas are addressed by uuid (exchange protocol, web
 * mode) their channels begin with the configuration's id, which is taken off.
 */
export const contentOfChannel = (channel: string, configurationId = ''): ChannelContent | undefined => {
  for (const [pattern, kind] of AGGREGATOR_CHANNELS) if (pattern.test(channel)) return { kind };
  const [, owner, direction, command] = /^(.*?)(?:\/(response|events))?\/([^/]*)$/s.exec(channel) ?? [];
  if (owner === undefined || command === undefined || channel.startsWith('external-aggregator/'))
    return undefined;
  const prefix = `external/${configurationId}/`;
  const channelName = configurationId !== '' && owner.startsWith(prefix) ? owner.slice(prefix.length) : owner;
  if (direction === 'events') return { kind: 'area-event', channelName };
  if (direction === 'response') return replyOf(channelName, command);
  return requestTo(channelName, command);
};

const requestTo = (channelName: string, command: string): ChannelContent => {
  switch (command) {
    case 'area-map':
      return { kind: 'area-map' };
    case 'register_participant':
      return { kind: 'registration', channelName, verb: 'register' };
    case 'unregister_participant':
      return { kind: 'registration', channelName, verb: 'unregister' };
    case 'grid_fees':
    case 'dso_market_stats':
      return { kind: 'market-call', channelName, verb: command };
    default:
      return { kind: 'other-request' };
  }
};

const replyOf = (channelName: string, command: string): ChannelContent => {
  switch (command) {
    case 'area-map':
      return { kind: 'area-map-reply' };
    case 'pause':
    case 'resume':
    case 'stop':
      return { kind: 'control-reply' };
    case 'register_participant':
      return { kind: 'registration-reply', channelName, granted: 'registered' };
    case 'unregister_participant':
      return { kind: 'registration-reply', channelName, granted: 'unregistered' };
    default:
      return { kind: 'area-reply', channelName, command };
  }
};
