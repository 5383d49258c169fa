import type { OperatorFunction } from 'rxjs';
import type { Command } from '../model/commands.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Granted } from '../model/replies.ts';
import { mapDefined } from './mapDefined.ts';

/** What the exchange grants to commands of a kind. */
export type GrantedTo<K extends Granted['command']> = Granted extends infer G
  ? G extends { readonly command: infer C }
    ? K extends C
      ? G
      : never
    : never
  : never;

/** A command of a kind, and what the exchange granted to it. */
export interface GrantedCommand<K extends Granted['command']> {
  readonly command: Extract<Command, { readonly kind: K }>;
  readonly granted: GrantedTo<K>;
}

/**
 * Takes the answers to one kind of command out of the outcomes: the command and what the exchange granted.
 *
 * All other outcomes are left out, also those of such commands that were not accepted. To ask a question at each answer
 * is a loop without end.
 *
 * ```
 * outcome               -a-b-c-|      a: a bid accepted, b: one rejected, c: bids listed
 * granted('list-bids')  -----C-|
 * ```
 *
 * @example
 * outcome$.pipe(
 *   granted('dso-market-stats'),
 *   map(({ command, granted }) => gridFees(command.areaUuid, (granted.stats.importKWh ?? 0) > 10 ? 4 : 1)),
 * );
 */
export const granted = <K extends Granted['command']>(
  kind: K,
): OperatorFunction<Outcome, GrantedCommand<K>> =>
  mapDefined((outcome) =>
    outcome.kind === 'accepted' && outcome.command.kind === kind
      ? ({ command: outcome.command, granted: outcome.granted } as GrantedCommand<K>)
      : undefined,
  );
