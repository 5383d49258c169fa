import { eventsChannel } from '../wire/channels.ts';
import type { Area, Grid } from './areas.ts';
import { finishEvent, partsOf, slotEvent, surroundings, tradeElement, tradeEvent } from './events.ts';
import type { JsonObject } from './json.ts';
import type { Deal } from './matching.ts';
import { channelName } from './registration.ts';

/** A message as it goes out. */
export interface Announcement {
  readonly channel: string;
  readonly data: string;
}

/** The aggregators that own something, with what they own. */
export type Owners = ReadonlyMap<string, readonly Area[]>;

/** A message for a channel. */
export const announcement = (channel: string, message: JsonObject): Announcement => ({
  channel,
  data: JSON.stringify(message),
});

/** Which events of a slot are due, and what they say of it. */
export interface SlotEventsDue {
  readonly market: boolean;
  readonly tick: boolean;
  readonly slotText: string;
  readonly percent: number;
}

/** Market events, then tick events; those who own only markets hear no ticks. */
export const slotAnnouncements = (
  grid: Grid,
  owners: Owners,
  due: SlotEventsDue,
): readonly Announcement[] => {
  if (!due.market && !due.tick) return [];
  const told = [...owners].map(([uuid, areas]) => ({
    uuid,
    hearsTicks: areas.some(({ kind }) => kind === 'asset'),
    around: surroundings(grid, uuid),
  }));
  const tell = (name: 'market' | 'tick', hearers: typeof told): readonly Announcement[] =>
    hearers.map(({ uuid, around }) =>
      announcement(eventsChannel(uuid), slotEvent(name, due.slotText, due.percent, around)),
    );
  const tickHearers = told.filter(({ hearsTicks }) => hearsTicks);
  return [...(due.market ? tell('market', told) : []), ...(due.tick ? tell('tick', tickHearers) : [])];
};

/** One trade event for each aggregator whose assets have part in these deals. */
export const tradeAnnouncements = (
  grid: Grid,
  owners: Owners,
  deals: readonly Deal[],
): readonly Announcement[] => {
  const parts = deals.flatMap(partsOf);
  return [...owners.keys()].flatMap((uuid) => {
    const ours = parts.filter(({ asset }) => asset.aggregatorUuid === uuid);
    if (ours.length === 0) return [];
    return [announcement(eventsChannel(uuid), tradeEvent(ours.map(tradeElement), surroundings(grid, uuid)))];
  });
};

/** To every aggregator, and to the external markets that have none, registered or not. */
export const finishAnnouncements = (grid: Grid, owners: Owners): readonly Announcement[] => [
  ...[...owners.keys()].map((uuid) => announcement(eventsChannel(uuid), finishEvent())),
  ...grid.markets
    .filter(({ external, aggregatorUuid }) => external && aggregatorUuid === undefined)
    .map((market) => announcement(`${channelName(market)}/events/finish`, { event: 'finish' })),
];
