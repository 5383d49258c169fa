import { extended } from '../extended.ts';
import type { Area, Grid } from './areas.ts';
import { answerAssetCommand, type CommandAnswer } from './assetCommands.ts';
import type { Danger } from './dangers.ts';
import { isObject } from './json.ts';
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
  /** As JSON. */
  readonly reply: string | undefined;
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
  const envelope = `{"command":"batch_commands","transaction_id":${JSON.stringify(transactionId)},"aggregator_uuid":${JSON.stringify(aggregatorUuid)}`;
  if (!isObject(commands)) {
    const error = JSON.stringify(fatalText('batch_commands is no object'));
    const reply = `${envelope},"responses":{},"status":"error","error_message":${error}}`;
    return { reply, dangers: ['dies'] };
  }
  // One growing text: to join those of thousands of orders copies each of them at every level.
  let responses = '';
  const dangers: Danger[] = [];
  const commandContext = extended(context, { transactionId });
  for (const area of grid.byUuid.values()) {
    const asked = Object.hasOwn(commands, area.uuid) ? commands[area.uuid] : undefined;
    if (asked === undefined || asked === null || area.aggregatorUuid === undefined) continue;
    responses += `${responses === '' ? '' : ','}"${area.uuid}":[`;
    for (const [at, { text, danger }] of runAll(area, asked, commandContext).entries()) {
      if (at > 0) responses += ',';
      responses += text;
      if (danger !== undefined) dangers.push(danger);
    }
    responses += ']';
  }
  const reply = responses === '' ? undefined : `${envelope},"responses":{${responses}}}`;
  return { reply, dangers };
};

const fatalText = (reason: string): string => `This would have ended the exchange: ${reason}`;

const runAll = (area: Area, commands: unknown, context: CommandContext): readonly CommandAnswer[] => {
  if (!Array.isArray(commands)) return [malformed(area, 'commands are no array')];
  return commands.map((command: unknown) => {
    if (!isObject(command)) return malformed(area, 'a command is no object');
    if (area.kind === 'asset') return answerAssetCommand(area, command, context);
    const { reply, danger } = runMarketCommand(area, command, context);
    return { text: JSON.stringify(reply), danger };
  });
};

const malformed = (area: Area, reason: string): CommandAnswer => ({
  text: JSON.stringify({ status: 'error', area_uuid: area.uuid, message: fatalText(reason) }),
  danger: 'dies',
});
