import { readFile } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { asyncScheduler, firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { GsyError } from '../errors.ts';
import type { Failure } from '../model/failures.ts';
import { ledger } from '../report/ledger.ts';
import { summary } from '../report/table.ts';
import { run, type Run, type RunEnd } from '../run.ts';
import {
  defaultCommunity,
  openSandbox,
  parseCommunity,
  type Community,
  type Sandbox,
} from '../sandbox/sandbox.ts';
import { memoryBus, memoryTransport } from '../transport/memory.ts';
import { failureLine } from '../wire/report.ts';
import { loadStrategy, type StrategyFile } from './strategyFile.ts';
import { EXIT, exitCodeOf, logTo, messageOf, type Log, type LogLevel, type Terminal } from './terminal.ts';
import { passVirtualTime } from './virtualTime.ts';

/** The options of `gsy-rx run`. */
export interface RunFlags {
  readonly sandbox?: true | string;
  readonly aggregator?: string;
  readonly assets?: readonly string[];
  readonly markets?: readonly string[];
  readonly all?: true;
  readonly slotLengthRealtime?: number;
  readonly seed?: number;
  readonly logLevel: LogLevel;
}

/** Lets a strategy trade on the embedded exchange until the day ends or Ctrl-C, and prints the summary. */
export const runCommand = async (
  strategyName: string,
  flags: RunFlags,
  terminal: Terminal,
): Promise<number> => {
  const log = logTo(terminal, flags.logLevel);
  const file = await loadStrategy(strategyName);
  const community = await readCommunity(flags.sandbox);
  const virtual = flags.slotLengthRealtime === undefined ? new VirtualTimeScheduler() : undefined;
  const scheduler = virtual ?? asyncScheduler;
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, {
    scheduler,
    bus,
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.slotLengthRealtime !== undefined && { realTimePerSlotMs: flags.slotLengthRealtime }),
  });
  const aggregator = flags.aggregator ?? file.options.aggregator ?? file.name;
  const running = run({
    transport: memoryTransport(bus),
    strategy: file.strategy,
    aggregator,
    areas: areasOf(flags, file),
    scheduler,
  });
  const books = firstValueFrom(ledger(running.market.event$, running.outcome$));
  const failures = watch(running, log);
  const progress = showProgress(sandbox, terminal);
  let interrupted = false;
  terminal.onInterrupt(() => {
    interrupted = true;
    void running.stop();
  });

  sandbox.start();
  const end = await theEnd(running, virtual, community);
  sandbox.stop();
  progress.stop();
  if (end.reason !== 'failed') terminal.out.write(summary(await books));
  return conclude(end, failures, interrupted, terminal);
};

const readCommunity = async (sandbox: true | string | undefined): Promise<Community> => {
  if (typeof sandbox !== 'string') return defaultCommunity;
  const text = await readFile(sandbox, 'utf8').catch((error: unknown) => {
    throw new GsyError('ERR_GSY_COMMUNITY', `${sandbox} could not be read: ${messageOf(error)}`);
  });
  try {
    return parseCommunity(text);
  } catch (error) {
    throw error instanceof GsyError ? new GsyError(error.code, `${sandbox}: ${error.message}`) : error;
  }
};

const areasOf = ({ all, assets, markets }: RunFlags, { options }: StrategyFile) => {
  const given = assets !== undefined || markets !== undefined;
  if (all === true && given)
    throw new GsyError('ERR_GSY_OPTIONS', '--all means every area; leave out --assets and --markets');
  const named = given
    ? [...(assets ?? []), ...(markets ?? [])]
    : [...(options.assets ?? []), ...(options.markets ?? [])];
  return all === true || named.length === 0 ? 'all' : named;
};

const watch = (running: Run, log: Log): readonly Failure[] => {
  const failures: Failure[] = [];
  running.control$.subscribe((areas) => {
    for (const area of areas)
      if (area.status === 'refused') log('warn', `${area.name} was not taken over: ${area.reason}`);
    const held = areas.filter(({ status }) => status === 'held').length;
    log('info', `${held} of ${areas.length} areas are under control; the market is two-sided`);
  });
  running.failure$.subscribe((failure) => {
    failures.push(failure);
    log(failure.kind === 'unexpected-reply' ? 'warn' : 'error', lineOf(failure));
  });
  running.outcome$.subscribe(({ kind, command, ...rest }) => {
    const reason = 'reason' in rest ? `: ${rest.reason}` : '';
    log(kind === 'accepted' ? 'debug' : 'info', `${command.kind} for ${command.areaUuid} ${kind}${reason}`);
  });
  return failures;
};

const lineOf = (failure: Failure): string => {
  switch (failure.kind) {
    case 'decode-failure':
      return `a message was not understood: ${failureLine(failure)}`;
    case 'strategy-failure':
      return `the strategy ${failure.strategy} failed and has stopped: ${failure.reason}`;
    case 'unexpected-reply':
      return `reply to transaction ${failure.transactionId}: ${failure.reason}`;
  }
};

// Only a terminal gets a bar; a file or a pipe gets nothing but the summary.
const showProgress = (sandbox: Sandbox, { err }: Terminal): { stop(): void } => {
  if (err.isTTY !== true) return { stop: () => undefined };
  const bar = new SingleBar({ format: '{bar} {value}/{total} slots  {slot}', stream: err, hideCursor: true });
  sandbox.progress$.subscribe(({ index, count, slot }) => {
    if (!bar.isActive) bar.start(count, 0, { slot });
    bar.update(index + 1, { slot });
  });
  return { stop: () => bar.stop() };
};

const theEnd = async (
  running: Run,
  virtual: VirtualTimeScheduler | undefined,
  { slotLengthMinutes }: Community,
): Promise<RunEnd> => {
  let over = false;
  const done = running.done.finally(() => (over = true));
  if (virtual !== undefined) await passVirtualTime(virtual, slotLengthMinutes * 60_000, () => over);
  return done;
};

const conclude = (
  end: RunEnd,
  failures: readonly Failure[],
  interrupted: boolean,
  { err }: Terminal,
): number => {
  if (end.reason === 'failed') {
    err.write(`error: ${end.error.message}\n`);
    return exitCodeOf(end.error);
  }
  if (interrupted) {
    err.write('interrupted: every command given has its outcome; open orders end with their slot\n');
    return EXIT.interrupted;
  }
  if (end.reason === 'disconnected') err.write('error: the connection ended before the simulation did\n');
  const serious = failures.filter(({ kind }) => kind !== 'unexpected-reply').length;
  if (serious > 0) err.write(`error: ${serious} failures in this run, told above\n`);
  return end.reason === 'finished' && serious === 0 ? EXIT.ok : EXIT.failed;
};
