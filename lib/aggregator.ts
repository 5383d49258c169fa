import {
  catchError,
  concat,
  EMPTY,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  type Observable,
} from 'rxjs';
import { v5 as uuidV5 } from 'uuid';
import { messageOf } from './errors.ts';
import { ask, isReplyTo, type Link } from './link.ts';
import { areaMap, findArea, openAreas, type AreaName } from './registry.ts';
import type { AggregatorReply, AreaMap } from './wire/messages.ts';

/** The areas an aggregator takes: names or uuids, or every area of the grid. */
export type AreaChoice = 'all' | readonly string[];

/** Whether an area came under the aggregator's control. */
export type AreaControl =
  | { readonly status: 'held'; readonly uuid: string; readonly name: string }
  | { readonly status: 'refused'; readonly uuid: string; readonly name: string; readonly reason: string };

/** Which aggregator to be, and of which areas. */
export interface AggregatorOptions {
  readonly name: string;
  readonly areas: AreaChoice;
}

/**
 * The uuid of the aggregator of this name. It is derived from the name, so that a client that comes back after a crash
 * finds its aggregator, and the areas it holds, again (exchange protocol, aggregator commands).
 */
export const aggregatorUuidOf = (name: string): string => uuidV5(name, NAMESPACE);

/**
 * Creates the aggregator or finds it again, and selects the areas into it; one value per area, in the grid's order of
 * answering. An area that the aggregator holds already counts as held; with `'all'`, areas that are not open to external
 * control are left out.
 *
 * Errors with a `GsyError`: `ERR_GSY_NO_EXCHANGE` when nothing answers, `ERR_GSY_UNKNOWN_AREA` and
 * `ERR_GSY_AMBIGUOUS_NAME` when a name is none or several. Exchange protocol, connection patterns.
 */
export const takeControl = (link: Link, { name, areas }: AggregatorOptions): Observable<AreaControl> => {
  const aggregatorUuid = aggregatorUuidOf(name);
  return concat(
    create(link, name, aggregatorUuid).pipe(ignoreElements()),
    selectAreas(link, aggregatorUuid, areas),
  );
};

/** Selects areas into an aggregator that is there already, as `takeControl` does. */
export const selectAreas = (link: Link, aggregatorUuid: string, areas: AreaChoice): Observable<AreaControl> =>
  areaMap(link).pipe(
    map((map) => chosen(map, areas)),
    mergeMap((wanted) =>
      openAreas(link, wanted).pipe(
        mergeMap((open) =>
          merge(
            // Who wants all areas wants those that can be had.
            areas === 'all' ? EMPTY : from(wanted.filter((area) => !open.includes(area)).map(closed)),
            // All at once: a thousand areas are selected in one round trip.
            ...open.map((area, index) => select(link, aggregatorUuid, area, index)),
          ),
        ),
      ),
    ),
  );

const closed = (area: AreaName): AreaControl => ({
  status: 'refused',
  ...area,
  reason: 'it is not open to external control; give it an external strategy in the set-up of the exchange',
});

// An error in reply to CREATE means that the aggregator exists, which is as good.
const create = (link: Link, name: string, aggregatorUuid: string): Observable<AggregatorReply> =>
  ask(link, {
    request: { kind: 'create-aggregator', name, aggregatorUuid },
    isAnswer: isReplyTo(aggregatorUuid),
    askAgainMs: 1_000,
    patienceMs: 30_000,
    silence: 'no exchange answered within 30 s; is one running, with external connections enabled?',
  });

const chosen = (map: AreaMap, areas: AreaChoice): readonly AreaName[] =>
  areas === 'all'
    ? [...map.nameByUuid].map(([uuid, name]) => ({ uuid, name }))
    : areas.map((area) => findArea(map, area));

const select = (
  link: Link,
  aggregatorUuid: string,
  area: AreaName,
  index: number,
): Observable<AreaControl> => {
  const transactionId = uuidV5(`select ${area.uuid} ${link.scheduler.now()} ${index}`, aggregatorUuid);
  return ask(link, {
    request: { kind: 'select', aggregatorUuid, areaUuid: area.uuid, transactionId },
    isAnswer: isReplyTo(transactionId),
    // A hosted exchange takes a thousand of them some at a time.
    patienceMs: 60_000,
    silence: 'no reply within 60 s',
  }).pipe(
    map((reply) => controlOf(reply, aggregatorUuid, area)),
    catchError((error: unknown) =>
      of<AreaControl>({
        status: 'refused',
        ...area,
        reason: messageOf(error),
      }),
    ),
  );
};

const controlOf = (reply: AggregatorReply, aggregatorUuid: string, area: AreaName): AreaControl => {
  if (reply.status === 'selected' || reply.heldBy === aggregatorUuid) return { status: 'held', ...area };
  const reason =
    reply.heldBy === undefined
      ? (reply.reason ?? 'the exchange gave no reason')
      : `it is held by the aggregator ${reply.heldBy}; stop that client with a release, or run under its name`;
  return { status: 'refused', ...area, reason };
};

/** The namespace under which aggregator uuids are derived from names. */
const NAMESPACE = '0d1c6a52-9c5b-4b52-8a3e-6f1f7a9c2b44';
