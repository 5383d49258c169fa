import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { SMALLEST_ENERGY_KWH } from '../lib/commands.ts';

export interface Recorded {
  readonly t: number;
  readonly channel: string;
  readonly data: string;
}

/** A day of the real exchange, traded by its official client; see the samples' own description. */
export const day = gunzipSync(
  readFileSync(new URL('fixtures/samples/default-community-full-day.jsonl.gz', import.meta.url)),
)
  .toString()
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded);

export interface RecordedOrder {
  readonly area: string;
  readonly side: 'bid' | 'offer';
  readonly rate: number;
  readonly energyKWh: number;
}

export const isEvent = ({ channel }: Recorded) => channel.endsWith('/events/all');
const isBatch = ({ channel }: Recorded) =>
  channel.startsWith('external-aggregator/') &&
  channel.endsWith('/batch_commands') &&
  !channel.includes('/response/');

export const ordersOf = ({ data }: Recorded): readonly RecordedOrder[] => {
  const { batch_commands } = JSON.parse(data) as {
    batch_commands: Record<string, { type: string; energy: number; price: number }[]>;
  };
  return Object.entries(batch_commands).flatMap(([area, commands]) =>
    commands
      .filter(({ type }) => type === 'bid' || type === 'offer')
      .map(({ type, energy, price }) => ({
        area,
        side: type as 'bid' | 'offer',
        rate: price / energy,
        energyKWh: energy,
      })),
  );
};

const transactionOf = ({ data }: Recorded) => (JSON.parse(data) as { transaction_id: string }).transaction_id;

export const keyOf = (event: { readonly kind: string; readonly slot: string; readonly progress: number }) =>
  `${event.slot} ${event.kind} ${event.progress}`;

/** What the official client does about one event: asset by asset, in a thread of its own. */
interface Thread {
  readonly event: string;
  readonly orders: RecordedOrder[];
  /** How far it has come in the order of assets. */
  place: number;
  /** When it could go on; undefined while it waits for a reply. */
  freeAt: number | undefined;
}

const ASSETS = ['7dce459b', '76b5983b', 'ad507a27', '70c3833a', '4cd2937a', '3e69785b'];

/**
 * The official client's orders by the event that caused them. It sends one asset's orders at a time and waits for
 * the reply, so that its orders for one event can come after the next event; each batch is the next one of the thread
 * that went free last.
 */
export const officialOrders = () => {
  const threads: Thread[] = [];
  const waiting = new Map<string, Thread>();
  for (const [index, message] of day.entries()) {
    if (isEvent(message)) {
      const event = JSON.parse(message.data) as Record<string, string>;
      // A tick of 0 % follows its market event at once, and the official client acts on the latter.
      if (event.event !== 'market' && (event.event !== 'tick' || event.slot_completion === '0%')) continue;
      const kind = event.event === 'market' ? 'market-slot' : 'tick';
      const progress = parseInt(event.slot_completion!) / 100;
      threads.push({
        event: keyOf({ kind, slot: event.market_slot!, progress }),
        orders: [],
        place: -1,
        freeAt: index,
      });
    } else if (isBatch(message)) {
      const orders = ordersOf(message);
      const place = ASSETS.indexOf(orders[0]!.area.slice(0, 8));
      const [thread] = threads
        .filter(({ place: reached, freeAt }) => freeAt !== undefined && reached < place)
        .sort((one, other) => other.freeAt! - one.freeAt!);
      thread!.orders.push(...orders);
      thread!.place = place;
      thread!.freeAt = undefined;
      waiting.set(transactionOf(message), thread!);
    } else if (message.channel.endsWith('/response/batch_commands')) {
      waiting.get(transactionOf(message))!.freeAt = index;
    }
  }
  return threads;
};

/** How our orders compare with the official client's, event by event; a difference of rates is told by where it is. */
export const compare = (ourOrders: ReadonlyMap<string, readonly RecordedOrder[]>) => {
  const result = { same: 0, dust: 0, different: [] as string[] };
  for (const { event, orders } of officialOrders())
    for (const { area, side, rate, energyKWh } of orders) {
      const order = ourOrders.get(event)?.find((ours) => ours.area === area && ours.side === side);
      // Rounding remainders of sold out assets, which the exchange refused, and which we do not order.
      if (energyKWh <= SMALLEST_ENERGY_KWH && order === undefined) result.dust += 1;
      else if (order !== undefined && Math.abs(order.rate - rate) <= 1e-9) result.same += 1;
      else result.different.push(`${side} for ${area} at ${event}: ${rate}, ours ${order?.rate}`);
    }
  return result;
};
