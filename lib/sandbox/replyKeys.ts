import type { AssetSpec } from './community.ts';
import type { JsonObject } from './json.ts';

/*
 * The order of keys in the exchange's replies differs by kind of asset, command and outcome. No client should care;
 * it is kept so that recordings of both can be compared text by text.
 */
const KEYS = new Map<string, readonly string[]>(
  Object.entries({
    'load bid ready': 'command status bid area_uuid transaction_id market_type message',
    'load bid error': 'command status area_uuid market_type error_message transaction_id',
    'pv offer ready': 'command status offer transaction_id area_uuid market_type message',
    'pv offer error': 'command status market_type error_message area_uuid transaction_id',
    'pv bid error': 'command status area_uuid market_type error_message transaction_id',
    'pv delete_offer ready': 'command status area_uuid deleted_offers transaction_id',
    'smart-meter bid ready': 'command status area_uuid bid market_type transaction_id message',
    'smart-meter offer error': 'command status market_type error_message area_uuid transaction_id',
    'storage bid ready': 'command status bid market_type area_uuid transaction_id message',
    'storage offer ready': 'command area_uuid market_type status offer transaction_id message',
    'storage delete_bid error': 'command status error_message area_uuid transaction_id',
  }).map(([reply, keys]) => [reply, keys.split(' ')]),
);
const ORDER_ERROR = 'command status market_type area_uuid error_message transaction_id'.split(' ');
const ORDER_READY = {
  bid: 'command status bid market_type area_uuid transaction_id message'.split(' '),
  offer: 'command status offer market_type area_uuid transaction_id message'.split(' '),
};

/** The keys of the reply to an accepted order, in their order. */
export const readyKeys = (kind: AssetSpec['type'], side: 'bid' | 'offer'): readonly string[] =>
  KEYS.get(`${kind} ${side} ready`) ?? ORDER_READY[side];

/** The reply with its keys in the order in which the exchange writes them; the given order where none is known. */
export const inKeyOrder = (kind: AssetSpec['type'], asked: unknown, reply: JsonObject): JsonObject => {
  if (typeof asked !== 'string') return reply;
  const failedOrder = (asked === 'bid' || asked === 'offer') && reply.status === 'error';
  const keys =
    KEYS.get(`${kind} ${asked} ${String(reply.status)}`) ?? (failedOrder ? ORDER_ERROR : undefined);
  return keys === undefined ? reply : Object.fromEntries(keys.map((key) => [key, reply[key]]));
};
