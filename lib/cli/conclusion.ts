import type { AreaChoice } from '../aggregator.ts';
import type { Trouble, TroubledKind } from '../report/trouble.ts';
import type { RunEnd } from '../run.ts';
import type { EarlyEnd } from './askedToEnd.ts';
import type { Log } from './log.ts';
import { isSerious } from './runLog.ts';
import { EXIT, exitCodeOf } from './terminal.ts';

/** How a run came to its end, and what went wrong in it. */
export interface Conclusion {
  readonly end: RunEnd;
  readonly early: EarlyEnd | undefined;
  readonly trouble: Trouble;
  readonly areas: AreaChoice;
  /** Whether open orders were to be cancelled at a stop. */
  readonly cancelOrders: boolean;
}

/**
 * Tells how a run ended and gives its exit code: 1 when it failed, or went on without doing what it was there for. A
 * signal has its own code, whatever happened before.
 */
export const conclude = (conclusion: Conclusion, log: Log): number => {
  const { end, early, trouble, areas, cancelOrders } = conclusion;
  if (end.reason === 'failed') {
    log('error', end.error.message);
    return exitCodeOf(end.error);
  }
  if (end.reason === 'stopped')
    for (const { name, ...area } of end.releases ?? [])
      log('info', area.status === 'kept' ? `${name} stays taken: ${area.reason}` : `${name} is free again`);
  if (end.reason === 'disconnected') log('error', 'the connection ended before the simulation did');
  const faults = faultsOf(trouble, areas);
  if (faults.length > 0) log('error', `this run went wrong: ${faults.join('; ')}`);
  if (early === undefined || early === 'accident')
    return early === undefined && end.reason === 'finished' && faults.length === 0 ? EXIT.ok : EXIT.failed;
  const orders = cancelOrders ? 'those to cancel open orders too' : 'open orders end with their slot';
  log('info', `interrupted: every command given has its outcome; ${orders}`);
  return EXIT[early];
};

// That the exchange rejects some orders is normal, and so are areas that nobody named and that are not to be had.
const faultsOf = (
  { failures, commands, outages, refusedAreas }: Trouble,
  areas: AreaChoice,
): readonly string[] => {
  const failed = sum([...failures].filter(([kind]) => isSerious({ kind })).map(([, count]) => count));
  const commandsThat = (kind: TroubledKind) =>
    sum(commands.filter((entry) => entry.kind === kind).map(({ count }) => count));
  const gone = outages.filter(({ over }) => !over).map(({ of }) => `the ${of} was gone at the end`);
  const missing = areas === 'all' ? [] : refusedAreas.map(({ name }) => `${name} was not under control`);
  return [
    ...counted(failed, 'failures'),
    ...counted(commandsThat('unanswered'), 'commands without an answer'),
    ...counted(commandsThat('unsent'), 'commands that could not be sent'),
    ...gone,
    ...missing,
  ];
};

const counted = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);
const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
