import { Subscription, type SchedulerLike } from 'rxjs';
import type { Bus } from '../../lib/transport/memory.ts';
import {
  AGGREGATOR_COMMANDS,
  AGGREGATOR_RESPONSE,
  AREA_MAP,
  AREA_MAP_RESPONSE,
  batchChannel,
  batchResponseChannel,
  eventsChannel,
  HEARTBEAT,
  registrationChannel,
} from '../../lib/wire/channels.ts';
import { aggregatorStatuses } from './aggregatorStatuses.ts';
import { assetNames, eventSeries, treeTexts } from './events.ts';

const ASSETS = 6;
/** A heartbeat with every fifth event. */
const BEAT = 5;
/** What the replies say of when; no client looks at it. */
const SLOT = '2026-06-21T00:00';

type Orders = Readonly<Record<string, readonly { readonly type: string; readonly energy?: number }[]>>;
interface Batch {
  readonly transaction_id: string;
  readonly aggregator_uuid: string;
  readonly batch_commands: Orders;
}

/** An exchange on a bus that says as much as is asked for and keeps nothing of it. */
export interface EndlessExchange {
  /** Answers the batches, opens a slot or goes a tenth of one on, and reports a trade for each bid in the batches. */
  goOn(): void;
  close(): void;
}

/**
 * Six assets, half of whose figures change with every event, ten events to a slot. Every order is accepted and every
 * bid is traded; nothing is judged, for it is there to see what a client keeps.
 */
export const endlessExchange = (bus: Bus, scheduler: SchedulerLike): EndlessExchange => {
  const events = eventSeries(treeTexts(ASSETS, 0.5, 10));
  const names = assetNames(ASSETS);
  const listening = new Subscription();
  const statusOf = aggregatorStatuses();
  let aggregator = '';
  let count = 0;
  let waiting: Batch[] = [];
  const say = (channel: string, message: unknown) => bus.publish(channel, JSON.stringify(message));
  const hear = (channel: string, act: (message: unknown) => void) =>
    listening.add(bus.frames([channel]).subscribe(({ data }) => act(JSON.parse(String(data)))));

  hear(AREA_MAP, () => say(AREA_MAP_RESPONSE, { area_mapping: Object.fromEntries(names) }));
  for (const name of names.values()) hear(registrationChannel('register', name), () => undefined);
  hear(AGGREGATOR_COMMANDS, (message) => {
    const command = message as { readonly type: string; readonly transaction_id: string };
    if (command.type === 'CREATE') aggregator = command.transaction_id;
    say(AGGREGATOR_RESPONSE, { ...command, status: statusOf(command) });
  });
  hear(batchChannel(), (batch) => waiting.push(batch as Batch));

  return {
    goOn: () => {
      const taken = waiting;
      waiting = [];
      for (const batch of taken) say(batchResponseChannel(batch.aggregator_uuid), replyTo(batch));
      bus.publish(eventsChannel(aggregator), events.next().value);
      const trade_list = taken.flatMap((batch) => tradesOf(batch, count));
      if (trade_list.length > 0)
        say(eventsChannel(aggregator), { event: 'trade', trade_list, grid_tree: {}, ...NO_RATES });
      if (count % BEAT === 0) say(HEARTBEAT, { time: scheduler.now() / 1_000 });
      count += 1;
    },
    close: () => listening.unsubscribe(),
  };
};

const NO_RATES = { feed_in_tariff_rate: null, market_maker_rate: null, simulation_id: null, num_ticks: 10 };

const replyTo = ({ transaction_id, aggregator_uuid, batch_commands }: Batch): object => ({
  command: 'batch_commands',
  transaction_id,
  aggregator_uuid,
  responses: Object.fromEntries(
    Object.entries(batch_commands).map(([area_uuid, orders]) => [
      area_uuid,
      orders.map(({ type, energy = 0 }, index) => ({
        ...{ command: type, status: 'ready', area_uuid, transaction_id, market_type: 'Spot Market' },
        [type]: orderText(type, energy, `${transaction_id} ${area_uuid} ${index}`),
      })),
    ]),
  ),
});

const orderText = (type: string, energy: number, id: string): string => {
  const trader = { name: id, uuid: id, origin: id, origin_uuid: id };
  const price = { energy_rate: 20, price: 20 * energy, original_price: 20 * energy };
  const times = { creation_time: SLOT, time_slot: SLOT };
  return type === 'bid'
    ? JSON.stringify({ type: 'Bid', id, energy, ...price, ...times, buyer: trader })
    : JSON.stringify({ type: 'Offer', id, energy, ...price, ...times, seller: trader });
};

const tradesOf = ({ transaction_id, batch_commands }: Batch, count: number): readonly object[] =>
  Object.entries(batch_commands)
    .filter(([, orders]) => orders.some(({ type }) => type === 'bid'))
    .map(([asset_id], index) => ({
      ...{ event: 'trade', asset_id, trade_id: `${count} ${index}`, time: '2026-06-21T12:00:00+00:00' },
      ...{ trade_price: 0.2, traded_energy: 0.01, total_fee: 0, local_market_fee: 0 },
      ...{ seller: 'anonymous', buyer: 'ours', seller_origin: 'theirs', buyer_origin: 'ours' },
      bid_id: `${transaction_id} ${asset_id} 0`,
      ...{ offer_id: `${count}`, residual_bid_id: 'None', residual_offer_id: 'None' },
    }));
