import {
  memoryBus,
  memoryTransport,
  run,
  type Failure,
  type Outcome,
  type OutcomeKind,
  type RunEnd,
  type Strategy,
} from 'gsy-rx';
import { defaultCommunity, openSandbox, type AssetResult, type Results } from 'gsy-rx/sandbox';
import { tap, VirtualTimeScheduler } from 'rxjs';

/** What a strategy has come to after a day. */
export interface Day {
  readonly end: RunEnd;
  /** How many commands the strategy gave. */
  readonly commands: number;
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
  readonly results: Results;
}

/** Lets a strategy trade for all homes of the default community for a whole day of virtual time. */
export const aDayOf = async (strategy: Strategy): Promise<Day> => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(defaultCommunity, { scheduler, bus });
  let commands = 0;
  const counted: Strategy = (market) => strategy(market).pipe(tap(() => (commands += 1)));
  const trading = run({ transport: memoryTransport(bus), strategy: counted, aggregator: 'day', scheduler });
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  trading.outcome$.subscribe((outcome) => outcomes.push(outcome));
  trading.failure$.subscribe((failure) => failures.push(failure));
  sandbox.start();
  scheduler.flush();
  return { end: await trading.done, commands, outcomes, failures, results: sandbox.results() };
};

/** How many of the outcomes are of each kind. */
export const kindsOf = ({ outcomes }: Day): Partial<Record<OutcomeKind, number>> => {
  const counts: Partial<Record<OutcomeKind, number>> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

type Figure = 'boughtKWh' | 'soldKWh' | 'demandKWh' | 'productionKWh' | 'paidCents' | 'earnedCents';

/** A figure of all assets of one type together. */
export const total = ({ results }: Day, type: AssetResult['type'], figure: Figure): number =>
  results.assets.filter((asset) => asset.type === type).reduce((sum, asset) => sum + asset[figure], 0);
