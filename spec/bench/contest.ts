import { Bench } from 'tinybench';
import { median, type Effort, type Figure } from './figures.ts';

/** The same work done by us and by the floor. */
export interface Contest {
  readonly ours: () => unknown;
  readonly floor: () => unknown;
}

/** A block of calls lasts so long or longer, ms: reading the clock costs a microsecond. */
const BLOCK_MS = 1;
const WARM_UP_MS = 100;

/**
 * Lets the two take turns; gives the medians of all rounds, in µs of CPU time, and that of the ratios within each round.
 * The rounds are short and many, for the machine is faster and slower by turns.
 * CPU time counts what the garbage collector's threads do and leaves out what other processes do.
 */
export const contest = async (
  { ours, floor }: Contest,
  { quick }: Effort,
): Promise<Pick<Figure, 'unit' | 'ours' | 'floor' | 'ratio'>> => {
  const blocks = [
    { name: 'ours', ...blockOf(ours) },
    { name: 'floor', ...blockOf(floor) },
  ] as const;
  const rounds: { readonly ours: number; readonly floor: number }[] = [];
  for (let round = 0; round < (quick ? 11 : 45); round += 1) {
    const bench = new Bench({
      time: quick ? 25 : 40,
      iterations: 1,
      now: cpuMs,
      warmup: false,
      throws: true,
    });
    // Who comes first has the caches of the other to fill: each does in turn.
    for (const { name, run } of round % 2 === 0 ? blocks : blocks.toReversed()) bench.add(name, run);
    await bench.run();
    const [us, bare] = blocks.map(({ name, calls }) => medianUs(bench, name) / calls);
    rounds.push({ ours: us ?? NaN, floor: bare ?? NaN });
  }
  return {
    unit: 'µs of CPU',
    ours: median(rounds.map((each) => each.ours)),
    floor: median(rounds.map((each) => each.floor)),
    ratio: median(rounds.map((each) => each.ours / each.floor)),
  };
};

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** As many calls as make a block; finding out is also for the compiler. */
const blockOf = (call: () => unknown) => {
  const sinceMs = cpuMs();
  let done = 0;
  for (; cpuMs() - sinceMs < WARM_UP_MS; done += 1) call();
  const calls = Math.max(1, Math.round((done * BLOCK_MS) / WARM_UP_MS));
  const run = () => {
    for (let i = 0; i < calls; i += 1) call();
  };
  return { calls, run };
};

const medianUs = (bench: Bench, name: string): number => {
  const result = bench.getTask(name)?.result;
  return result !== undefined && 'latency' in result ? result.latency.p50 * 1_000 : NaN;
};
