import type { Command } from './commands.ts';
import type { Granted } from './replies.ts';

interface OutcomeBase {
  readonly command: Command;
}

/** The exchange did it. */
export interface Accepted extends OutcomeBase {
  readonly kind: 'accepted';
  readonly transactionId: string;
  readonly granted: Granted;
}
/** The exchange said no. */
export interface Rejected extends OutcomeBase {
  readonly kind: 'rejected';
  readonly transactionId: string;
  readonly reason: string;
  /** True for a replacing order: the exchange may already have deleted the asset's former one. */
  readonly formerOrderMayBeGone: boolean;
}
/** We said no before sending: invalid, not our area, dangerous, or stopped by a guard. */
export interface Refused extends OutcomeBase {
  readonly kind: 'refused';
  readonly reason: string;
}
/** A newer order for the same asset, side and slot replaced it before it was sent. */
export interface Superseded extends OutcomeBase {
  readonly kind: 'superseded';
  readonly by: Command;
}
/** Its slot, or the simulation, ended before it was sent. */
export interface Expired extends OutcomeBase {
  readonly kind: 'expired';
  readonly reason: string;
}
/** Sent, and no reply came within the patience: what became of it is not known. */
export interface Unanswered extends OutcomeBase {
  readonly kind: 'unanswered';
  readonly transactionId: string;
  readonly reason: string;
}
/** Could not be sent. */
export interface Unsent extends OutcomeBase {
  readonly kind: 'unsent';
  readonly reason: string;
}

/** What became of one command. Every command that enters the sink ends in exactly one. */
export type Outcome = Accepted | Rejected | Refused | Superseded | Expired | Unanswered | Unsent;
/** The seven ways in which a command ends. */
export type OutcomeKind = Outcome['kind'];
