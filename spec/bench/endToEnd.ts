import { deepStrictEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBoth, type Client } from './client.ts';
import { commandsPerEvent, eventSeries, treeTexts } from './events.ts';
import type { BenchExchange } from './exchange.ts';
import { assetsOf, quantile, SIZES, type Effort, type Figure, type Measure } from './figures.ts';

/** How many events are measured of each client. */
const EVENTS: Readonly<Record<(typeof SIZES)[number], number>> = {
  10: 2_000,
  100: 1_500,
  1_000: 400,
  10_000: 100,
};

/** The least time between two events, ms: each finds its client at rest. */
const REST_MS = 2;

const RATIOS: Readonly<Record<(typeof SIZES)[number], number>> = {
  10: 1.05,
  100: 1.05,
  1_000: 0.9,
  10_000: 0.95,
};

/** Gives one client events, each once the former is over, and keeps the times. */
const asking = (exchange: BenchExchange, client: Client, assets: number) => {
  const times: number[] = [];
  const ask = async (event: Uint8Array) => {
    const { ms, commands } = await exchange.ask(client.aggregatorUuid, event, commandsPerEvent(assets));
    times.push(ms);
    await client.usageAfter(times.length);
    await sleep(REST_MS);
    return commands;
  };
  return { times, ask };
};

/** Both clients get the same events in turn; gives the times to the last command of the answer, ms. */
const latencies = async (assets: (typeof SIZES)[number], { quick }: Effort) => {
  const both = await startBoth(assets);
  const ours = asking(both.exchange, both.ours, assets);
  const floor = asking(both.exchange, both.floor, assets);
  const events = quick ? Math.max(20, EVENTS[assets] / 10) : EVENTS[assets];
  const warmUp = Math.ceil(events / 4);
  const series = eventSeries(treeTexts(assets, 0.1, 10));
  for (let number = 0; number < warmUp + events; number += 1) {
    const event = Buffer.from(series.next().value);
    const [first, second] = number % 2 === 0 ? ([ours, floor] as const) : ([floor, ours] as const);
    const commands = await first.ask(event);
    const others = await second.ask(event);
    // The same arithmetic: every order is the same to the last digit.
    if (number < warmUp) deepStrictEqual(commands, others);
  }
  await both.stop();
  return { ours: ours.times.slice(warmUp), floor: floor.times.slice(warmUp) };
};

/** From an event published on Redis to its batch received on Redis, beside a bare ioredis loop. */
export const measure: Measure = async (effort) => {
  const figures: Figure[] = [];
  for (const assets of SIZES) {
    const times = await latencies(assets, effort);
    for (const { name, share, ratioAtMost, volatile } of [
      { name: 'p50', share: 0.5, ratioAtMost: RATIOS[assets], volatile: false },
      { name: 'p99', share: 0.99, ratioAtMost: 1.25, volatile: true },
    ]) {
      const [ours, floor] = [quantile(times.ours, share), quantile(times.floor, share)];
      figures.push({
        name: `event to batch, ${name}, ${assetsOf(assets)}`,
        unit: 'ms',
        ours,
        floor,
        ratio: ours / floor,
        ratioAtMost,
        volatile,
      });
    }
  }
  return figures;
};
