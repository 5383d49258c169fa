import { map, type Observable } from 'rxjs';
import { GsyError, type GsyErrorCode } from './errors.ts';
import { ask, type Link } from './link.ts';
import { registrationChannel, slugOf } from './wire/channels.ts';
import type { AreaMap } from './wire/messages.ts';

/** An area as the exchange's area map tells it. */
export interface AreaName {
  readonly uuid: string;
  readonly name: string;
}

/**
 * Asks for the names and uuids of all areas of the grid, external or not. It is answered even while the exchange is
 * paused. Exchange protocol, the area map.
 */
export const areaMap = (link: Link): Observable<AreaMap> =>
  ask(link, {
    request: { kind: 'area-map' },
    isAnswer: (message) => message.kind === 'area-map',
    askAgainMs: 1_000,
    patienceMs: 10_000,
    silence: 'the exchange did not send its area map within 10 s',
  });

/**
 * The one area of this name or uuid.
 * @throws GsyError `ERR_GSY_UNKNOWN_AREA` with the names there are, `ERR_GSY_AMBIGUOUS_NAME` with the uuids of all
 */
export const findArea = ({ nameByUuid }: Pick<AreaMap, 'nameByUuid'>, nameOrUuid: string): AreaName =>
  findNamed(nameByUuid, nameOrUuid, {
    one: 'area',
    whole: 'the grid',
    unknown: 'ERR_GSY_UNKNOWN_AREA',
  });

/** What things with names are called in errors. */
export interface Naming {
  readonly one: string;
  readonly whole: string;
  readonly unknown: GsyErrorCode;
}

/** As `findArea`, for anything that has names by uuids. */
export const findNamed = (
  nameByUuid: ReadonlyMap<string, string>,
  nameOrUuid: string,
  { one, whole, unknown }: Naming,
): AreaName => {
  const name = nameByUuid.get(nameOrUuid);
  if (name !== undefined) return { uuid: nameOrUuid, name };
  const uuids = [...nameByUuid].filter(([, candidate]) => candidate === nameOrUuid).map(([uuid]) => uuid);
  const [uuid, ...others] = uuids;
  if (uuid === undefined)
    throw new GsyError(
      unknown,
      `there is no ${one} named ${nameOrUuid}; ${whole} has ${shown([...new Set(nameByUuid.values())])}`,
    );
  if (others.length > 0)
    throw new GsyError(
      'ERR_GSY_AMBIGUOUS_NAME',
      `${uuids.length} ${one}s are named ${nameOrUuid}; name the one you mean by its uuid: ${uuids.join(', ')}`,
    );
  return { uuid, name: nameOrUuid };
};

/**
 * Which of these areas are open to external control: the exchange listens for their registration. All of them where
 * the connection cannot tell.
 */
export const openAreas = (link: Link, areas: readonly AreaName[]): Observable<readonly AreaName[]> => {
  // The area map does not tell assets, whose channels bear their names, from markets, whose channels bear their slugs.
  const channels = areas.flatMap(({ name }) =>
    [name, slugOf(name)].map((start) => registrationChannel('register', start)),
  );
  return link
    .listeners(channels)
    .pipe(
      map((counts) =>
        areas.filter(
          (_, i) => counts === undefined || (counts[2 * i] ?? 0) > 0 || (counts[2 * i + 1] ?? 0) > 0,
        ),
      ),
    );
};

const shown = (names: readonly string[]): string => {
  if (names.length === 0) return 'none';
  return names.length <= 40
    ? names.join(', ')
    : `${names.slice(0, 40).join(', ')} and ${names.length - 40} more`;
};
