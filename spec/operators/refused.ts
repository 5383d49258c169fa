import type { Command } from '../../lib/model/commands.ts';

/** The command as a guard hands it on that has refused it. */
export const refused = (command: Command, reason: string): Command => ({
  ...command,
  withheld: { kind: 'refused', reason },
});
