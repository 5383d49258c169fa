import { readFileSync } from 'node:fs';
import { openExchange, type Exchange } from '../../lib/sandbox/exchange.ts';
import { seededRandom } from '../../lib/sandbox/random.ts';
import type { Community } from '../../lib/sandbox/sandbox.ts';

export interface Message {
  readonly channel: string;
  readonly data: string;
}

/** A case as it was recorded from the real exchange. */
export interface Sample {
  readonly name: string;
  readonly sent: (Message & { readonly receivers_besides_recorder: number }) | null;
  readonly received: readonly Message[];
  readonly outcome: string;
}

export const samples = (file: string): readonly Sample[] =>
  readFileSync(new URL(`../fixtures/samples/${file}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);

/** The setup of the recorded cases, less the kinds of asset that the sandbox does not have. */
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
export const openSampled = (): { exchange: Exchange; said: Message[] } => {
  const said: Message[] = [];
  const exchange = openExchange(sampleCommunity, seededRandom(1), (channel, data) => {
    said.push({ channel, data });
  });
  return { exchange, said };
};

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
