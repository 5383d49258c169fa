import type { Outages, Trouble, TroubledKind } from './trouble.ts';

/** What went wrong in a run, as lines for a terminal; empty when nothing did. */
export const troubleLines = (trouble: Trouble): string => {
  const { failures, restarts, missedSlots, refusedAreas } = trouble;
  const kinds = [...failures].map(([kind, count]) => `${count} ${kind}`);
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['failures', kinds.length === 0 ? [] : [kinds.join(', ')]],
    ...KINDS.map((kind) => [kind, reasonsOf(trouble, kind)] as const),
    ['connection gaps', outagesOf(trouble.outages, 'connection')],
    ['exchange gone', outagesOf(trouble.outages, 'exchange')],
    ['exchange restarts', restarts === 0 ? [] : [String(restarts)]],
    ['missed slots', missedSlots === 0 ? [] : [String(missedSlots)]],
    ['not under control', few(refusedAreas.map(({ name, reason }) => `${name}: ${reason}`))],
  ];
  const lines = parts.flatMap(([what, figures]) =>
    figures.map((figure, i) => `${(i === 0 ? what : '').padEnd(20)}${figure}`),
  );
  return lines.length === 0 ? '' : `Trouble\n${lines.join('\n')}\n`;
};

const KINDS: readonly TroubledKind[] = ['rejected', 'unanswered', 'unsent'];
const MOST_LINES = 5;

const few = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} more`];

const reasonsOf = ({ commands }: Trouble, kind: TroubledKind): readonly string[] =>
  few(commands.filter((entry) => entry.kind === kind).map(({ count, reason }) => `${count}: ${reason}`));

const outagesOf = (all: readonly Outages[], of: Outages['of']): readonly string[] =>
  all
    .filter((outages) => outages.of === of)
    .map(({ count, seconds, over }) => {
      const end = over ? '' : ', and not back at the end';
      return `${count}, ${seconds.toFixed(1)} s in all${end}`;
    });
