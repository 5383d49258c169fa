import { firstValueFrom } from 'rxjs';
import { GsyError } from '../errors.ts';
import type { ExchangeHealth } from '../health.ts';
import type { Command } from '../model/commands.ts';
import type { Failure } from '../model/failures.ts';
import type { Outcome } from '../model/outcomes.ts';
import { ledger } from '../report/ledger.ts';
import { summary } from '../report/table.ts';
import { run, type Run, type RunEnd } from '../run.ts';
import type { ExchangeTraits } from '../sink/refusal.ts';
import type { TransportStatus } from '../transport/transport.ts';
import { failureLine } from '../wire/report.ts';
import type { Log } from './log.ts';
import { marketFigures } from './marketFigures.ts';
import { showProgress } from './progressBar.ts';
import { settingsFor, type Settings } from './settings.ts';
import { loadStrategy, type StrategyFile } from './strategyFile.ts';
import { EXIT, exitCodeOf, type Terminal } from './terminal.ts';
import { traced } from './traced.ts';
import type { Venue } from './venue.ts';
import { venueOf, type VenueFlags } from './venueChoice.ts';

/** The options of `gsy-rx run`. */
export interface RunFlags extends VenueFlags {
  readonly setup?: string;
  readonly baseSetupPath?: string;
  readonly marketType?: ExchangeTraits['marketType'];
  readonly aggregator?: string;
  readonly assets?: readonly string[];
  readonly markets?: readonly string[];
  readonly all?: true;
  readonly release?: true;
  readonly param?: Settings;
  readonly degreesOfFreedom?: true;
}

/** Lets a strategy trade until the simulation ends or Ctrl-C, and prints the summary. */
export const runCommand = async (
  strategyName: string | undefined,
  flags: RunFlags,
  terminal: Terminal,
  log: Log,
): Promise<number> => {
  const file = await loadStrategy(nameOf(strategyName, flags), flags.baseSetupPath);
  const strategy = file.strategy.with(
    await settingsFor(file.strategy.parameters, flags.param ?? new Map<string, string>()),
  );
  const areas = areasOf(flags, file);
  const venue = await venueOf(flags, terminal, log);
  const aggregator = flags.aggregator ?? file.options.aggregator ?? file.name;
  const { scheduler } = venue;
  const marketType = flags.marketType ?? venue.marketType ?? 'two-sided';
  log('info', `${file.name} trades on ${venue.name}, as aggregator ${aggregator}, in a ${marketType} market`);
  const running = run({
    transport: traced(venue.transport, log),
    strategy,
    aggregator,
    areas,
    scheduler,
    marketType,
    degreesOfFreedom: flags.degreesOfFreedom ?? venue.degreesOfFreedom ?? false,
    ...(venue.feeUnit !== undefined && { feeUnit: venue.feeUnit }),
  });
  const books = firstValueFrom(ledger(running.market.event$, running.outcome$));
  const trouble = watch(running, log);
  const interruption = listenForInterruption(running, flags, terminal);
  const progress = showProgress(venue.progress$(running.market), terminal);

  venue.start();
  const end = await theEnd(running, venue);
  venue.stop();
  progress.stop();
  if (end.reason !== 'failed') terminal.out.write(summary(await books));
  return conclude(end, trouble, interruption, terminal);
};

const nameOf = (strategyName: string | undefined, { setup }: RunFlags): string => {
  const name = strategyName ?? setup;
  if (name === undefined || (strategyName !== undefined && setup !== undefined))
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      'name one strategy, like gsy-rx run basic or gsy-rx run --setup basic; gsy-rx list shows those that come along',
    );
  return name;
};

const areasOf = ({ all, assets, markets }: RunFlags, { name, options }: StrategyFile) => {
  const given = assets !== undefined || markets !== undefined;
  if (all === true && given)
    throw new GsyError('ERR_GSY_OPTIONS', '--all means every area; leave out --assets and --markets');
  const named = given
    ? [...(assets ?? []), ...(markets ?? [])]
    : [...(options.assets ?? []), ...(options.markets ?? [])];
  if (all === true) return 'all';
  if (named.length === 0 && options.operatesMarkets === true)
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `${name} operates markets: name yours, like --markets "Grid,House 1"; with --all it takes every asset too, and they trade no more`,
    );
  return named.length === 0 ? 'all' : named;
};

