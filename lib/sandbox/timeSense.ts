import { when, type Mistakes } from './checks.ts';
import { startOf, type Slots } from './community.ts';
import { isObject, type JsonObject } from './json.ts';
import { stepsOf, TIME_FORM, timeOf, type TimedValues } from './profile.ts';

/** A time, and where it stands. */
interface Placed {
  readonly time: string;
  readonly at: string;
}

/** What is wrong with times in a row: days that do not exist, two kinds of times, an order that does not rise. */
export const orderMistakes = (times: readonly Placed[]): Mistakes => {
  const first = timeOf(times[0]?.time ?? '');
  return times.flatMap(({ time, at }, index) => {
    const moment = timeOf(time);
    if (moment === undefined) return [`${at}: there is no such day`];
    if (index === 0) return when(moment.daily && moment.ms !== 0, at, 'times of the day begin at 00:00');
    if (moment.daily !== first?.daily) return [`${at}: times of the day and dated times are mixed`];
    const before = times[index - 1]?.time ?? '';
    const rises = moment.ms > (timeOf(before)?.ms ?? -Infinity);
    return when(!rises, at, `${time} does not come after ${before}`);
  });
};

/** What is wrong with the times of values: with each other, and for the days of the run. Others it passes over. */
export const timedSense = (values: unknown, at: string, community: JsonObject): Mistakes => {
  if (!isObject(values)) return [];
  const times = Object.keys(values).filter((time) => TIME_FORM.test(time));
  const mistakes = orderMistakes(times.map((time) => ({ time, at: `${at}["${time}"]` })));
  return mistakes.length > 0 || times.length === 0
    ? mistakes
    : coverage(values as TimedValues, at, community);
};

const coverage = (values: TimedValues, at: string, community: JsonObject): Mistakes => {
  const { daily, steps } = stepsOf(values);
  const { slots, slotLengthMinutes } = community;
  if (daily || typeof slots !== 'number' || typeof slotLengthMinutes !== 'number') return [];
  const startMs = startOf(community as unknown as Slots);
  const endMs = startMs + slots * slotLengthMinutes * 60_000;
  const [fromMs, untilMs] = [steps[0]?.fromMs ?? Infinity, steps.at(-1)?.untilMs ?? -Infinity];
  const found = `${minutes(fromMs)} to ${minutes(untilMs)}`;
  return Number.isNaN(endMs)
    ? []
    : when(
        fromMs > startMs || untilMs < endMs,
        at,
        `covers ${found}, but the run goes from ${minutes(startMs)} to ${minutes(endMs)}`,
      );
};

const minutes = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
