import type { Danger } from './dangers.ts';

/** What becomes of an exchange that is sent what should never be sent: it counts, and if it is strict it suffers. */
export interface Fate {
  suffer(danger: Danger | undefined): void;
  /** A slot begins: what waited for it takes effect. */
  slotBegins(): void;
  /** How often anything was suffered. */
  readonly dangers: () => number;
  /** Whether it has ended, and says nothing more. */
  readonly isDead: () => boolean;
  /** Whether it reads no commands any more. */
  readonly isDeaf: () => boolean;
  /** Whether it cannot be paused, resumed or stopped any more, nor asked for its areas. */
  readonly isUnsteerable: () => boolean;
}

/** A new exchange's fate. Unless it is strict it goes on whatever comes. */
export const openFate = (strict: boolean): Fate => {
  const suffered = new Set<Danger>();
  let dangers = 0;
  return {
    suffer: (danger) => {
      if (danger === undefined) return;
      dangers += 1;
      if (strict) suffered.add(danger);
    },
    slotBegins: () => {
      if (suffered.has('dies-with-slot')) suffered.add('dies');
    },
    dangers: () => dangers,
    isDead: () => suffered.has('dies'),
    isDeaf: () => suffered.has('deaf'),
    isUnsteerable: () => suffered.has('unsteerable'),
  };
};
