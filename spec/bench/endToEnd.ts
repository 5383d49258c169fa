import { deepStrictEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBoth, type Client } from './client.ts';
import { commandsPerEvent, eventSeries, treeTexts } from './events.ts';
import type { BenchExchange } from './exchange.ts';
import { assetsOf, median, quantile, SIZES, type Effort, type Figure, type Measure } from './figures.ts';

/** How a size is measured: each time with two fresh clients, which get so many events. */
interface Course {
  readonly times: number;
  /** The compiler knows by then what the clients do. */
  readonly warmUp: number;
  /** One after the other. */
  readonly inARow: number;
  /** After a rest each, as in a market. */
  readonly rested: number;
}

type Assets = (typeof SIZES)[number];

const COURSES: Readonly<Record<Assets, Course>> = {
  10: { times: 3, warmUp: 6_000, inARow: 4_000, rested: 200 },
  100: { times: 3, warmUp: 3_000, inARow: 2_000, rested: 200 },
  1_000: { times: 3, warmUp: 500, inARow: 500, rested: 100 },
  10_000: { times: 1, warmUp: 25, inARow: 100, rested: 30 },
};

const courseOf = (assets: Assets, { quick }: Effort): Course => {
  const { warmUp, inARow, rested } = COURSES[assets];
  const some = (events: number) => Math.max(20, events / 10);
  return quick
    ? { times: 1, warmUp: some(warmUp), inARow: some(inARow), rested: some(rested) }
    : COURSES[assets];
};

/** How long both clients have nothing to do before an event that comes after a rest, ms. */
const REST_MS = 20;

const RATIOS: Readonly<Record<Assets, number>> = {
  10: 1.05,
  100: 1.05,
  1_000: 0.9,
  10_000: 0.95,
};

/** Gives a client an event, and waits until it has done with the replies to its answer. */
const asking = (exchange: BenchExchange, client: Client, assets: number) => {
  let over = 0;
  return async (event: Uint8Array) => {
    const answer = await exchange.ask(client.aggregatorUuid, event, commandsPerEvent(assets));
    await client.usageAfter((over += 1));
    return answer;
  };
};

/** The times of two clients to the last command of the answer, ms. */
interface Times {
  readonly ours: number[];
  readonly floor: number[];
}

const noTimes = (): Times => ({ ours: [], floor: [] });

/** Both clients get the same events in turn. */
const latencies = async (assets: Assets, { warmUp, inARow, rested }: Course, effort: Effort) => {
  const both = await startBoth(assets, effort);
  const ask = {
    ours: asking(both.exchange, both.ours, assets),
    floor: asking(both.exchange, both.floor, assets),
  };
  const series = eventSeries(treeTexts(assets, 0.1, 10));
  const first = noTimes();
  const stages = [
    { times: first, events: warmUp, restMs: 0 },
    { times: noTimes(), events: inARow, restMs: 0 },
    { times: noTimes(), events: rested, restMs: REST_MS },
  ] as const;
  for (const { times, events, restMs } of stages)
    for (let number = 0; number < events; number += 1) {
      const event = Buffer.from(series.next().value);
      const commands: object[] = [];
      for (const client of number % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)) {
        if (restMs > 0) await sleep(restMs);
        const answer = await ask[client](event);
        times[client].push(answer.ms);
        commands.push(answer.commands);
      }
      // The same arithmetic: every order is the same to the last digit.
      if (times === first) deepStrictEqual(commands[0], commands[1]);
    }
  await both.stop();
  return { inARow: stages[1].times, rested: stages[2].times };
};

const ratioOf = ({ ours, floor }: Times, share: number): number =>
  quantile(ours, share) / quantile(floor, share);

/** Out of several courses, what lies in the middle. */
const figureOf = (
  name: string,
  courses: readonly Times[],
  { share, ...target }: { share: number } & Pick<Figure, 'ratioAtMost' | 'volatile'>,
): Figure => ({
  name,
  unit: 'ms',
  ours: median(courses.map(({ ours }) => quantile(ours, share))),
  floor: median(courses.map(({ floor }) => quantile(floor, share))),
  ratio: median(courses.map((times) => ratioOf(times, share))),
  ...target,
});

/** From an event published on Redis to its batch received on Redis, beside a bare ioredis loop. */
export const measure: Measure = async (effort) => {
  const figures: Figure[] = [];
  for (const assets of SIZES) {
    const course = courseOf(assets, effort);
    const [inARow, rested]: [Times[], Times[]] = [[], []];
    for (let time = 0; time < course.times; time += 1) {
      const times = await latencies(assets, course, effort);
      inARow.push(times.inARow);
      rested.push(times.rested);
    }
    const size = assetsOf(assets);
    figures.push(
      figureOf(`event to batch, p50, ${size}`, inARow, { share: 0.5, ratioAtMost: RATIOS[assets] }),
      figureOf(`event to batch, p99, ${size}`, inARow, { share: 0.99, ratioAtMost: 1.25, volatile: true }),
      figureOf(`event to batch after a rest, p50, ${size}`, rested, { share: 0.5 }),
    );
  }
  return figures;
};
