import { slugOf } from '../wire/channels.ts';
import type { JsonObject } from './json.ts';

/** How an exchange tells itself and its areas from others (exchange protocol, configuration id and web mode). */
export interface Naming {
  /** Stands in the channels of batches and events; empty for none. */
  readonly configurationId: string;
  /** Web mode: channels name areas by uuid under the configuration id, and aggregator commands must tell it. */
  readonly web: boolean;
}

/** An exchange run from a command line. */
export const LOCAL: Naming = { configurationId: '', web: false };

/** What an area's own channels begin with: an asset's name, a market's slug; in web mode the uuid. */
export const channelNameOf = (
  { configurationId, web }: Naming,
  { kind, name, uuid }: { readonly kind: 'market' | 'asset'; readonly name: string; readonly uuid: string },
): string => {
  if (web) return `external/${configurationId}/${uuid}`;
  return kind === 'asset' ? name : slugOf(name);
};

/** What events say of the simulation that they come from. */
export const simulationIdOf = ({ configurationId, web }: Naming): string | null =>
  web ? configurationId : null;

/** Whom an aggregator command is meant for: only web mode asks. */
export const isMeantFor = (
  { configurationId, web }: Naming,
  { config_uuid: asked }: JsonObject,
): 'us' | 'others' | 'nobody' => {
  if (!web || asked === configurationId) return 'us';
  return asked === undefined || asked === null ? 'nobody' : 'others';
};