/** What went wrong in a run, for its exit code. */
interface Trouble {
  failures: number;
  /** The exchange died or went deaf: its text. */
  exchange?: string;
}

const watch = (running: Run, log: Log): Trouble => {
  const trouble: Trouble = { failures: 0 };
  running.control$.subscribe((areas) => {
    for (const area of areas)
      if (area.status === 'refused') log('warn', `${area.name} was not taken over: ${area.reason}`);
    const held = areas.filter(({ status }) => status === 'held').length;
    log(
      'info',
      `the exchange answers: ${areas.length} areas found, ${held} under control, ${areas.length - held} refused`,
    );
  });
  running.failure$.subscribe((failure) => {
    const serious = failure.kind !== 'unexpected-reply';
    if (serious) trouble.failures += 1;
    log(serious ? 'error' : 'warn', lineOf(failure));
  });
  running.outcome$.subscribe((outcome) => log('debug', () => outcomeLine(outcome)));
  marketFigures(running.market.event$).subscribe((line) => log('info', line));
  running.status$.subscribe((status) => {
    log(QUIET.includes(status.state) ? 'debug' : 'info', statusLine(status));
    // Neither comes back: what goes on sending to such an exchange only seems to trade.
    if (status.state !== 'lost' && status.state !== 'deaf') return;
    trouble.exchange = status.reason;
    void running.stop();
  });
  return trouble;
};

// A strategy may have emitted anything, a command or not.
const outcomeLine = ({ kind, command, ...rest }: Outcome): string => {
  const { kind: what, areaUuid } = (command as Partial<Command> | null | undefined) ?? {};
  const reason = 'reason' in rest ? `: ${rest.reason}` : '';
  return `${what ?? 'something'} for ${areaUuid ?? 'no area'} ${kind}${reason}`;
};

/** What goes without saying. */
const QUIET = ['open', 'alive', 'closed'];

const statusLine = (status: TransportStatus | ExchangeHealth): string =>
  'reason' in status ? `${status.state}: ${status.reason}` : status.state;

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

const listenForInterruption = (
  running: Run,
  flags: RunFlags,
  { onInterrupt, err, exit }: Terminal,
): { heard: boolean } => {
  const release = flags.release === true;
  const interruption = { heard: false };
  onInterrupt(() => {
    if (interruption.heard) exit(EXIT.interrupted);
    interruption.heard = true;
    if (release)
      err.write('letting the areas go, which takes two market slots; Ctrl-C again leaves at once\n');
    void running.stop({ release });
  });
  return interruption;
};

const theEnd = async (running: Run, venue: Venue): Promise<RunEnd> => {
  let over = false;
  const done = running.done.finally(() => (over = true));
  await venue.passTime(() => over);
  return done;
};

const conclude = (
  end: RunEnd,
  trouble: Trouble,
  interruption: { readonly heard: boolean },
  { err }: Terminal,
): number => {
  if (end.reason === 'failed') {
    err.write(`error: ${end.error.message}\n`);
    return exitCodeOf(end.error);
  }
  if (trouble.exchange !== undefined) {
    err.write(`error: ${trouble.exchange}\n`);
    return EXIT.failed;
  }
  if (end.reason === 'stopped')
    for (const { name, ...area } of end.releases ?? [])
      err.write(area.status === 'kept' ? `${name} stays taken: ${area.reason}\n` : `${name} is free again\n`);
  if (interruption.heard) {
    err.write('interrupted: every command given has its outcome; open orders end with their slot\n');
    return EXIT.interrupted;
  }
  if (end.reason === 'disconnected') err.write('error: the connection ended before the simulation did\n');
  if (trouble.failures > 0) err.write(`error: ${trouble.failures} failures in this run, told above\n`);
  return end.reason === 'finished' && trouble.failures === 0 ? EXIT.ok : EXIT.failed;
};
