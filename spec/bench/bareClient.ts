import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { countEvents, ready, settings } from './duties.ts';

// The floor: the basic strategy by hand, without the library, without a check, in a process of its own.

interface Node {
  readonly children?: Readonly<Record<string, Node>>;
  readonly current_market_fee?: number;
  readonly asset_info?: Readonly<Record<string, number>>;
}

interface Event {
  readonly slot_completion: string;
  readonly grid_tree: Readonly<Record<string, Node>>;
  readonly feed_in_tariff_rate: number;
  readonly market_maker_rate: number;
}

type Commands = Record<string, object[]>;

const order = (type: 'bid' | 'offer', energy: number, rate: number) => ({
  type,
  energy,
  price: energy * Math.max(0, rate),
  replace_existing: true,
});

const between = (from: number, to: number, way: number) => from + (to - from) * way;

const collect = (
  nodes: Event['grid_tree'],
  fees: number,
  event: Event,
  progress: number,
  commands: Commands,
) => {
  const { feed_in_tariff_rate: fit, market_maker_rate: maker } = event;
  const [pays, asks, middle] = [fit - fees, maker + fees, (fit + maker) / 2];
  const way = Math.floor(progress * 10 + 1e-9) / 10;
  for (const uuid in nodes) {
    const { children, current_market_fee: fee = 0, asset_info: info } = nodes[uuid] ?? {};
    if (children) collect(children, fees + fee, event, progress, commands);
    if (!info) continue;
    const orders: object[] = [];
    if (info.energy_requirement_kWh)
      orders.push(
        order('bid', info.energy_requirement_kWh, progress >= 0.8 ? asks : between(pays, asks, way)),
      );
    if (info.available_energy_kWh)
      orders.push(
        order('offer', info.available_energy_kWh, progress >= 0.8 ? pays : between(asks, pays, way)),
      );
    const toBuy = (info.energy_to_buy ?? 0) + (info.energy_active_in_bids ?? 0);
    const toSell = (info.energy_to_sell ?? 0) + (info.energy_active_in_offers ?? 0);
    if (info.energy_to_buy !== undefined && toBuy > 0)
      orders.push(order('bid', toBuy, between(pays, middle, way)));
    if (info.energy_to_sell !== undefined && toSell > 0)
      orders.push(order('offer', toSell, between(asks, middle, way)));
    if (orders.length > 0) commands[uuid] = orders;
  }
};

const { url } = settings();
const aggregatorUuid = randomUUID();
const eventOver = countEvents();
const [subscriber, publisher] = [new Redis(url), new Redis(url)];
const [eventChannel, replyChannel] = ['events/all', 'response/batch_commands'].map(
  (end) => `external-aggregator//${aggregatorUuid}/${end}`,
);

const trade = (event: Event) => {
  const commands: Commands = {};
  collect(event.grid_tree, 0, event, parseInt(event.slot_completion) / 100, commands);
  const batch = {
    type: 'BATCHED',
    transaction_id: randomUUID(),
    aggregator_uuid: aggregatorUuid,
    batch_commands: commands,
  };
  void publisher.publish('external-aggregator//batch_commands', JSON.stringify(batch));
};

const learn = ({
  responses,
}: {
  readonly responses: Record<string, readonly { readonly status: string }[]>;
}) => {
  for (const uuid in responses)
    for (const { status } of responses[uuid] ?? [])
      if (status !== 'ready') throw new Error(`an order of ${uuid} was refused`);
  eventOver();
};

subscriber.on('message', (channel, data) => {
  if (channel === eventChannel) trade(JSON.parse(data) as Event);
  else learn(JSON.parse(data) as Parameters<typeof learn>[0]);
});
await subscriber.subscribe(eventChannel ?? '', replyChannel ?? '');
ready(aggregatorUuid);
