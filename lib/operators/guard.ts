import { map, type MonoTypeOperatorFunction } from 'rxjs';
import { messageOf } from '../errors.ts';
import { extended } from '../extended.ts';
import type { Command } from '../model/commands.ts';
import { isUndecided } from './soundOrders.ts';

/**
 * Refuses the commands against which the check has a reason, and lets all others pass.
 *
 * A refused command is not lost: it is marked and passes on, later guards leave it alone, and the sink ends it as
 * `refused` with the reason. A check that throws refuses too, with what it threw as the reason: a guard that does not
 * work lets nothing through. The order that a refused one was to replace stands as before.
 *
 * ```
 * command                  -a-b-c-|
 * guard(reason against b)  -a-B-c-|      B: b, marked as refused
 * ```
 *
 * @param check gives the reason against a command, or undefined; it is not asked about those already refused
 * @example
 * const byHand = guard(({ kind }) => (kind === 'grid-fees' ? 'fees are set by hand' : undefined));
 */
export const guard = (check: (command: Command) => string | undefined): MonoTypeOperatorFunction<Command> =>
  map((command): Command => {
    if (!isUndecided(command)) return command;
    const reason = reasonOf(check, command);
    return reason === undefined ? command : extended(command, { withheld: { kind: 'refused', reason } });
  });

const reasonOf = (check: (command: Command) => string | undefined, command: Command): string | undefined => {
  try {
    return check(command);
  } catch (error) {
    return `a guard failed: ${messageOf(error)}`;
  }
};
