import { registrationChannel } from '../wire/channels.ts';
import type { Area, Grid } from './areas.ts';
import type { JsonObject } from './json.ts';

/** Registration by name: which channels the exchange listens to, and what it answers (exchange protocol, register by name). */
export interface Registration {
  readonly channels: readonly string[];
  /** The area and what is asked of it, for a channel of registration. */
  asked(channel: string): { readonly area: Area; readonly verb: Verb } | undefined;
}

/** What can be asked of an area by its name. */
export type Verb = 'register' | 'unregister';

/** The channel of an asset carries its name, that of a market its slug; of several of one name the first answers. */
export const registrationOf = (grid: Grid): Registration => {
  const asked = new Map<string, { area: Area; verb: Verb }>();
  for (const area of grid.byUuid.values()) {
    for (const verb of ['register', 'unregister'] as const) {
      const channel = registrationChannel(verb, area.channelName);
      if (area.external && !asked.has(channel)) asked.set(channel, { area, verb });
    }
  }
  return { channels: [...asked.keys()], asked: (channel) => asked.get(channel) };
};

/** Whether an area's registration has taken effect, and still does. */
export const isConnected = ({ registration }: Area): boolean =>
  registration === 'connected' || registration === 'leaving';

/** What the exchange says to whoever is not registered. */
export const NOT_REGISTERED: JsonObject = {
  status: 'error',
  error_message: 'Client should be registered in order to access this area.',
};

/** Registers or unregisters an area. Undefined is silence: a second registration is not answered. */
export const register = (area: Area, verb: Verb, transactionId: unknown): JsonObject | undefined => {
  const connected = isConnected(area);
  if (verb === 'register') {
    if (connected) return undefined;
    area.registration = area.kind === 'market' ? 'connected' : 'arriving';
    return {
      command: 'register',
      status: 'ready',
      registered: true,
      transaction_id: transactionId,
      device_uuid: area.uuid,
    };
  }
  if (!connected) return NOT_REGISTERED;
  area.registration = area.kind === 'market' ? 'none' : 'leaving';
  return { command: 'unregister', status: 'ready', unregistered: true, transaction_id: transactionId };
};
