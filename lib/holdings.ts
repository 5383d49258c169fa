import type { AreaControl } from './aggregator.ts';
import type { Grid } from './model/grid.ts';
import type { AreaName } from './registry.ts';

/** What an aggregator holds, what it was refused, and what it may have lost. */
export interface Holdings {
  /** Takes in an answer; whether it says something new. */
  enter(answer: AreaControl): boolean;
  /** An area that seems to be held may be lost. */
  suspect(areaUuid: string): void;
  /** Suspects the assets that the grid has shown as this client's own and does not any more. */
  see(grid: Grid): void;
  /** The exchange is another one: nothing is known any more. */
  forget(): void;
  /** Whether all areas that are wanted have been asked for since. */
  isKnown(): boolean;
  /** All areas have been asked for. */
  settle(): void;
  all(): readonly AreaControl[];
  held(): readonly AreaName[];
  holds(areaUuid: string): boolean;
  /** What is worth asking for again: areas held by somebody else, or of which it is not known who holds them. */
  lost(): readonly AreaName[];
}

/** Holds nothing, and knows nothing. */
export const emptyHoldings = (): Holdings => {
  const answers = new Map<string, AreaControl>();
  const suspects = new Set<string>();
  /** Areas that no event has shown as this client's own, or none since one showed them as foreign. */
  const unseen = new Set<string>();
  let isKnown = false;

  const all = () => [...answers.values()];
  const isWorthAsking = (answer: AreaControl): boolean =>
    answer.status === 'held'
      ? suspects.has(answer.uuid)
      : answer.heldBy !== undefined || answer.unanswered === true;
  return {
    enter: (answer) => {
      const before = answers.get(answer.uuid);
      // What is held stays so until the exchange says otherwise.
      if (before?.status === 'held' && answer.status === 'refused' && answer.unanswered === true)
        return false;
      suspects.delete(answer.uuid);
      if (before === undefined) unseen.add(answer.uuid);
      answers.set(answer.uuid, answer);
      return before?.status !== answer.status || reasonOf(before) !== reasonOf(answer);
    },
    suspect: (areaUuid) => {
      if (answers.has(areaUuid)) suspects.add(areaUuid);
    },
    see: (grid) => {
      // The areas are gone through, not looked up: the grid's index would be made for this alone.
      for (const { uuid, kind } of grid.areas) {
        if (kind === 'market' || answers.get(uuid)?.status !== 'held') continue;
        if (kind !== 'foreign') unseen.delete(uuid);
        // Once only: it may be that the exchange never shows it as anything else.
        else if (!unseen.has(uuid)) {
          unseen.add(uuid);
          suspects.add(uuid);
        }
      }
    },
    forget: () => {
      for (const memory of [answers, suspects, unseen]) memory.clear();
      isKnown = false;
    },
    isKnown: () => isKnown,
    settle: () => {
      isKnown = true;
    },
    all,
    held: () =>
      all()
        .filter(({ status }) => status === 'held')
        .map(({ uuid, name }) => ({ uuid, name })),
    holds: (areaUuid) => answers.get(areaUuid)?.status === 'held',
    lost: () =>
      all()
        .filter(isWorthAsking)
        .map(({ uuid, name }) => ({ uuid, name })),
  };
};

const reasonOf = (answer: AreaControl | undefined): string | undefined =>
  answer?.status === 'refused' ? answer.reason : undefined;
