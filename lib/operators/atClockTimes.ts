import type { MonoTypeOperatorFunction } from 'rxjs';
import { filterSlots } from './filterSlots.ts';
import { localTime, marketZone, timeOfDay } from './marketClock.ts';

/** Times of the day on a market's wall clock. */
export interface ClockTimes {
  /** `HH:mm` */
  readonly times: readonly string[];
  /** The market's time zone, as `Europe/Berlin`. */
  readonly zone: string;
}

/**
 * Lets through the moments of the slots that begin at these times of the market's wall clock.
 *
 * A time between two slots, and one that the clock skips in spring, is met by the first slot after it; one that comes
 * twice in autumn is met the first time. What was missed before the first moment is not made up for.
 *
 * ```
 * moment                  -a-b-C-D-|      a, b: in the slot of 06:45, C, D: in that of 07:00
 * atClockTimes(at 07:00)  -----C-D-|
 * ```
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for a text that is no time of the day and for a zone that is not known
 * @example
 * marketSlot$.pipe(
 *   atClockTimes({ times: ['07:00', '17:00'], zone: 'Europe/Berlin' }),
 *   eachMarket(),
 *   named('Community'),
 *   map(({ market }) => gridFees(market.uuid, 2)),
 * );
 */
export const atClockTimes = <M extends { readonly slot: string }>({
  times,
  zone,
}: ClockTimes): MonoTypeOperatorFunction<M> => {
  const clock = times.map((time) => timeOfDay('atClockTimes: times', time));
  const marketTimes = marketZone('atClockTimes: zone', zone);
  return filterSlots(() => {
    /** The latest local time so far; in autumn it stands still until the repeated hour is over. */
    let latest: string | undefined;
    return (slot) => {
      const now = localTime(slot, marketTimes);
      const before = latest;
      if (latest === undefined || now > latest) latest = now;
      if (before === undefined) return clock.includes(now.slice(11));
      const days = new Set([before.slice(0, 10), now.slice(0, 10)]);
      return [...days].some((day) => clock.some((time) => isBetween(before, `${day}T${time}`, now)));
    };
  });
};

const isBetween = (after: string, time: string, upTo: string): boolean => after < time && time <= upTo;
