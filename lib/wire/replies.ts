import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { CommandReply, DsoMarketStats, Granted, ListedOrder } from '../model/replies.ts';
import { assetInfo } from './assets.ts';
import { finite, finiteOrNull, objectOrEmpty, objectOrNull, readable, type Form } from './checked.ts';
import { chosenBy, jsonText, listOf, mapOf, strict, tagged } from './combinators.ts';
import { marketStats, tradeTotals } from './figures.ts';
import type { BatchResponseMessage } from './messages.ts';
import { toOrder, WireBid, WireOffer } from './orders.ts';
import { present } from './present.ts';
import { sampleOf } from './report.ts';
import { Finite, NumberText, optional, orNone } from './scalars.ts';

/** What every order reply tells beside the order. */
const placed = { market_type: t.string, message: optional(t.string) };

const WireListedOrder = strict({ id: t.string, energy: Finite, price: Finite }, 'a listed order');
type WireListedOrder = t.TypeOf<typeof WireListedOrder>;

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

/** The replies to what was granted, by what the exchange calls the command (exchange protocol, replies on success). */
const WireGranted = tagged('a reply to a known command', 'command', {
  bid: strict({ command: t.literal('bid'), bid: jsonText(WireBid), ...placed }),
  offer: strict({ command: t.literal('offer'), offer: jsonText(WireOffer), ...placed }),
  bid_delete: strict({ command: t.literal('bid_delete'), deleted_bids: listOf(t.string) }),
  offer_delete: strict({ command: t.literal('offer_delete'), deleted_offers: listOf(t.string) }),
  list_bids: strict({ command: t.literal('list_bids'), bid_list: listOf(WireListedOrder) }),
  list_offers: strict({ command: t.literal('list_offers'), offer_list: listOf(WireListedOrder) }),
  device_info: strict({ command: t.literal('device_info'), device_info: readable(assetInfo) }),
  set_energy_forecast: strict({ command: t.literal('set_energy_forecast') }),
  set_energy_measurement: strict({ command: t.literal('set_energy_measurement') }),
  grid_fees: strict({
    command: t.literal('grid_fees'),
    market_fee_const: orNone(NumberText),
    market_fee_percent: orNone(NumberText),
  }),
  dso_market_stats: strict({
    command: t.literal('dso_market_stats'),
    name: t.string,
    market_stats: readable(dsoMarketStats),
  }),
});
type WireGranted = t.TypeOf<typeof WireGranted>;

/** A refusal may lack the command or name a wrong one; its reason stands under one of three keys, as a text or several. */
const WireRefused = strict(
  { error_message: optional(t.unknown), message: optional(t.unknown), error: optional(t.unknown) },
  'a refusal',
);

/** The exchange's reply to one command, in a batch or given directly; the latter can fail without a status. */
export const WireReply = chosenBy('a reply with status "ready" or "error"', (reply) => {
  if (reply.status === 'ready') return WireGranted;
  return reply.status === 'error' || reply.error !== undefined ? WireRefused : undefined;
});
export type WireReply = t.TypeOf<typeof WireReply>;

/** What was granted, or why it was refused. */
export const toReply = (reply: WireReply): CommandReply =>
  'command' in reply
    ? { status: 'ready', granted: toGranted(reply) }
    : { status: 'error', reason: toReason(reply.error_message ?? reply.message ?? reply.error ?? '') };

const toReason = (prose: unknown): string => {
  const texts: readonly unknown[] = Array.isArray(prose) ? prose : [prose];
  return (
    texts.map((text) => (typeof text === 'string' ? text : sampleOf(text))).join('') || 'no reason given'
  );
};

const toGranted = (reply: WireGranted): Granted => {
  switch (reply.command) {
    case 'bid':
      return { command: 'bid', order: toOrder(reply.bid), ...toPlaced(reply) };
    case 'offer':
      return { command: 'offer', order: toOrder(reply.offer), ...toPlaced(reply) };
    case 'bid_delete':
      return { command: 'delete-bid', deletedIds: reply.deleted_bids };
    case 'offer_delete':
      return { command: 'delete-offer', deletedIds: reply.deleted_offers };
    case 'list_bids':
      return { command: 'list-bids', orders: reply.bid_list.map(toListedOrder) };
    case 'list_offers':
      return { command: 'list-offers', orders: reply.offer_list.map(toListedOrder) };
    case 'device_info':
      return { command: 'asset-info', info: reply.device_info };
    case 'set_energy_forecast':
      return { command: 'set-energy-forecast' };
    case 'set_energy_measurement':
      return { command: 'set-energy-measurement' };
    case 'grid_fees':
      return present({
        command: 'grid-fees',
        feeConstant: reply.market_fee_const,
        feePercent: reply.market_fee_percent,
      });
    case 'dso_market_stats':
      return {
        command: 'dso-market-stats',
        areaName: reply.name,
        stats: reply.market_stats,
      };
  }
};

const toPlaced = ({ market_type, message }: { market_type: string; message: string | undefined }) => ({
  marketType: market_type,
  message: message ?? '',
});

const toListedOrder = ({ id, energy, price }: WireListedOrder): ListedOrder => ({
  id,
  energyKWh: energy,
  priceCents: price,
});

const WireBatchResponse = strict(
  {
    command: t.literal('batch_commands'),
    transaction_id: t.string,
    aggregator_uuid: t.string,
    responses: mapOf(listOf(WireReply)),
  },
  'a reply to a batch',
);

/** The reply to a batch: per area one reply for each command, in the order sent. */
export const readBatchResponse = (content: unknown): t.Validation<BatchResponseMessage> =>
  pipe(
    WireBatchResponse.decode(content),
    E.map(({ transaction_id, aggregator_uuid, responses }) => ({
      kind: 'batch-response',
      transactionId: transaction_id,
      aggregatorUuid: aggregator_uuid,
      replies: new Map([...responses].map(([areaUuid, replies]) => [areaUuid, replies.map(toReply)])),
    })),
  );
