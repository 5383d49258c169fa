import { catchError, EMPTY, from, map, merge, mergeMap, of, type Observable } from 'rxjs';
import { parse as bytesOfUuid, v5 as uuidV5 } from 'uuid';
import { messageOf } from './errors.ts';
import { ask, isReplyTo, type AggregatorName, type Link } from './link.ts';
import { areaMap, findArea, openAreas, type AreaName } from './registry.ts';
import type { AggregatorReply, AreaMap } from './wire/messages.ts';

/** The areas an aggregator takes: names or uuids, or every area of the grid. */
export type AreaChoice = 'all' | readonly string[];

/** Whether an area came under the aggregator's control. */
export type AreaControl =
  | ({ readonly status: 'held' } & AreaName)
  | ({
      readonly status: 'refused';
      readonly reason: string;
      /** The aggregator that holds it instead. */
      readonly heldBy?: string;
      /** True where the exchange has not answered, so that it may be held all the same. */
      readonly unanswered?: true;
    } & AreaName);

/**
 * The uuid of the aggregator of this name. It is derived from the name, so that a client that comes back after a crash
 * finds its aggregator, and the areas it holds, again (exchange protocol, aggregator commands).
 */
export const aggregatorUuidOf = (name: string): string => uuidV5(name, NAMESPACE);

/**
 * Creates the aggregator, or finds it again: an answer with the status `error` says that it was there already.
 *
 * Errors with a `GsyError`: `ERR_GSY_NO_EXCHANGE` when nothing answers. Exchange protocol, aggregator commands.
 */
export const createAggregator = (link: Link, { name, uuid }: AggregatorName): Observable<AggregatorReply> =>
  ask(link, {
    request: { kind: 'create-aggregator', name, aggregatorUuid: uuid },
    isAnswer: isReplyTo(uuid),
    askAgainMs: 1_000,
    patienceMs: 30_000,
    silence: 'no exchange answered within 30 s; is one running, with external connections enabled?',
  });

/**
 * Selects areas into an aggregator that is there already; one value per area, in the order of the answers. An area that
 * the aggregator holds already counts as held; with `'all'`, areas that are not open to external control are left out.
 *
 * Errors with a `GsyError`: `ERR_GSY_NO_EXCHANGE` when nothing answers, `ERR_GSY_UNKNOWN_AREA` and
 * `ERR_GSY_AMBIGUOUS_NAME` when a name is none or several. Exchange protocol, connection patterns.
 */
export const selectAreas = (link: Link, aggregatorUuid: string, areas: AreaChoice): Observable<AreaControl> =>
  areaMap(link).pipe(
    map((map) => chosen(map, areas)),
    mergeMap((wanted) =>
      openAreas(link, wanted).pipe(
        map((open) => new Set(open)),
        mergeMap((open) =>
          merge(
            // Who wants all areas wants those that can be had.
            areas === 'all' ? EMPTY : from(wanted.filter((area) => !open.has(area)).map(closed)),
            selectEach(link, aggregatorUuid, [...open]),
          ),
        ),
      ),
    ),
  );

/** Selects these areas, a thousand at once: so many take one round trip, and each open question takes memory. */
export const selectEach = (
  link: Link,
  aggregatorUuid: string,
  areas: readonly AreaName[],
): Observable<AreaControl> => {
  const namespace = bytesOfUuid(aggregatorUuid);
  const transactionIdOf = ({ uuid }: AreaName, index: number): string =>
    uuidV5(`select ${uuid} ${link.scheduler.now()} ${index}`, namespace);
  return from(areas).pipe(
    mergeMap((area, index) => select(link, aggregatorUuid, area, transactionIdOf(area, index)), AT_ONCE),
  );
};

const AT_ONCE = 1_000;

const closed = (area: AreaName): AreaControl => ({
  status: 'refused',
  ...area,
  reason: 'it is not open to external control; give it an external strategy in the set-up of the exchange',
});

const chosen = (map: AreaMap, areas: AreaChoice): readonly AreaName[] =>
  areas === 'all'
    ? [...map.nameByUuid].map(([uuid, name]) => ({ uuid, name }))
    : areas.map((area) => findArea(map, area));

const select = (
  link: Link,
  aggregatorUuid: string,
  area: AreaName,
  transactionId: string,
): Observable<AreaControl> =>
  ask(link, {
    request: { kind: 'select', aggregatorUuid, areaUuid: area.uuid, transactionId },
    isAnswer: isReplyTo(transactionId),
    transactionId,
    // A hosted exchange takes a thousand of them some at a time.
    patienceMs: 60_000,
    silence: 'no reply within 60 s',
  }).pipe(
    map((reply) => controlOf(reply, aggregatorUuid, area)),
    catchError((error: unknown) =>
      of<AreaControl>({ status: 'refused', ...area, reason: messageOf(error), unanswered: true }),
    ),
  );

const controlOf = (reply: AggregatorReply, aggregatorUuid: string, area: AreaName): AreaControl => {
  // Thousands are held: the fields of a literal stand in it, those that are spread beside it.
  const { uuid, name } = area;
  if (reply.status === 'selected' || reply.heldBy === aggregatorUuid) return { status: 'held', uuid, name };
  const { heldBy, reason = 'the exchange gave no reason' } = reply;
  if (heldBy === undefined) return { status: 'refused', ...area, reason };
  return {
    status: 'refused',
    ...area,
    reason: `it is held by the aggregator ${heldBy}; stop that client with a release, or run under its name`,
    heldBy,
  };
};

/** The namespace under which aggregator uuids are derived from names. */
const NAMESPACE = '0d1c6a52-9c5b-4b52-8a3e-6f1f7a9c2b44';
