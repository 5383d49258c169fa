import { GsyError } from '../errors.ts';

/**
 * The wall clock's time, `HH:mm`, at which a slot begins in a market's time zone.
 *
 * A day has 23, 24 or 25 hours there, 92, 96 or 100 slots of a quarter of an hour: in spring some times do not occur, in
 * autumn some occur twice.
 *
 * @param slot `YYYY-MM-DDTHH:mm`, UTC, as events have it
 * @param zone an IANA name
 * @throws GsyError `ERR_GSY_OPTIONS` for a zone that is not known or a text that is no slot
 * @example clockTime('2026-06-21T12:00', 'Europe/Berlin') // '14:00'
 */
export const clockTime = (slot: string, zone: string): string => localTime(slot, zone).slice(11);

/**
 * The day, `YYYY-MM-DD`, on which a slot begins in a market's time zone.
 *
 * @param slot `YYYY-MM-DDTHH:mm`, UTC, as events have it
 * @param zone an IANA name
 * @throws GsyError `ERR_GSY_OPTIONS` for a zone that is not known or a text that is no slot
 * @example marketDay('2026-06-21T22:15', 'Europe/Berlin') // '2026-06-22'
 */
export const marketDay = (slot: string, zone: string): string => localTime(slot, zone).slice(0, 10);

/** The wall clock's `YYYY-MM-DDTHH:mm` at which a slot begins. Texts of one day compare as its times do. */
export const localTime = (slot: string, zone: string): string => {
  const clock = zoneClock('zone', zone);
  const beginMs = Date.parse(`${slot}Z`);
  if (Number.isNaN(beginMs))
    throw new GsyError('ERR_GSY_OPTIONS', `"${slot}" is no slot like 2026-06-21T12:00.`);
  return clock.format(beginMs).replace(' ', 'T');
};

/** Whether this is the name of a time zone. */
export const isTimeZone = (value: unknown): value is string =>
  typeof value === 'string' && clockOf(value) !== undefined;

/**
 * The option's value if it is a time zone.
 *
 * @throws GsyError `ERR_GSY_OPTIONS`, naming the option
 */
export const marketZone = (option: string, zone: string): string => {
  zoneClock(option, zone);
  return zone;
};

const zoneClock = (option: string, zone: string): Intl.DateTimeFormat => {
  const clock = clockOf(zone);
  if (clock !== undefined) return clock;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    `${option} must be a time zone such as Europe/Berlin, not "${zone}".`,
  );
};

/** The clocks of the zones that were asked for: to make one takes fifty times as long as to look at it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

const clockOf = (zone: string): Intl.DateTimeFormat | undefined => {
  const clock = clocks.get(zone) ?? clockIn(zone);
  if (clock !== undefined) clocks.set(zone, clock);
  return clock;
};

/** Swedish writes dates as ISO 8601 does, with a blank before the time. */
const clockIn = (timeZone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone });
  } catch {
    return undefined;
  }
};

/**
 * The option's value if it is a time of the day, `HH:mm`.
 *
 * @throws GsyError `ERR_GSY_OPTIONS`, naming the option
 */
export const timeOfDay = (option: string, time: string): string => {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return time;
  throw new GsyError('ERR_GSY_OPTIONS', `${option} must be a time of the day such as 07:30, not "${time}".`);
};
