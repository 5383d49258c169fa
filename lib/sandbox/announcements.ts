import { eventsChannel } from '../wire/channels.ts';
import type { Area, Grid } from './areas.ts';
import { partsOf, tradeElement } from './events.ts';
import { fieldsText, type GridText } from './gridText.ts';
import type { JsonObject } from './json.ts';
import type { Deal } from './deals.ts';
import { simulationIdOf } from './naming.ts';

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

/** An event for an aggregator, with what it tells in pieces of JSON. What it says of itself stands last. */
const event = (
  { naming }: Grid,
  aggregatorUuid: string,
  name: string,
  told: readonly string[],
): Announcement => {
  // The number of ticks is always 10.
  const itself = fieldsText({ event: name, simulation_id: simulationIdOf(naming), num_ticks: 10 });
  return {
    channel: eventsChannel(aggregatorUuid, naming.configurationId),
    // The braces are joined too: what they would be added to is copied once more by whoever reads it.
    data: ['{', ...told, itself, '}'].join(''),
  };
};

/** Which events of a slot are due, and what they say of it. */
export interface SlotEventsDue {
  readonly market: boolean;
  readonly tick: boolean;
  readonly slotText: string;
  readonly percent: number;
}

/** Market events, then tick events; those who own only markets hear no ticks. */
export const slotAnnouncements = (
  text: GridText,
  owners: Owners,
  due: SlotEventsDue,
): readonly Announcement[] => {
  if (!due.market && !due.tick) return [];
  const told = [...owners].map(([uuid, areas]) => ({
    uuid,
    hearsTicks: areas.some(({ kind }) => kind === 'asset'),
    around: text.surroundings(uuid),
  }));
  const moment = `${fieldsText({ slot_completion: `${due.percent}%`, market_slot: due.slotText })},`;
  const tell = (name: 'market' | 'tick', hearers: typeof told): readonly Announcement[] =>
    hearers.map(({ uuid, around }) => event(text.grid, uuid, name, [moment, ...around]));
  const tickHearers = told.filter(({ hearsTicks }) => hearsTicks);
  return [...(due.market ? tell('market', told) : []), ...(due.tick ? tell('tick', tickHearers) : [])];
};

/** One trade event for each aggregator whose assets have part in these deals. */
export const tradeAnnouncements = (
  text: GridText,
  owners: Owners,
  deals: readonly Deal[],
): readonly Announcement[] => {
  const parts = deals.flatMap(partsOf);
  return [...owners.keys()].flatMap((uuid) => {
    const ours = parts.filter(({ asset }) => asset.aggregatorUuid === uuid);
    if (ours.length === 0) return [];
    const trades = `${fieldsText({ trade_list: ours.map(tradeElement) })},`;
    return [event(text.grid, uuid, 'trade', [trades, ...text.surroundings(uuid)])];
  });
};

/** To every aggregator, and to the external markets that have none, registered or not. */
export const finishAnnouncements = (grid: Grid, owners: Owners): readonly Announcement[] => [
  ...[...owners.keys()].map((uuid) => event(grid, uuid, 'finish', [])),
  ...grid.markets
    .filter(({ external, aggregatorUuid }) => external && aggregatorUuid === undefined)
    .map((market) => announcement(`${market.channelName}/events/finish`, { event: 'finish' })),
];
