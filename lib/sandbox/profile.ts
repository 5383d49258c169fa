/**
 * Numbers by the time from which they hold until the next one: `HH:mm` of every day, or `YYYY-MM-DDTHH:mm` of certain
 * days (UTC); seconds may follow. The last holds until its midnight.
 */
export type TimedValues = Readonly<Record<string, number>>;

/** A profile by time: average powers in W, or energies in kWh, each of the time until the next one. */
export type TimedProfile = { readonly powerW: TimedValues } | { readonly energyKWh: TimedValues };

/** A rate in cents/kWh: the same always, or by the time at which a slot begins. */
export type RateByTime = number | TimedValues;

/** A moment of every day, or of one day. */
export interface Time {
  readonly daily: boolean;
  /** Since midnight, or of Unix time. */
  readonly ms: number;
}

/** What a time looks like. Whether there is such a day the form does not tell. */
export const TIME_FORM = /^(?:(\d{4}-\d\d-\d\d)T)?(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)$/;

/** A time by its text; undefined when it is none, or of a day that the calendar does not have. */
export const timeOf = (text: string): Time | undefined => {
  const [, day, time] = TIME_FORM.exec(text) ?? [];
  if (time === undefined) return undefined;
  const ms = Date.parse(`${day ?? '1970-01-01'}T${time}Z`);
  const real = day === undefined || (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day));
  return real ? { daily: day === undefined, ms } : undefined;
};

/** A number and how long it holds. */
export interface Step {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly value: number;
}

/** Timed numbers as steps in order of time, and whether they repeat each day. */
export interface Steps {
  readonly daily: boolean;
  readonly steps: readonly Step[];
}

/** A day, ms. */
export const DAY_MS = 86_400_000;

/** The steps of timed numbers whose times rise. */
export const stepsOf = (values: TimedValues): Steps => {
  const entries = Object.entries(values).flatMap(([text, value]) => {
    const time = timeOf(text);
    return time === undefined ? [] : [{ ...time, value }];
  });
  return {
    daily: entries[0]?.daily ?? true,
    steps: entries.map(({ ms, value }, index) => ({
      fromMs: ms,
      untilMs: entries[index + 1]?.ms ?? (Math.floor(ms / DAY_MS) + 1) * DAY_MS,
      value,
    })),
  };
};
