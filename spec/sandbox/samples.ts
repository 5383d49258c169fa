import { readFileSync } from 'node:fs';
import { openExchange, type Exchange, type ExchangeOptions } from '../../lib/sandbox/exchange.ts';
import { seededRandom } from '../../lib/sandbox/random.ts';
import type { Community } from '../../lib/sandbox/sandbox.ts';

export interface Message {
  readonly channel: string;
  readonly data: string;
}

/** A case as it was recorded from the real exchange. */
export interface Sample {
  readonly name: string;
  /** What the exchange ran. */
  readonly setup: string;
  readonly sent: (Message & { readonly receivers_besides_recorder: number }) | null;
  readonly received: readonly Message[];
  readonly outcome: string;
}

export const samples = (file: string): readonly Sample[] =>
  readFileSync(new URL(`../fixtures/samples/${file}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);

/** The setup of the recorded cases. */
export const sampleCommunity: Community = {
  startDate: '2026-11-22',
  slots: 24,
  slotLengthMinutes: 60,
  tickLengthSeconds: 60,
  grid: {
    name: 'Grid',
    gridFee: 4,
    areas: [
      {
        name: 'Community Ünit/1',
        gridFee: 4,
        areas: [
          {
            name: 'House 1',
            external: false,
            assets: [
              { type: 'load', name: 'Load 1 L13', powerW: [200], initialRate: 0, finalRate: 35 },
              { type: 'pv', name: 'PV 1 (4kW)', powerW: [1000], initialRate: 30, finalRate: 0 },
              { type: 'storage', name: 'Tesla Powerwall 3', capacityKWh: 14, maxPowerKW: 5 },
              {
                type: 'load',
                name: 'Plain load',
                powerW: [100],
                external: false,
                initialRate: 0,
                finalRate: 35,
              },
            ],
          },
          {
            name: 'House 2',
            gridFee: 1,
            assets: [
              { type: 'smart-meter', name: 'Meter', powerW: [500] },
              { type: 'load', name: 'FC load', forecast: true, initialRate: 0, finalRate: 35 },
              { type: 'pv', name: 'FC pv', forecast: true, initialRate: 30, finalRate: 0 },
              { type: 'load', name: 'Load 1 L13', powerW: [200], initialRate: 0, finalRate: 35 },
              { type: 'load', name: 'we*ird [a-z]? ñ/x', powerW: [150], initialRate: 0, finalRate: 35 },
            ],
          },
        ],
      },
    ],
    assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 21, sellRate: 22 }],
  },
};

/** An exchange for the recorded cases that keeps everything it says. */
export const openSampled = (
  more: Partial<Community> = {},
  options: ExchangeOptions = {},
): { exchange: Exchange; said: Message[] } => {
  const said: Message[] = [];
  const publish = (channel: string, data: string): void => {
    said.push({ channel, data });
  };
  const exchange = openExchange({ ...sampleCommunity, ...more }, seededRandom(1), publish, options);
  return { exchange, said };
};

/** What one asks of an exchange in batches, and what it answers, area by area. */
export interface Asker {
  readonly exchange: Exchange;
  readonly said: Message[];
  /** The uuid of the first area of a name. */
  readonly uuid: (name: string) => string;
  /** Sends a batch of commands by area name, and gives the replies of the tick that follows. */
  readonly ask: (commands: Readonly<Record<string, readonly object[]>>) => Readonly<Record<string, Replies>>;
  readonly ticks: (count: number) => void;
}
export type Replies = readonly Readonly<Record<string, unknown>>[];

const ASKER = 'ccae40d9-4881-42a8-9005-0533f6a676a4';

/** An exchange for the recorded cases, all of whose areas are in one's hands; its first tick is gone. */
export const openAsked = (more: Partial<Community> = {}, options: ExchangeOptions = {}): Asker => {
  const { exchange, said } = openSampled(more, options);
  const areas = [...exchange.trading.grid.byUuid.values()];
  const uuid = (name: string): string => areas.find((area) => area.name === name)!.uuid;
  const nameOf = (asked: string): string => areas.find((area) => area.uuid === asked)!.name;
  const send = (channel: string, message: object): void =>
    exchange.receive({ channel, data: JSON.stringify(message) });
  for (const { uuid: device_uuid } of areas)
    send('aggregator-commands', {
      type: 'SELECT',
      aggregator_uuid: ASKER,
      device_uuid,
      transaction_id: device_uuid,
    });
  const ticks = (count: number): void => {
    for (let tick = 0; tick < count; tick++) exchange.tick();
  };
  ticks(1);
  return {
    ...{ exchange, said, uuid, ticks },
    ask: (commands) => {
      said.length = 0;
      const batch_commands = Object.fromEntries(
        Object.entries(commands).map(([name, asked]) => [uuid(name), asked]),
      );
      send('external-aggregator//batch_commands', {
        transaction_id: 't',
        aggregator_uuid: ASKER,
        batch_commands,
      });
      ticks(1);
      const reply = said.find(({ channel }) => channel.endsWith('/response/batch_commands'));
      const { responses } = JSON.parse(reply?.data ?? '{"responses":{}}') as {
        responses: Record<string, Replies>;
      };
      return Object.fromEntries(Object.entries(responses).map(([area, replies]) => [nameOf(area), replies]));
    },
  };
};

/** The events of a kind among what an exchange has said. */
export const eventsIn = (
  said: readonly Message[],
  kind: string,
): readonly Readonly<Record<string, unknown>>[] =>
  said
    .filter(({ channel }) => channel.endsWith('/events/all'))
    .map(({ data }) => JSON.parse(data) as Record<string, unknown>)
    .filter(({ event }) => event === kind);

/** Area paths of the recorded setup's uuids and of ours: the first `Load 1 L13` is that of House 1. */
const firstByName = (entries: readonly (readonly [string, string])[]): ReadonlyMap<string, string> => {
  const uuids = new Map<string, string>();
  for (const [uuid, name] of entries) if (!uuids.has(name)) uuids.set(name, uuid);
  return uuids;
};

/** The recorded uuids that have an area of the same name here, with its uuid. */
export const uuidsHere = (exchange: Exchange): ReadonlyMap<string, string> => {
  const map = samples('control').find(({ name }) => name === 'area-map')!.received[0]!;
  const { area_mapping } = JSON.parse(map.data) as { area_mapping: Record<string, string> };
  const here = firstByName([...exchange.trading.grid.byUuid.values()].map(({ uuid, name }) => [uuid, name]));
  const recorded = firstByName(Object.entries(area_mapping));
  return new Map(
    [...recorded].flatMap(([name, uuid]) => {
      const ours = here.get(name);
      return ours === undefined ? [] : [[uuid, ours] as const];
    }),
  );
};

/** Every known text in its place of another; used to tell recorded uuids by ours. */
export const translated = (text: string, dictionary: ReadonlyMap<string, string>): string =>
  [...dictionary].reduce((result, [theirs, ours]) => result.replaceAll(theirs, ours), text);

/** The form of a value: keys in order, and what kind of value stands at each; JSON inside text is looked into. */
export const form = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(form);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(([key, item]) => [key, form(item)]);
  if (typeof value === 'string' && value.startsWith('{')) return form(JSON.parse(value));
  return value === null ? 'null' : typeof value;
};
