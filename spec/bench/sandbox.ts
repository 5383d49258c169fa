import { memoryBus, memoryTransport, run, type Strategy } from 'gsy-rx';
import { defaultCommunity, openSandbox, type Community } from 'gsy-rx/sandbox';
import { VirtualTimeScheduler } from 'rxjs';
import { Bench } from 'tinybench';
import basic from '../../strategies/basic.ts';
import { communityOf } from './community.ts';

// How fast the embedded exchange is: whole days in virtual time, alone and with a client that controls every asset.

/** Lets a day pass; without a strategy every asset is left to the exchange's own. */
const day = (community: Community, strategy?: Strategy): void => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  if (strategy !== undefined)
    run({ transport: memoryTransport(bus), strategy, aggregator: 'bench', scheduler });
  sandbox.start();
  scheduler.flush();
};

interface Case {
  readonly name: string;
  readonly community: Community;
  readonly strategy?: Strategy;
  /** How often the day is measured. */
  readonly times: number;
}

const CASES: readonly Case[] = [
  { name: 'default day, own strategies', community: defaultCommunity, times: 20 },
  { name: 'default day, basic', community: defaultCommunity, strategy: basic, times: 10 },
  { name: '100 homes, basic', community: communityOf(100), strategy: basic, times: 3 },
  { name: '1,000 homes, basic', community: communityOf(1_000), strategy: basic, times: 1 },
];

const measured = async ({ name, community, strategy, times }: Case): Promise<object> => {
  const bench = new Bench({ time: 0, iterations: times, warmup: times > 3 });
  bench.add(name, () => day(community, strategy));
  const [task] = await bench.run();
  const medianMs = task?.result !== undefined && 'latency' in task.result ? task.result.latency.p50 : NaN;
  return {
    day: name,
    'median s': Number((medianMs / 1_000).toFixed(2)),
    'slots/s': Math.round((community.slots * 1_000) / medianMs),
    'memory so far, MB': Math.round(process.resourceUsage().maxRSS / 1_000),
  };
};

/** A name, or a part of one, chooses among the days. */
const [wanted = ''] = process.argv.slice(2);
const rows: object[] = [];
for (const each of CASES.filter(({ name }) => name.includes(wanted))) rows.push(await measured(each));
console.table(rows); // eslint-disable-line no-console
