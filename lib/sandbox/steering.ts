import { transactionIdOf, type JsonObject } from './json.ts';

/** What one can do with a running simulation. */
export type Steering = 'pause' | 'resume' | 'stop';

const STEERING: ReadonlyMap<string, Steering> = new Map([
  ['/pause', 'pause'],
  ['/resume', 'resume'],
  ['/stop', 'stop'],
]);

/** The channels on which a simulation is paused, resumed and stopped; it has no id when run from a command line. */
export const STEERING_CHANNELS: readonly string[] = [...STEERING.keys()];

/** What is asked for on a channel. */
export const steeringOf = (channel: string): Steering | undefined => STEERING.get(channel);

/** Where and how it is answered; undefined where the real exchange's control thread would have ended. */
export const steeringReply = (
  command: Steering,
  message: unknown,
): { readonly channel: string; readonly reply: JsonObject } | undefined => {
  const transactionId = transactionIdOf(message);
  if (transactionId === undefined) return undefined;
  return {
    channel: `/response/${command}`,
    reply: { command, simulation_id: '', transaction_id: transactionId, status: 'success' },
  };
};
