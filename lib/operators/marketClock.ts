import { DateTime, IANAZone } from 'luxon';
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
  const local = DateTime.fromISO(slot, { zone: 'UTC' }).setZone(marketZone('zone', zone));
  const text = local.toISO();
  if (text === null) throw new GsyError('ERR_GSY_OPTIONS', `"${slot}" is no slot like 2026-06-21T12:00.`);
  return text.slice(0, 16);
};

/**
 * The option's value if it is a time zone.
 *
 * @throws GsyError `ERR_GSY_OPTIONS`, naming the option
 */
export const marketZone = (option: string, zone: string): string => {
  if (IANAZone.isValidZone(zone)) return zone;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    `${option} must be a time zone such as Europe/Berlin, not "${zone}".`,
  );
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
