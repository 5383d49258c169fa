import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const fixture = (path: string): URL => new URL(`../fixtures/fidelity/${path}`, import.meta.url);

/** The community of the recorded days in the sandbox's own format. */
export const recordedCommunity = (): string => readFileSync(fixture('community.json'), 'utf8');

/** A trade of the real exchange, as one market saw it. */
export interface RecordedTrade {
  /** The market's slug. */
  readonly market: string;
  /** `YYYY-MM-DDTHH:mm`. */
  readonly slot: string;
  /** `YYYY-MM-DDTHH:mm:ss`. */
  readonly time: string;
  readonly rate: number;
  readonly energyKWh: number;
  readonly seller: string;
  readonly sellerOrigin: string;
  readonly buyer: string;
  readonly buyerOrigin: string;
}

/** Every trade of a recorded day. */
export const recordedTrades = (day: 'template' | 'client'): readonly RecordedTrade[] =>
  readFileSync(fixture(`${day}/trades.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [market, slot, time, rate, energy, seller, sellerOrigin, buyer, buyerOrigin] = line
        .trim()
        .split(',');
      return {
        market: market!,
        slot: slot!.slice(0, 16),
        time: time!.slice(0, 19),
        rate: Number(rate),
        energyKWh: Number(energy),
        seller: seller!,
        sellerOrigin: sellerOrigin!,
        buyer: buyer!,
        buyerOrigin: buyerOrigin!,
      };
    });

/** What the real exchange counted as demanded in an area. */
export interface RecordedEnergies {
  readonly name: string;
  readonly total_energy_demanded_wh: number;
}

/** The exported figures of the day when nobody controlled anything, one element per market. */
export const recordedEnergies = (): readonly RecordedEnergies[] =>
  JSON.parse(readFileSync(fixture('template/kpi.json'), 'utf8')) as readonly RecordedEnergies[];

/** A recorded batch with its areas' names, the tick of the run in which the exchange answered it, and the answers. */
export interface RecordedBatch {
  readonly transactionId: string;
  readonly tick: number;
  readonly commands: Readonly<Record<string, readonly unknown[]>>;
  readonly statuses: Readonly<Record<string, readonly string[]>>;
}

/** A message as it went over Redis. */
export interface RecordedMessage {
  /** Seconds. */
  readonly t: number;
  readonly channel: string;
  readonly data: string;
}
interface Node {
  readonly area_name: string;
  readonly children?: Readonly<Record<string, Node>>;
}
interface Reply {
  readonly transaction_id: string;
  readonly responses: Readonly<Record<string, readonly { status: string; bid?: string; offer?: string }[]>>;
}
interface Batch {
  readonly transaction_id: string;
  readonly batch_commands: Readonly<Record<string, readonly unknown[]>>;
}

/** Every message of the day that the official client traded, its own and the exchange's. */
export const recordedMessages = (): readonly RecordedMessage[] =>
  gunzipSync(readFileSync(fixture('client/messages.jsonl.gz')))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedMessage);

/** The areas in a grid tree, each as its uuid and its name. */
const namesIn = (tree: Readonly<Record<string, Node>>): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([uuid, node]) => [
    [uuid, node.area_name] as const,
    ...namesIn(node.children ?? {}),
  ]);

/** An order carries the time at the end of the tick in which it was placed; a tick is a minute. */
const tickOf = ({ responses }: Reply): number | undefined => {
  const text = Object.values(responses)
    .flat()
    .map(({ bid, offer }) => bid ?? offer)
    .find((order) => order !== undefined);
  if (text === undefined) return undefined;
  const { creation_time: time } = JSON.parse(text) as { creation_time: string };
  return Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16)) - 1;
};

/** Replies without an order took place between those that have one: by the wall clock. */
const tickBetween = (t: number, known: readonly { t: number; tick: number }[]): number => {
  const after = known.findIndex((moment) => moment.t >= t);
  const [before, next] = [known[after - 1] ?? known.at(-1)!, known[after] ?? known.at(-1)!];
  if (t - before.t < 0.008 || before.t === next.t) return before.tick;
  if (next.t - t < 0.008) return next.tick;
  return Math.round(before.tick + ((next.tick - before.tick) * (t - before.t)) / (next.t - before.t));
};

/** Every batch that the official client sent on the recorded day, in the order in which they were answered. */
export const recordedBatches = (): readonly RecordedBatch[] => {
  const all = recordedMessages();
  const names = new Map<string, string>();
  const sent = new Map<string, Batch>();
  const replies: { t: number; reply: Reply; tick: number | undefined }[] = [];
  for (const { t, channel, data } of all) {
    const message = JSON.parse(data) as Batch & Reply & { grid_tree?: Record<string, Node> };
    if (message.grid_tree !== undefined)
      for (const [uuid, name] of namesIn(message.grid_tree)) names.set(uuid, name);
    if (channel.endsWith('//batch_commands')) sent.set(message.transaction_id, message);
    if (channel.endsWith('/response/batch_commands'))
      replies.push({ t, reply: message, tick: tickOf(message) });
  }
  const known = replies.flatMap(({ t, tick }) => (tick === undefined ? [] : [{ t, tick }]));
  const byName = <T>(byUuid: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(byUuid).map(([uuid, value]) => [names.get(uuid)!, value]));
  return replies.map(({ t, reply, tick }) => ({
    transactionId: reply.transaction_id,
    tick: tick ?? tickBetween(t, known),
    commands: byName(sent.get(reply.transaction_id)!.batch_commands),
    statuses: byName(
      Object.fromEntries(
        Object.entries(reply.responses).map(([uuid, answers]) => [uuid, answers.map(({ status }) => status)]),
      ),
    ),
  }));
};

/** Every event that the official client heard, with area names for uuids, from its first market event on. */
export const recordedEvents = (): readonly unknown[] => {
  const heard = recordedMessages()
    .filter(({ channel }) => channel.endsWith('/events/all'))
    .map(({ data }) => JSON.parse(data) as { event: string; grid_tree?: Record<string, Node> });
  const names = new Map(heard.flatMap(({ grid_tree }) => namesIn(grid_tree ?? {})));
  return heard.slice(heard.findIndex(({ event }) => event === 'market')).map((event) => named(event, names));
};

/** A value with every uuid that has a name replaced by it, keys and texts alike. */
export const named = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => named(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [names.get(key) ?? key, named(item, names)]),
  );
};
