import { defer, type Observable } from 'rxjs';
import type { MarketEvent, SlotEvent } from '../model/events.ts';
import { mapDefined } from '../operators/mapDefined.ts';

/**
 * How many market slots were missed, whenever some were: between two that were heard of there are others, or a tick
 * tells of one whose own event never came.
 *
 * How long a slot is no message tells; it is the shortest time yet between two. So a first gap counts as one slot at
 * most, and all others in full.
 */
export const missedSlots = (event$: Observable<MarketEvent>): Observable<number> =>
  defer(() => {
    let newestMs: number | undefined;
    let lengthMs = Infinity;
    const hear = ({ kind, slot }: SlotEvent): number => {
      const slotMs = Date.parse(`${slot}Z`);
      const passedMs = slotMs - (newestMs ?? slotMs);
      // A simulation that was started again begins anew; a tick of an older slot is late.
      if (passedMs < 0 && kind === 'tick') return 0;
      newestMs = slotMs;
      if (passedMs <= 0) return 0;
      lengthMs = Math.min(lengthMs, passedMs);
      return Math.round(passedMs / lengthMs) - (kind === 'market-slot' ? 1 : 0);
    };
    return event$.pipe(
      mapDefined((event) =>
        event.kind === 'market-slot' || event.kind === 'tick' ? hear(event) || undefined : undefined,
      ),
    );
  });
