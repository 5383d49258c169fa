import { randomUUID } from 'node:crypto';
import { firstValueFrom, take, type Observable } from 'rxjs';
import type { AreaChoice } from '../aggregator.ts';
import { GsyError } from '../errors.ts';
import { ledger } from '../report/ledger.ts';
import { summary } from '../report/table.ts';
import { trouble } from '../report/trouble.ts';
import { run, type Run, type RunEnd } from '../run.ts';
import type { ExchangeTraits } from '../sink/refusal.ts';
import { present } from '../wire/present.ts';
import { askedToEnd, type EarlyEnd } from './askedToEnd.ts';
import { conclude } from './conclusion.ts';
import type { Log } from './log.ts';
import { openMeters } from './meters.ts';
import { showProgress } from './progressBar.ts';
import { logRun } from './runLog.ts';
import { settingsFor, type Settings } from './settings.ts';
import { loadStrategy, type StrategyFile } from './strategyFile.ts';
import type { Terminal } from './terminal.ts';
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
  readonly cancelOrders?: true;
  readonly stopWithin?: number;
  readonly metricsPort?: number;
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
  const early$ = askedToEnd(terminal);
  const file = await loadStrategy(nameOf(strategyName, flags), flags.baseSetupPath);
  const strategy = file.strategy.with(
    await settingsFor(file.strategy.parameters, flags.param ?? new Map<string, string>()),
  );
  const areas = areasOf(flags, file);
  const venue = await venueOf(flags, terminal, log);
  const meters = await openMeters(flags.metricsPort, venue.scheduler, log);
  const aggregator = flags.aggregator ?? file.options.aggregator ?? file.name;
  const marketType = flags.marketType ?? venue.marketType ?? 'two-sided';
  const runLog = log.about({ run: randomUUID(), aggregator });
  runLog(
    'info',
    `${file.name} trades on ${venue.name}, as aggregator ${aggregator}, in a ${marketType} market`,
  );
  const transport = meters.measured(traced(venue.transport, runLog));
  const running = run({
    transport,
    strategy,
    aggregator,
    areas,
    scheduler: venue.scheduler,
    marketType,
    degreesOfFreedom: flags.degreesOfFreedom ?? venue.degreesOfFreedom ?? false,
    ...present({ feeUnit: venue.feeUnit }),
  });
  meters.watch(running);
  return attend(running, { venue, areas, early$, flags, terminal, log: runLog }).finally(() =>
    meters.close(),
  );
};

/** A run and all that is around it. */
interface Attended {
  readonly venue: Venue;
  readonly areas: AreaChoice;
  readonly early$: Observable<EarlyEnd>;
  readonly flags: RunFlags;
  readonly terminal: Terminal;
  readonly log: Log;
}

/** Follows a run to its end and tells of it; gives the exit code. */
const attend = async (
  running: Run,
  { venue, areas, early$, flags, terminal, log }: Attended,
): Promise<number> => {
  const books = firstValueFrom(ledger(running.market.event$, running.outcome$));
  const troubles = firstValueFrom(trouble(running));
  logRun(running, log);
  let early: EarlyEnd | undefined;
  early$.pipe(take(1)).subscribe((cause) => {
    early = cause;
    stop(running, cause, flags, log);
  });
  const progress = showProgress(venue.progress$(running.market), terminal);
  venue.start();
  const end = await theEnd(running, venue);
  venue.stop();
  progress.stop();
  const wrong = await troubles;
  if (end.reason !== 'failed') terminal.out.write(summary(await books, wrong));
  return conclude({ end, early, trouble: wrong, areas, cancelOrders: flags.cancelOrders === true }, log);
};

// Who has met with an accident does not stay for two market slots to let areas go.
const stop = (
  running: Run,
  cause: EarlyEnd,
  { release, cancelOrders, stopWithin }: RunFlags,
  log: Log,
): void => {
  const releasing = release === true && cause !== 'accident';
  if (releasing)
    log('info', 'letting the areas go, which takes two market slots; Ctrl-C again leaves at once');
  void running.stop({
    release: releasing,
    ...present({ cancelOrders, withinMs: stopWithin }),
  });
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

const theEnd = async (running: Run, venue: Venue): Promise<RunEnd> => {
  let over = false;
  const done = running.done.finally(() => (over = true));
  await venue.passTime(() => over);
  return done;
};
