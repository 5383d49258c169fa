/**
 * What a message that must never be sent does to the real exchange: it ends, at once or when the next slot begins; it
 * reads no command any more; it cannot be paused, resumed or stopped any more; it answers itself for ever (exchange
 * protocol, messages that must never be sent).
 */
export type Danger = 'dies' | 'dies-with-slot' | 'deaf' | 'unsteerable' | 'loops';

/** Why a command is not done. */
export interface Refusal {
  /** What it would have done to the real exchange; undefined where that refuses it too. */
  readonly danger: Danger | undefined;
  readonly reason: string;
}

/** A refusal of what would have ended the real exchange. */
export const fatal = (reason: string): Refusal => ({ danger: 'dies', reason });
/** A refusal as the real exchange gives it; without a reason where it gives none. */
export const refused = (reason: string): Refusal => ({ danger: undefined, reason });
