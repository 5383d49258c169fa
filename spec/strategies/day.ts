import { expect } from 'chai';
import {
  memoryBus,
  memoryTransport,
  run,
  type AreaChoice,
  type Failure,
  type Outcome,
  type OutcomeKind,
  type RunEnd,
  type Strategy,
} from 'gsy-rx';
import {
  defaultCommunity,
  openSandbox,
  traitsOf,
  type AssetResult,
  type Community,
  type Results,
} from 'gsy-rx/sandbox';
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

/**
 * Lets a strategy trade for all areas of a community, or for some of them, for its whole virtual day; for the rest the
 * exchange trades.
 */
export const aDayOf = async (
  strategy: Strategy,
  community: Community = defaultCommunity,
  areas: AreaChoice = 'all',
): Promise<Day> => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  let commands = 0;
  const counted: Strategy = (market) => strategy(market).pipe(tap(() => (commands += 1)));
  const trading = run({
    transport: memoryTransport(bus),
    strategy: counted,
    aggregator: 'day',
    areas,
    scheduler,
    ...traitsOf(community),
  });
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  trading.outcome$.subscribe((outcome) => outcomes.push(outcome));
  trading.failure$.subscribe((failure) => failures.push(failure));
  sandbox.start();
  scheduler.flush();
  return { end: await trading.done, commands, outcomes, failures, results: sandbox.results() };
};

/** The day went to its end, every command has one outcome, and nothing was sent that is dangerous. */
export const expectOrder = ({ end, failures, commands, outcomes, results }: Day): void => {
  expect(end).to.deep.equal({ reason: 'finished' });
  expect(failures).to.deep.equal([]);
  expect(commands).to.be.above(0);
  expect(outcomes).to.have.length(commands);
  expect(new Set(outcomes.map(({ command }) => command)).size).to.equal(commands);
  expect(results.dangers).to.equal(0);
};

/** What is bought has been sold, what is paid has been earned or is a fee, and something was traded at all. */
export const expectConservation = ({ results: { assets, markets } }: Day): void => {
  const sum = (figure: Figure) => assets.reduce((total, asset) => total + asset[figure], 0);
  const feesCents = markets.reduce((total, market) => total + market.feesCents, 0);
  expect(sum('boughtKWh')).to.be.above(0);
  expect(sum('boughtKWh')).to.be.closeTo(sum('soldKWh'), 1e-6);
  expect(sum('paidCents')).to.be.closeTo(sum('earnedCents') + feesCents, 1e-6);
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

/** What has become of the asset of this name. */
export const assetOf = ({ results }: Day, name: string): AssetResult => {
  const asset = results.assets.find((candidate) => candidate.name === name);
  if (asset === undefined) throw new Error(`there is no asset ${name}`);
  return asset;
};
