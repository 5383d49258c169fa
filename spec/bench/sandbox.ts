import { memoryBus, memoryTransport, run, type Strategy } from 'gsy-rx';
import { defaultCommunity, openSandbox, type Community } from 'gsy-rx/sandbox';
import { VirtualTimeScheduler } from 'rxjs';
import basic from '../../strategies/basic.ts';
import { communityOf } from './community.ts';
import { median, type Figure, type Measure } from './figures.ts';

interface Day {
  readonly name: string;
  readonly community: Community;
  /** The client that controls every asset; without one they are left to the exchange's own strategies. */
  readonly strategy?: Strategy;
  readonly times: number;
  /** How often it passes before, for the compiler; not at all unless said otherwise. */
  readonly warmUp?: number;
  readonly atLeast?: number;
}

// Days of very many homes are shorter.
const DAYS: readonly Day[] = [
  { name: 'default community', community: defaultCommunity, times: 20, warmUp: 20, atLeast: 1_000 },
  { name: 'default community, basic', community: defaultCommunity, strategy: basic, times: 9, warmUp: 3 },
  { name: '10 homes', community: communityOf(10), times: 9, warmUp: 3 },
  { name: '100 homes', community: communityOf(100), times: 3 },
  { name: '1,000 homes', community: { ...communityOf(1_000), slots: 12 }, times: 1 },
  { name: '10 homes, basic', community: communityOf(10), strategy: basic, times: 5, warmUp: 1 },
  { name: '100 homes, basic', community: communityOf(100), strategy: basic, times: 3 },
  { name: '1,000 homes, basic', community: { ...communityOf(1_000), slots: 12 }, strategy: basic, times: 1 },
];

/** Lets a day pass in virtual time; gives the slots in a second of ours. */
const slotsPerS = ({ community, strategy }: Day): number => {
  const sinceMs = performance.now();
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  if (strategy !== undefined)
    run({ transport: memoryTransport(bus), strategy, aggregator: 'bench', scheduler });
  sandbox.start();
  scheduler.flush();
  return (community.slots * 1_000) / (performance.now() - sinceMs);
};

/** How fast the embedded exchange is: days in virtual time, alone and with a client that controls every asset. */
export const measure: Measure = ({ quick }) =>
  Promise.resolve(
    DAYS.map((day): Figure => {
      const { warmUp = 0, times } = day;
      const count = quick ? Math.ceil(times / 3) : times;
      const rates = Array.from({ length: warmUp + count }, () => slotsPerS(day)).slice(warmUp);
      return {
        name: `sandbox, ${day.name}`,
        unit: 'slots/s',
        ours: median(rates),
        ...(day.atLeast !== undefined && { atLeast: day.atLeast }),
      };
    }),
  );
