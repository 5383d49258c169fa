import type { MonoTypeOperatorFunction } from 'rxjs';
import { filterSlots } from './filterSlots.ts';
import { clockTime, marketZone, timeOfDay } from './marketClock.ts';

/** Hours of the day on a market's wall clock. */
export interface ClockHours {
  /** `HH:mm`; a slot that begins then is in. */
  readonly from: string;
  /** `HH:mm`; a slot that begins then is out. Before `from` it is a time of the next day. */
  readonly to: string;
  /** The market's time zone, as `Europe/Berlin`. */
  readonly zone: string;
}

/**
 * Lets through the moments of the slots that begin within these hours of the market's wall clock.
 *
 * Where the clock is put forward the hours are shorter that day, where it is put back longer. From a time to the same
 * time is the whole day.
 *
 * ```
 * moment                              -a-B-C-d-|      slots of 16:45, 17:00, 19:45 and 20:00
 * betweenClockTimes(17:00 to 20:00)   ---B-C---|
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for a text that is no time of the day and for a zone that is not known
 * @example
 * tick$.pipe(
 *   betweenClockTimes({ from: '17:00', to: '21:00', zone: 'Europe/Berlin' }),
 *   eachAsset(isStorage),
 *   sizeOffer(),
 *   atRate(25),
 *   placeOrder(),
 * );
 */
export const betweenClockTimes = <M extends { readonly slot: string }>({
  from,
  to,
  zone,
}: ClockHours): MonoTypeOperatorFunction<M> => {
  const begin = timeOfDay('betweenClockTimes: from', from);
  const end = timeOfDay('betweenClockTimes: to', to);
  const marketTimes = marketZone('betweenClockTimes: zone', zone);
  const isIn = (time: string) => (begin < end ? begin <= time && time < end : begin <= time || time < end);
  return filterSlots(() => (slot) => isIn(clockTime(slot, marketTimes)));
};
