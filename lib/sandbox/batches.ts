import type { Area, Grid } from './areas.ts';
import { runAssetCommand, type CommandReply } from './assetCommands.ts';
import type { Danger } from './dangers.ts';
import { isObject, type JsonObject } from './json.ts';
import { runMarketCommand } from './marketCommands.ts';
import type { CommandContext } from './orders.ts';

/** A batch as it waits for its tick. */
export interface Batch {
  readonly transactionId: unknown;
  readonly aggregatorUuid: string;
  readonly commands: unknown;
}

/** What came of a batch: no reply when none of its areas is in anybody's hands. */
export interface BatchResult {
  readonly reply: JsonObject | undefined;
  /** What its commands do to the real exchange, those that should not be sent. */
  readonly dangers: readonly Danger[];
}

/** A message of the batch channel as a batch; what it does to the real exchange when it is none. */
export const readBatch = (message: unknown): Batch | Danger => {
  if (!isObject(message)) return 'deaf';
  const { transaction_id: transactionId, aggregator_uuid: aggregatorUuid } = message;
  const isWhole = aggregatorUuid !== undefined && 'batch_commands' in message;
  if (!isWhole || transactionId === undefined || typeof transactionId === 'object') return 'deaf';
  if (typeof aggregatorUuid !== 'string') return 'dies';
  return { transactionId, aggregatorUuid, commands: message.batch_commands };
};

/** Runs a batch, whoever owns the areas in it. Areas answer in tree order, their commands in the order sent. */
export const runBatch = (
  grid: Grid,
  batch: Batch,
  context: Omit<CommandContext, 'transactionId'>,
): BatchResult => {
  const { transactionId, aggregatorUuid, commands } = batch;
  const envelope = {
    command: 'batch_commands',
    transaction_id: transactionId,
    aggregator_uuid: aggregatorUuid,
  };
  if (!isObject(commands)) {
    const reply = {
      ...envelope,
      responses: {},
      status: 'error',
      error_message: fatalText('batch_commands is no object'),
    };
    return { reply, dangers: ['dies'] };
  }
  const responses: Record<string, readonly JsonObject[]> = {};
  const dangers: Danger[] = [];
  const commandContext = { ...context, transactionId };
  for (const area of grid.byUuid.values()) {
    const asked = Object.hasOwn(commands, area.uuid) ? commands[area.uuid] : undefined;
    if (asked === undefined || asked === null || area.aggregatorUuid === undefined) continue;
    const replies = runAll(area, asked, commandContext);
    responses[area.uuid] = replies.map(({ reply }) => reply);
    for (const { danger } of replies) if (danger !== undefined) dangers.push(danger);
  }
  return { reply: Object.keys(responses).length > 0 ? { ...envelope, responses } : undefined, dangers };
};

const fatalText = (reason: string): string => `This would have ended the exchange: ${reason}`;

const runAll = (area: Area, commands: unknown, context: CommandContext): readonly CommandReply[] => {
  if (!Array.isArray(commands)) return [malformed(area, 'commands are no array')];
  return commands.map((command: unknown) => {
    if (!isObject(command)) return malformed(area, 'a command is no object');
    return area.kind === 'market'
      ? runMarketCommand(area, command, context)
      : runAssetCommand(area, command, context);
  });
};

const malformed = (area: Area, reason: string): CommandReply => ({
  reply: { status: 'error', area_uuid: area.uuid, message: fatalText(reason) },
  danger: 'dies',
});
