import {
  catchError,
  concat,
  defaultIfEmpty,
  defer,
  EMPTY,
  endWith,
  filter,
  forkJoin,
  ignoreElements,
  map,
  mergeMap,
  of,
  repeat,
  take,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { v5 as uuidV5 } from 'uuid';
import { register, unregister } from './asset.ts';
import { GsyError, messageOf } from './errors.ts';
import { ask, isReplyTo, type Link } from './link.ts';
import type { Grid } from './model/grid.ts';
import { areaMap, type AreaName } from './registry.ts';
import type { AggregatorReply, AreaMap, Request } from './wire/messages.ts';

/** Whether an area was let go. */
export type AreaRelease =
  | ({ readonly status: 'released' } & AreaName)
  | ({ readonly status: 'kept'; readonly reason: string } & AreaName);

/** What is let go, and how to tell that a market slot has begun. */
export interface ReleaseOptions {
  readonly aggregator: { readonly name: string; readonly uuid: string };
  /** All areas that the aggregator holds. */
  readonly areas: readonly AreaName[];
  /** The newest grid: it tells assets from markets. */
  readonly grid: Grid;
  /** A value at each new market slot; completes when no more can come. */
  readonly marketSlot$: Observable<unknown>;
}

/**
 * Lets areas go, safely, and deletes the aggregator when it holds nothing any more; one list, at the end.
 *
 * To unselect an asset, or to delete an aggregator that holds one, can end the exchange's simulation. The safe way
 * takes until the second market slot from now: the assets are registered, a slot later unregistered, and a slot after
 * that they are free. An asset whose name another bears cannot be let go, because registration goes by names; it is
 * kept, which harms nobody. Exchange protocol, letting areas go.
 */
export const release = (link: Link, options: ReleaseOptions): Observable<readonly AreaRelease[]> => {
  const { aggregator, areas, grid } = options;
  const kindOf = ({ uuid }: AreaName) => grid.byUuid(uuid)?.kind;
  const markets = areas.filter((area) => kindOf(area) === 'market');
  const assets = areas.filter(
    (area) => !markets.includes(area) && grid.assets.some(({ uuid }) => uuid === area.uuid),
  );
  const others = areas.filter((area) => !markets.includes(area) && !assets.includes(area));
  return areaMap(link).pipe(
    mergeMap((map) =>
      forkJoin([
        all(markets.map((market) => inStep(market, unselect(link, aggregator.uuid, market)))),
        releaseAssets(link, options, assets, map),
        of(others.map((area) => kept(area, 'the grid does not show it, or not as held'))),
      ]),
    ),
    map((releases) => releases.flat()),
    mergeMap((releases) =>
      releases.every(({ status }) => status === 'released')
        ? concat(
            // An aggregator that stays behind empty harms nobody.
            remove(link, aggregator).pipe(
              ignoreElements(),
              catchError(() => EMPTY),
            ),
            of(releases),
          )
        : of(releases),
    ),
  );
};

const all = <T>(each: readonly Observable<T>[]): Observable<readonly T[]> =>
  forkJoin([...each]).pipe(defaultIfEmpty([]));

const kept = (area: AreaName, reason: string): AreaRelease => ({ status: 'kept', ...area, reason });

const releaseAssets = (
  link: Link,
  options: ReleaseOptions,
  assets: readonly AreaName[],
  { nameByUuid }: AreaMap,
): Observable<readonly AreaRelease[]> => {
  const names = [...nameByUuid.values()];
  const isUnique = ({ name }: AreaName) => names.indexOf(name) === names.lastIndexOf(name);
  const releasable = assets.filter(isUnique);
  const others = assets
    .filter((asset) => !isUnique(asset))
    .map((asset) => kept(asset, 'another area bears its name, and registration goes by names'));
  if (releasable.length === 0) return of(others);
  const eachOf = (step: (asset: AreaName) => Observable<unknown>) =>
    all(releasable.map((asset) => inStep(asset, step(asset))));
  return eachOf(({ name }) => register(link, name)).pipe(
    mergeMap((registered) => afterNextSlot(options, registered)),
    mergeMap((registered) =>
      all(
        registered.map((asset) =>
          asset.status === 'kept' ? of(asset) : inStep(asset, unregisterUntilGone(link, options, asset)),
        ),
      ),
    ),
    map((releases) => [...releases, ...others]),
  );
};

// A step that fails keeps its area, and the others go on.
const inStep = ({ uuid, name }: AreaName, step: Observable<unknown>): Observable<AreaRelease> =>
  step.pipe(
    map((): AreaRelease => ({ status: 'released', uuid, name })),
    catchError((error: unknown) => of(kept({ uuid, name }, messageOf(error)))),
  );

// When no slot comes any more the simulation has ended, and every area is free.
const afterNextSlot = <T>({ marketSlot$ }: ReleaseOptions, value: T): Observable<T> =>
  marketSlot$.pipe(
    take(1),
    defaultIfEmpty(undefined),
    map(() => value),
  );

/** How often to ask whether an unregistration has taken effect, ms. */
const ASK_EVERY_MS = 5_000;

// An aggregator whose last asset has gone hears no more market slots; but to unregister an area that is no longer
// registered is an error, and harmless.
const unregisterUntilGone = (
  link: Link,
  { marketSlot$ }: ReleaseOptions,
  { name }: AreaName,
): Observable<unknown> => {
  const simulationEnded$ = marketSlot$.pipe(ignoreElements(), endWith(undefined));
  return defer(() => unregister(link, name)).pipe(
    repeat({ delay: () => timer(ASK_EVERY_MS, link.scheduler) }),
    filter((found) => found === 'not-registered'),
    take(1),
    takeUntil(simulationEnded$),
    defaultIfEmpty(undefined),
  );
};

/**
 * Takes an area out of its aggregator. Only for areas that are known to survive it: markets, and assets connected by
 * their own registration; for any other asset it can end the simulation.
 */
export const unselect = (
  link: Link,
  aggregatorUuid: string,
  { uuid }: AreaName,
): Observable<AggregatorReply> => {
  const transactionId = uuidV5(`unselect ${uuid} ${link.scheduler.now()}`, aggregatorUuid);
  return confirmed(link, { kind: 'unselect', aggregatorUuid, areaUuid: uuid, transactionId }, transactionId);
};

const remove = (link: Link, { name, uuid }: ReleaseOptions['aggregator']): Observable<AggregatorReply> => {
  const transactionId = uuidV5(`delete ${link.scheduler.now()}`, uuid);
  const request: Request = { kind: 'delete-aggregator', name, aggregatorUuid: uuid, transactionId };
  return confirmed(link, request, transactionId);
};

const confirmed = (link: Link, request: Request, transactionId: string): Observable<AggregatorReply> =>
  ask(link, {
    request,
    isAnswer: isReplyTo(transactionId),
    transactionId,
    patienceMs: 10_000,
    silence: `the exchange did not answer the request to ${request.kind} within 10 s`,
  }).pipe(
    tap(({ status, reason }) => {
      if (status === 'error')
        throw new GsyError('ERR_GSY_AREA_HELD', reason ?? `the exchange refused to ${request.kind}`);
    }),
  );
