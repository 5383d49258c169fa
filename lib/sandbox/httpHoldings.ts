import type { Subscription } from 'rxjs';
import type { Area, Grid } from './areas.ts';
import type { Said } from './httpLine.ts';
import { problem } from './httpProblem.ts';

/** An aggregator, and whose it is. */
export interface Aggregator {
  readonly uuid: string;
  readonly name: string;
  readonly user: string;
  /** Hears what the exchange says to it. */
  readonly hearing: Subscription;
}

/**
 * An area in a user's hands. Registrations follow the exchange's own words: an asset is connected from the market slot
 * after its registration on, and lost to its aggregator with the one after it was unregistered.
 */
export interface Holding {
  readonly user: string;
  aggregatorUuid: string | undefined;
  registration: 'none' | 'arriving' | 'connected' | 'asked to leave' | 'leaving';
}

/** What the door knows of who holds what; the exchange itself knows aggregators, but no users. */
export interface Holdings {
  readonly aggregators: Map<string, Aggregator>;
  /** By area uuid. */
  readonly ofArea: ReadonlyMap<string, Holding>;
  /** The user's aggregator; throws a problem 404 when there is none, 403 when it is another user's. */
  aggregatorOf(user: string, uuid: string): Aggregator;
  /** An area that clients may use; throws a problem 404 for unknown areas, 403 for those of others or of nobody's use. */
  areaFor(user: string, uuid: string): Area;
  /** Whether the area is free or the user's own. */
  mayUse(user: string, areaUuid: string): boolean;
  /** Takes an area into the user's hands, for registration or for an aggregator. */
  take(user: string, areaUuid: string, aggregatorUuid?: string): void;
  /** The area has been asked to leave; what comes of it the exchange says. */
  askedToLeave(areaUuid: string): void;
  /** The area is no longer in its aggregator. */
  unselected(areaUuid: string): void;
  /** Learns from what the exchange says, on the channel of this area or on any other. */
  learn(said: Said, area: Area | undefined): void;
}

/** Nobody holds anything yet. */
export const openHoldings = (grid: Grid): Holdings => {
  const aggregators = new Map<string, Aggregator>();
  const holdings = new Map<string, Holding>();
  const mayUse = (user: string, areaUuid: string): boolean => (holdings.get(areaUuid)?.user ?? user) === user;
  const dropIfIdle = (areaUuid: string): void => {
    const holding = holdings.get(areaUuid);
    if (holding?.registration === 'none' && holding.aggregatorUuid === undefined) holdings.delete(areaUuid);
  };
  /** Registrations take effect for all assets at once. */
  const slotOpened = (): void => {
    for (const [uuid, holding] of holdings) {
      if (holding.registration === 'leaving') holdings.delete(uuid);
      if (holding.registration === 'arriving') holding.registration = 'connected';
    }
  };
  const registrationReply = ({ message }: Said, area: Area): void => {
    const holding = holdings.get(area.uuid);
    if (holding === undefined) return;
    const market = area.kind === 'market';
    if (message.registered === true) holding.registration = market ? 'connected' : 'arriving';
    else if (message.unregistered === true) holding.registration = market ? 'none' : 'leaving';
    dropIfIdle(area.uuid);
  };
  return {
    aggregators,
    ofArea: holdings,
    aggregatorOf: (user, uuid) => {
      const aggregator = aggregators.get(uuid);
      if (aggregator === undefined) throw problem(404, 'There is no such aggregator.');
      if (aggregator.user !== user) throw problem(403, 'The aggregator belongs to another user.');
      return aggregator;
    },
    areaFor: (user, uuid) => {
      const area = grid.byUuid.get(uuid);
      if (area === undefined) throw problem(404, 'There is no such area.');
      if (!area.external) throw problem(403, 'The area is not open to clients.');
      if (!mayUse(user, uuid)) throw problem(403, 'The area is in the hands of another user.');
      return area;
    },
    mayUse,
    take: (user, areaUuid, aggregatorUuid) => {
      const holding = holdings.get(areaUuid);
      // An area that could be selected though it was held has left its aggregator unnoticed.
      const isNew =
        holding?.user !== user || (aggregatorUuid !== undefined && holding.aggregatorUuid !== undefined);
      if (isNew) holdings.set(areaUuid, { user, aggregatorUuid, registration: 'none' });
      else holding.aggregatorUuid ??= aggregatorUuid;
    },
    askedToLeave: (areaUuid) => {
      const holding = holdings.get(areaUuid);
      if (holding?.registration === 'connected') holding.registration = 'asked to leave';
      dropIfIdle(areaUuid);
    },
    unselected: (areaUuid) => {
      const holding = holdings.get(areaUuid);
      if (holding !== undefined) holding.aggregatorUuid = undefined;
      dropIfIdle(areaUuid);
    },
    learn: (said, area) => {
      if (said.message.event === 'market') slotOpened();
      else if (area !== undefined && said.channel.endsWith('register_participant'))
        registrationReply(said, area);
    },
  };
};

/** Whether nothing keeps an aggregator from being forgotten: what it still holds leaves it by itself. */
export const isLetGo = ({ ofArea }: Holdings, { uuid }: Aggregator): boolean =>
  [...ofArea.values()].every(
    ({ aggregatorUuid, registration }) => aggregatorUuid !== uuid || registration === 'leaving',
  );

/** The areas in an aggregator. */
export const devicesOf = ({ ofArea }: Holdings, { uuid }: Aggregator): readonly string[] =>
  [...ofArea].filter(([, holding]) => holding.aggregatorUuid === uuid).map(([areaUuid]) => areaUuid);
