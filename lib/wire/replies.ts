import type * as t from 'io-ts';
import type { CommandReply, DsoMarketStats, Granted, ListedOrder, Order } from '../model/replies.ts';
import { assetInfo } from './assets.ts';
import {
  each,
  finite,
  finiteOrNull,
  jsonAt,
  listAt,
  mapAt,
  misfit,
  objectAt,
  objectOrEmpty,
  objectOrNull,
  readable,
  sameText,
  scalarAt,
  textAt,
  textOrNull,
  type Form,
  type Item,
} from './checked.ts';
import { marketStats, tradeTotals } from './figures.ts';
import type { BatchResponseMessage } from './messages.ts';
import { orderForms } from './orders.ts';
import { present } from './present.ts';
import { sampleOf } from './report.ts';
import { NumberText, orNone, type JsonObject } from './scalars.ts';

const accumulated: Form<DsoMarketStats['accumulatedTrades']> = {
  name: 'an object',
  read: (bill) => objectOrEmpty(tradeTotals, bill['Accumulated Trades'], 'Accumulated Trades'),
};

const throughput: Form<Pick<DsoMarketStats, 'importKWh' | 'exportKWh'>> = {
  name: 'an object',
  read: (energies) => ({
    importKWh: finite(energies.import, 'import'),
    exportKWh: finite(energies.export, 'export'),
  }),
};

const dsoMarketStats: Form<DsoMarketStats> = {
  name: 'the statistics of a market',
  read: (stats) => ({
    ...marketStats.read(stats),
    ...objectOrNull(throughput, stats.area_throughput, 'area_throughput'),
    ...present({
      feeRevenueCents: finiteOrNull(stats.market_fee_revenue, 'market_fee_revenue'),
      selfSufficiency: finiteOrNull(stats.self_sufficiency, 'self_sufficiency'),
      selfConsumption: finiteOrNull(stats.self_consumption, 'self_consumption'),
      accumulatedTrades: objectOrNull(accumulated, stats.market_bill, 'market_bill'),
    }),
  }),
};

const id: Item<string> = { name: 'string', read: textAt };

const listedOrder = each<ListedOrder>({
  name: 'a listed order',
  read: (order) => ({
    id: textAt(order.id, 'id'),
    energyKWh: finite(order.energy, 'energy'),
    priceCents: finite(order.price, 'price'),
  }),
});

const feeCodec = orNone(NumberText);

/** What was granted to an order: the order itself, and what its reply says beside. */
export const placed = (order: Order, reply: JsonObject): Granted => ({
  command: order.side,
  order,
  marketType: textAt(reply.market_type, 'market_type'),
  message: textOrNull(reply.message, 'message') ?? '',
});

/** How what was granted is read, by what the exchange calls the command (exchange protocol, replies on success). */
const grants: Readonly<Record<string, (reply: JsonObject) => Granted>> = {
  bid: (reply) => placed(jsonAt(orderForms.bid, reply.bid, 'bid'), reply),
  offer: (reply) => placed(jsonAt(orderForms.offer, reply.offer, 'offer'), reply),
  bid_delete: ({ deleted_bids: ids }) => ({
    command: 'delete-bid',
    deletedIds: listAt(id, ids, 'deleted_bids'),
  }),
  offer_delete: ({ deleted_offers: ids }) => ({
    command: 'delete-offer',
    deletedIds: listAt(id, ids, 'deleted_offers'),
  }),
  list_bids: ({ bid_list: orders }) => ({
    command: 'list-bids',
    orders: listAt(listedOrder, orders, 'bid_list'),
  }),
  list_offers: ({ offer_list: orders }) => ({
    command: 'list-offers',
    orders: listAt(listedOrder, orders, 'offer_list'),
  }),
  device_info: ({ device_info: info }) => ({
    command: 'asset-info',
    info: objectAt(assetInfo, info, 'device_info'),
  }),
  set_energy_forecast: () => ({ command: 'set-energy-forecast' }),
  set_energy_measurement: () => ({ command: 'set-energy-measurement' }),
  grid_fees: (reply) =>
    present({
      command: 'grid-fees',
      feeConstant: scalarAt(feeCodec, reply.market_fee_const, 'market_fee_const'),
      feePercent: scalarAt(feeCodec, reply.market_fee_percent, 'market_fee_percent'),
    }),
  dso_market_stats: (reply) => ({
    command: 'dso-market-stats',
    areaName: textAt(reply.name, 'name'),
    stats: objectAt(dsoMarketStats, reply.market_stats, 'market_stats'),
  }),
};

const readGranted = (reply: JsonObject): Granted => {
  const { command } = reply;
  // An own property, so that names of Object.prototype are no commands.
  const read = typeof command === 'string' && Object.hasOwn(grants, command) ? grants[command] : undefined;
  return read?.(reply) ?? misfit(`one of ${Object.keys(grants).join(', ')}`, command, 'command');
};

/** A refusal may lack the command or name a wrong one; its reason stands under one of three keys, as a text or several. */
const reasonOf = ({ error_message, message, error }: JsonObject): string => {
  const prose = error_message ?? message ?? error ?? '';
  const texts: readonly unknown[] = Array.isArray(prose) ? prose : [prose];
  return (
    texts.map((text) => (typeof text === 'string' ? text : sampleOf(text))).join('') || 'no reason given'
  );
};

/**
 * The exchange's reply to one command, in a batch or given directly: what was granted, or why it was refused. One that
 * is given directly can fail without a status.
 */
export const commandReply: Form<CommandReply> = {
  name: 'a reply with status "ready" or "error"',
  read: (reply) => {
    if (reply.status === 'ready') return { status: 'ready', granted: readGranted(reply) };
    if (reply.status === 'error' || reply.error !== undefined)
      return { status: 'error', reason: reasonOf(reply) };
    return misfit(commandReply.name, reply);
  },
};

const repliesOfArea: Item<readonly CommandReply[]> = {
  name: `a list, each element ${commandReply.name}`,
  read: (value, key) => listAt(each(commandReply), value, key),
};

const BatchResponse = readable<BatchResponseMessage>({
  name: 'a reply to a batch',
  read: (reply) => {
    sameText('batch_commands', reply.command, 'command');
    return {
      kind: 'batch-response',
      transactionId: textAt(reply.transaction_id, 'transaction_id'),
      aggregatorUuid: textAt(reply.aggregator_uuid, 'aggregator_uuid'),
      replies: mapAt(repliesOfArea, reply.responses, 'responses'),
    };
  },
});

/** The reply to a batch: per area one reply for each command, in the order sent. */
export const readBatchResponse = (content: unknown): t.Validation<BatchResponseMessage> =>
  BatchResponse.decode(content);
