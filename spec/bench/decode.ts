import { isRight } from 'fp-ts/lib/Either.js';
import { indexGrid } from '../../lib/grid/grid.ts';
import type { Grid } from '../../lib/model/grid.ts';
import { eventsChannel } from '../../lib/wire/channels.ts';
import { makeDecoder, type Decoder } from '../../lib/wire/decode.ts';
import { contest } from './contest.ts';
import { eventSeries, treeTexts } from './events.ts';
import { assetsOf, SIZES, type Figure, type Measure } from './figures.ts';

const channel = eventsChannel('aggregator');
const options = { feeUnit: 'cents/kWh' } as const;

/** Decodes, checks and indexes an event, as far as every strategy needs it. */
const readGrid = (decode: Decoder, data: Uint8Array, last: Grid | undefined): Grid => {
  const message = decode({ channel, data });
  if (!isRight(message) || !('areas' in message.right) || message.right.unreadable.length > 0)
    throw new Error('the event is not understood');
  const grid = indexGrid(message.right.areas, options.feeUnit, last);
  // Indexes are built when they are asked for.
  if (grid.byUuid(grid.assets[0]?.uuid ?? '') === undefined) throw new Error('the asset is not found');
  return grid;
};

/** Goes round and round; enough of them that no text is at hand because it has just been read. */
const inTurn = (events: readonly Uint8Array[]): (() => Uint8Array) => {
  let next = 0;
  return () => events[next++ % events.length] ?? new Uint8Array();
};

// A full round of the series, which ends where it begins.
const eventsOf = (assets: number, churn: number): readonly Uint8Array[] => {
  const trees = treeTexts(assets, churn, 6);
  const series = eventSeries(trees);
  return Array.from({ length: 2 * (trees.length - 1) }, () => Buffer.from(series.next().value));
};

const following = (events: readonly Uint8Array[]) => {
  const next = inTurn(events);
  const decode = makeDecoder(options);
  let grid: Grid | undefined;
  return () => (grid = readGrid(decode, next(), grid));
};

const first = (events: readonly Uint8Array[]) => {
  const next = inTurn(events);
  return () => readGrid(makeDecoder(options), next(), undefined);
};

const parsing = (events: readonly Uint8Array[]) => {
  const next = inTurn(events) as () => Buffer;
  return () => JSON.parse(next().toString()) as unknown;
};

const CASES = [
  {
    name: '10 % changed',
    churn: 0.1,
    ours: following,
    ratioAtMost: (assets: number) => (assets > 1_000 ? 0.85 : 0.5),
  },
  { name: 'all changed', churn: 1, ours: following, ratioAtMost: () => 1.15 },
  { name: 'first event', churn: 1, ours: first, ratioAtMost: () => 1.15 },
];

/** An event decoded, checked and indexed, beside `JSON.parse` of the same bytes. */
export const measure: Measure = async (effort) => {
  const figures: Figure[] = [];
  for (const assets of SIZES)
    for (const { name, churn, ours, ratioAtMost } of CASES) {
      const events = eventsOf(assets, churn);
      figures.push({
        name: `decode, ${name}, ${assetsOf(assets)}`,
        ...(await contest({ ours: ours(events), floor: parsing(events) }, effort)),
        ratioAtMost: ratioAtMost(assets),
      });
    }
  return figures;
};
