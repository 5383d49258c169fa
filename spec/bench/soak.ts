import { endlessRun } from './endlessRun.ts';
import { liveSubscriptions } from './liveSubscriptions.ts';

// What a client keeps of a million events: nothing. Ends with 1 when the heap grows or anything is left behind.

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const SAMPLES = 20;
/** What engine and caches have learned by then is not counted, events. */
const WARM_UP = EVENTS / 10;
const MOST_MB = 1;

const collect = globalThis.gc;
if (collect === undefined) throw new Error('The heap can be measured only with node --expose-gc.');
const heapMB = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

const resources = (): string => process.getActiveResourcesInfo().sort().join();
const before = resources();
const live = liveSubscriptions();
const { events, timers, passUntil, end } = endlessRun();
const started = performance.now();
const samples = Array.from({ length: SAMPLES }, (_, index) => {
  passUntil(WARM_UP + (index * EVENTS) / (SAMPLES - 1));
  const seconds = Math.round((performance.now() - started) / 1_000);
  return {
    ...{ events: events(), heapMB: heapMB() },
    ...{ subscriptions: live.count(), timers: timers(), seconds },
  };
});
await end();
live.end();

/** The slope of the line of least squares, MB per 100,000 events. */
const slope = (): number => {
  const mean = (figures: readonly number[]) => figures.reduce((sum, figure) => sum + figure, 0) / SAMPLES;
  const [events, heap] = [mean(samples.map((each) => each.events)), mean(samples.map((each) => each.heapMB))];
  const rise = mean(samples.map((each) => (each.events - events) * (each.heapMB - heap)));
  return (100_000 * rise) / mean(samples.map((each) => (each.events - events) ** 2));
};

/* eslint-disable no-console */
console.table(samples.map((each) => ({ ...each, heapMB: Number(each.heapMB.toFixed(2)) })));
console.log(`heap: ${slope().toFixed(3)} MB per 100,000 events`);
console.log(`left behind: ${live.count()} subscriptions, resources as before: ${resources() === before}`);
/** Now and then a question is under way, so the least of some samples is looked at. */
const least = (some: typeof samples): number => Math.min(...some.map(({ subscriptions }) => subscriptions));
const isGrown = least(samples.slice(-5)) > least(samples.slice(0, 5));
if (slope() > MOST_MB || isGrown || live.count() > 0 || resources() !== before) process.exitCode = 1;
