import type { Grid } from './areas.ts';
import { runAssetCommand, unsupported } from './assetCommands.ts';
import { isObject, slotText, type JsonObject } from './json.ts';
import { runMarketCommand } from './marketCommands.ts';
import type { CommandContext } from './orders.ts';

// How the HTTP door passes on what the clients of a hosted exchange ask of single areas. It goes by uuid and needs
// neither registration nor aggregator; on the real exchange the web backend has a way of its own for it.

/** Where the door asks: `{"area_uuid", "transaction_id", "command"}`, the command as in a batch. */
export const HOSTED_COMMANDS = 'hosted/commands';
/** Where the exchange answers, at the end of the next tick. */
export const HOSTED_RESPONSES = 'hosted/responses';

/** No orders: these need an aggregator. */
const TYPES: readonly unknown[] = [
  'grid_fees',
  'dso_market_stats',
  'set_energy_forecast',
  'set_energy_measurement',
];

/** The answer to what the door asks, or undefined when it is about no area. */
export const runHostedCommand = (
  { byUuid }: Grid,
  message: unknown,
  context: Omit<CommandContext, 'transactionId'>,
): JsonObject | undefined => {
  if (!isObject(message) || !isObject(message.command)) return undefined;
  const { area_uuid, transaction_id, command } = message;
  const area = byUuid.get(String(area_uuid));
  if (area?.external !== true) return undefined;
  const { reply } = !TYPES.includes(command.type)
    ? unsupported(area.uuid, command.type)
    : area.kind === 'market'
      ? runMarketCommand(area, command, context)
      : runAssetCommand(area, bySlot(command, context), { ...context, transactionId: transaction_id });
  return { ...reply, area_uuid: area.uuid, transaction_id };
};

/** An older form of a forecast is for the next slot, in Wh. */
const bySlot = (
  { energy_Wh, ...command }: JsonObject,
  { clock, community }: Pick<CommandContext, 'clock' | 'community'>,
): JsonObject => {
  if (typeof energy_Wh !== 'number') return command;
  const next = Date.parse(`${clock.slot}Z`) + community.slotLengthMinutes * 60_000;
  return { ...command, energy_forecast: { [slotText(next)]: energy_Wh / 1000 } };
};
