import { startBoth, type Client } from './client.ts';
import type { Usage } from './duties.ts';
import { commandsPerEvent, eventSeries, treeTexts } from './events.ts';
import type { BenchExchange } from './exchange.ts';
import { assetsOf, median, SIZES, type Effort, type Figure, type Measure } from './figures.ts';

const EVENTS = 1_000;
const QUICK_EVENTS: Readonly<Record<(typeof SIZES)[number], number>> = {
  10: 500,
  100: 300,
  1_000: 100,
  10_000: 20,
};

/** In so many stretches the clients take turns; the first half of them is compared with the second. */
const STRETCHES = 10;

/** What a client did, stretch by stretch. */
interface Course {
  readonly eventsPerS: number[];
  readonly cpuMsPerEvent: number[];
  readonly peakMB: number[];
}

/** A client that gets a stretch of events whenever it is its turn. */
const contender = (client: Client, exchange: BenchExchange, assets: number) => {
  const course: Course = { eventsPerS: [], cpuMsPerEvent: [], peakMB: [] };
  const commands = commandsPerEvent(assets);
  let over = 0;
  let before: Usage | undefined;
  const run = async (events: readonly Uint8Array[]): Promise<void> => {
    before ??= await client.usageAfter(0);
    const sinceMs = performance.now();
    // The next event comes with the replies to the last, so that a client always has something to do.
    for (const event of events) await exchange.ask(client.aggregatorUuid, event, commands);
    over += events.length;
    const usage = await client.usageAfter(over);
    course.eventsPerS.push((events.length * 1_000) / (performance.now() - sinceMs));
    course.cpuMsPerEvent.push((usage.cpuMs - before.cpuMs) / events.length);
    course.peakMB.push(usage.peakMB);
    before = usage;
  };
  return { course, run };
};

/** The courses of both clients, which get the same events in turn. */
const courses = async (assets: (typeof SIZES)[number], effort: Effort) => {
  const both = await startBoth(assets, effort);
  const ours = contender(both.ours, both.exchange, assets);
  const floor = contender(both.floor, both.exchange, assets);
  const series = eventSeries(treeTexts(assets, 0.1, 10));
  const events = (effort.quick ? QUICK_EVENTS[assets] : EVENTS) / STRETCHES;
  for (let turn = 0; turn < STRETCHES; turn += 1) {
    const texts = Array.from({ length: events }, () => Buffer.from(series.next().value));
    await ours.run(texts);
    await floor.run(texts);
  }
  await both.stop();
  return { ours: ours.course, floor: floor.course };
};

type Courses = Awaited<ReturnType<typeof courses>>;

const ratios = ({ ours, floor }: Courses, of: keyof Course): readonly number[] =>
  ours[of].map((value, turn) => value / (floor[of][turn] ?? NaN));

const speed = (assets: number, both: Courses): readonly Figure[] => {
  const rate = { ours: median(both.ours.eventsPerS), floor: median(both.floor.eventsPerS) };
  const commands = commandsPerEvent(assets);
  const size = assetsOf(assets);
  return [
    { name: `sustained, ${size}`, unit: 'events/s', ...rate, ratio: 1 / median(ratios(both, 'eventsPerS')) },
    {
      name: `sustained, commands, ${size}`,
      unit: 'commands/s',
      ours: rate.ours * commands,
      floor: rate.floor * commands,
    },
    {
      name: `CPU per 1,000 events, ${size}`,
      unit: 's',
      ours: median(both.ours.cpuMsPerEvent),
      floor: median(both.floor.cpuMsPerEvent),
      ratio: median(ratios(both, 'cpuMsPerEvent')),
    },
  ];
};

const memory = (assets: number, { ours, floor }: Courses, { quick }: Effort): readonly Figure[] => {
  const [firstHalfMB = NaN, wholeMB = NaN] = [ours.peakMB[STRETCHES / 2 - 1], ours.peakMB.at(-1)];
  const floorMB = floor.peakMB.at(-1) ?? NaN;
  const peak: Figure = {
    name: `peak memory, ${assetsOf(assets)}`,
    unit: 'MB',
    ours: wholeMB,
    floor: floorMB,
    ratio: wholeMB / floorMB,
    ...(assets === 10_000 && { ratioAtMost: 1.3 }),
  };
  // A few events do not show whether it goes on growing.
  if (quick) return [peak];
  const name = `peak memory, whole by first half, ${assetsOf(assets)}`;
  return [peak, { name, unit: '×', ours: wholeMB / firstHalfMB, atMost: 1.1 }];
};

/** How much the ratio of CPU time to the floor's grows from the smallest grid to any larger one. */
const growth = (all: readonly Courses[]): Figure => {
  const [first = NaN, ...others] = all.map((each) => median(ratios(each, 'cpuMsPerEvent')));
  return {
    name: 'CPU per event by floor, growth',
    unit: '×',
    ours: Math.max(...others) / first,
    atMost: 1.15,
  };
};

/** Events as fast as a client takes them, beside a bare ioredis loop: rates, CPU time and memory. */
export const measure: Measure = async (effort) => {
  const figures: Figure[] = [];
  const all: Courses[] = [];
  for (const assets of SIZES) {
    const both = await courses(assets, effort);
    all.push(both);
    figures.push(...speed(assets, both), ...memory(assets, both, effort));
  }
  return [...figures, growth(all)];
};
