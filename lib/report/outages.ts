import { concat, defer, mergeMap, type Observable, type SchedulerLike } from 'rxjs';
import type { Run } from '../run.ts';

/** A time in which no message got through, or the exchange was not there, dead or deaf. */
export interface Outage {
  readonly of: 'connection' | 'exchange';
  readonly seconds: number;
  /** Whether it was over when the run ended. */
  readonly over: boolean;
}

type Status = Run['status$'] extends Observable<infer S> ? S : never;

/** What a status tells: of whom, and whether it is there. */
interface Presence {
  readonly of: Outage['of'];
  readonly there: boolean;
}

const PRESENCE: Readonly<Record<Status['state'], Presence | undefined>> = {
  connecting: undefined,
  closed: undefined,
  open: { of: 'connection', there: true },
  gap: { of: 'connection', there: false },
  alive: { of: 'exchange', there: true },
  returned: { of: 'exchange', there: true },
  absent: { of: 'exchange', there: false },
  lost: { of: 'exchange', there: false },
  deaf: { of: 'exchange', there: false },
};

/** Who a status says is there or gone; undefined for those that say neither. */
export const presenceIn = ({ state }: Status): Presence | undefined => PRESENCE[state];

/** Every outage of a run, when it is over or the run is. */
export const outages = (status$: Observable<Status>, scheduler: SchedulerLike): Observable<Outage> =>
  defer(() => {
    const goneSinceMs = new Map<Outage['of'], number>();
    const end = (of: Outage['of'], over: boolean): readonly Outage[] => {
      const sinceMs = goneSinceMs.get(of);
      goneSinceMs.delete(of);
      return sinceMs === undefined
        ? []
        : [{ of, seconds: Math.max(0, scheduler.now() - sinceMs) / 1_000, over }];
    };
    const hear = (status: Status): readonly Outage[] => {
      const presence = presenceIn(status);
      if (presence === undefined) return [];
      if (presence.there) return end(presence.of, true);
      // What stays away, tried in vain again and again, is one outage.
      if (!goneSinceMs.has(presence.of)) goneSinceMs.set(presence.of, beginOf(status) ?? scheduler.now());
      return [];
    };
    return concat(
      status$.pipe(mergeMap(hear)),
      defer(() => [...goneSinceMs.keys()].flatMap((of) => end(of, false))),
    );
  });

const beginOf = (status: Status): number | undefined => ('sinceMs' in status ? status.sinceMs : undefined);
