import { ordersOf, type AssetArea, type MarketType, type Order } from './areas.ts';
import { assetInfo } from './assetInfo.ts';
import type { Book } from './book.ts';
import type { Community } from './community.ts';
import { runForecastCommand } from './forecasts.ts';
import { pythonLiteral, rounded, type JsonObject } from './json.ts';
import { fatal, refused, type Danger, type Refusal } from './dangers.ts';
import { placeOrder, refusalText, sessionOf, type CommandContext } from './orders.ts';
import { acceptedText, MARKET_NAMES, type AcceptedOrder } from './orderReplies.ts';
import { inKeyOrder } from './replyKeys.ts';
import type { Session } from './sessions.ts';

/** A reply, and what the command does to the real exchange where it should not be sent. */
export interface CommandReply {
  readonly reply: JsonObject;
  readonly danger: Danger | undefined;
}

/** A reply as JSON, and the same. */
export interface CommandAnswer {
  readonly text: string;
  readonly danger: Danger | undefined;
}

type Side = Order['side'];

/** Does one command for an asset and answers as the exchange does (exchange protocol, batch commands). */
export const runAssetCommand = (
  asset: AssetArea,
  command: JsonObject,
  context: CommandContext,
): CommandReply => {
  const done = run(asset, command, context);
  if ('reply' in done) return { ...done, reply: inKeyOrder(asset.spec.type, command.type, done.reply) };
  return { reply: JSON.parse(acceptedText(done, context)) as JsonObject, danger: done.danger };
};

/** The same with the reply as JSON; most are of accepted orders, and written at once. */
export const answerAssetCommand = (
  asset: AssetArea,
  command: JsonObject,
  context: CommandContext,
): CommandAnswer => {
  const done = run(asset, command, context);
  const text =
    'reply' in done
      ? JSON.stringify(inKeyOrder(asset.spec.type, command.type, done.reply))
      : acceptedText(done, context);
  return { text, danger: done.danger };
};

/** An order that was placed. */
interface Accepted extends AcceptedOrder {
  readonly danger: Danger | undefined;
}

const run = (asset: AssetArea, command: JsonObject, context: CommandContext): CommandReply | Accepted => {
  const { type } = command;
  switch (type) {
    case 'bid':
    case 'offer':
      return order(asset, type, command, context);
    case 'delete_bid':
    case 'delete_offer':
      return takesSide(asset, sideOf(type))
        ? deletion(asset, command, context)
        : notSupported(asset, command, 'Delete');
    case 'list_bids':
    case 'list_offers':
      return takesSide(asset, sideOf(type))
        ? list(asset, command, context)
        : notSupported(asset, command, 'List');
    case 'device_info':
      return ready({
        command: type,
        status: 'ready',
        device_info: assetInfo(asset),
        transaction_id: context.transactionId,
        area_uuid: asset.uuid,
      });
    default: {
      const reply = runForecastCommand(asset, command, context);
      return reply === undefined ? unsupported(asset.uuid, type) : ready(reply);
    }
  }
};

const ready = (reply: JsonObject): CommandReply => ({ reply, danger: undefined });

/** The reply to a command that this kind of area does not know. */
export const unsupported = (areaUuid: string, type: unknown): CommandReply =>
  type === undefined || type === null
    ? ready({ status: 'error', area_uuid: areaUuid, message: 'Invalid command type' })
    : {
        reply: {
          command: typeof type === 'string' ? type : pythonLiteral(type),
          status: 'error',
          area_uuid: areaUuid,
          message: `Command type not supported for device ${areaUuid}`,
        },
        danger: typeof type === 'object' ? 'dies' : undefined,
      };

const notSupported = (asset: AssetArea, { type }: JsonObject, verb: string): CommandReply =>
  ready({
    command: type,
    status: 'error',
    area_uuid: asset.uuid,
    message: `${verb} ${String(type).split('_')[1] ?? ''} command not supported on device ${asset.uuid}`,
  });

const sideOf = (type: string): Side => (type.includes('bid') ? 'bid' : 'offer');
const takesSide = ({ spec }: AssetArea, side: Side): boolean =>
  spec.type === 'storage' || spec.type === 'smart-meter' || (spec.type === 'load') === (side === 'bid');

const order = (
  asset: AssetArea,
  side: Side,
  command: JsonObject,
  context: CommandContext,
): CommandReply | Accepted => {
  const session = sessionOf(command.time_slot, context.sessions);
  if (typeof session === 'string') {
    return unplaced(asset, side, command, 'spot', fatal(`time_slot is ${session}`), context);
  }
  const placed = placeOrder(asset, side, command, session, context);
  if ('reason' in placed) return unplaced(asset, side, command, session.type, placed, context);
  const danger = side === 'offer' && session.type === 'future' ? 'dies-with-slot' : undefined;
  return { order: placed.order, command, session, message: placed.message, danger };
};

/** A PV calls a refused bid an offer, as the exchange does. */
const unplaced = (
  asset: AssetArea,
  side: Side,
  command: JsonObject,
  market: MarketType,
  refusal: Refusal,
  { transactionId }: CommandContext,
): CommandReply => {
  const named = asset.spec.type === 'pv' ? 'offer' : side;
  const reply = {
    command: named,
    status: 'error',
    market_type: MARKET_NAMES[market],
    area_uuid: asset.uuid,
    transaction_id: transactionId,
    error_message: refusalText(asset, named, command, transactionId, refusal),
  };
  return { reply, danger: refusal.danger };
};

const failed = (asset: AssetArea, message: string, transactionId: unknown): JsonObject => ({
  area_uuid: asset.uuid,
  error_message: message,
  transaction_id: transactionId,
});

/** In a one-sided market there are no bids to delete or to list. */
const withoutBids = (
  asset: AssetArea,
  side: Side,
  session: Session,
  community: Community,
): Refusal | undefined => {
  if (side === 'offer' || session.type !== 'spot') return undefined;
  if (community.spotMarketType !== 'one-sided-pay-as-offer') return undefined;
  return asset.spec.type === 'load' ? fatal('a one-sided market has no bids') : refused('');
};

const deletion = (asset: AssetArea, command: JsonObject, context: CommandContext): CommandReply => {
  const side = sideOf(String(command.type));
  const known = { area_uuid: asset.uuid, transaction_id: context.transactionId };
  const session = sessionOf(command.time_slot, context.sessions);
  if (typeof session === 'string') return undeleted(asset, side, slotRefusal(asset, session), context);
  const ids =
    withoutBids(asset, side, session, context.community) ?? idsToDelete(asset, side, command[side], session);
  if ('reason' in ids) return undeleted(asset, side, ids, context);
  const open = [...ordersOf(session.book.at(asset), side)];
  for (const one of open) if (ids.includes(one.id)) session.book.withdraw(one);
  return ready({ command: `${side}_delete`, status: 'ready', [`deleted_${side}s`]: ids, ...known });
};

const undeleted = (
  asset: AssetArea,
  side: Side,
  { danger, reason }: Refusal,
  { transactionId }: CommandContext,
): CommandReply => ({
  reply: { command: `${side}_delete`, status: 'error', ...failed(asset, reason, transactionId) },
  danger,
});

const slotRefusal = ({ spec: { type } }: AssetArea, slot: 'closed' | 'malformed'): Refusal => {
  const harmless = type === 'smart-meter' || (type === 'load' && slot === 'closed');
  return (harmless ? refused : fatal)(`time_slot is ${slot}`);
};

const idsToDelete = (
  asset: AssetArea,
  side: Side,
  id: unknown,
  { book, type }: Session,
): readonly string[] | Refusal => {
  const open = [...ordersOf(book.at(asset), side)].map((order) => order.id);
  if (id === undefined || id === null) return open;
  if (typeof id === 'string' && open.includes(id)) return [id];
  if (side === 'offer' && asset.spec.type === 'smart-meter') return [];
  const failed = `Error when handling ${side} delete on area ${asset.name}.`;
  if (side === 'offer') {
    const isTraded = type === 'spot' && typeof id === 'string' && asset.tradedOfferIds.has(id);
    return isTraded ? refused(failed) : fatal('unknown offer id');
  }
  if (asset.spec.type === 'storage') return refused('Bid_id is not associated with any posted bid.');
  return [typeof id === 'string' ? id : pythonLiteral(id)];
};

const list = (
  asset: AssetArea,
  command: JsonObject,
  { community, sessions, transactionId }: CommandContext,
): CommandReply => {
  const side = sideOf(String(command.type));
  const session = sessionOf(command.time_slot, sessions);
  const refusal =
    typeof session === 'string' ? unlisted(asset, session) : withoutBids(asset, side, session, community);
  const storage = asset.spec.type === 'storage';
  // The exchange cannot list a storage's offers while the market holds any.
  const broken = (book: Book) => storage && side === 'offer' && book.holds(asset.parent, 'offer');
  if (refusal !== undefined || typeof session === 'string' || broken(session.book)) {
    const message = `Error when listing ${side}s on area ${asset.name}.`;
    return {
      reply: { command: command.type, status: 'error', ...failed(asset, message, transactionId) },
      danger: refusal?.danger,
    };
  }
  const orders = listed(ordersOf(session.book.at(asset), side));
  const known = { area_uuid: asset.uuid, transaction_id: transactionId };
  return ready({ command: command.type, status: 'ready', [`${side}_list`]: orders, ...known });
};

/** Open orders as lists tell them. */
export const listed = (orders: Iterable<Order>): readonly JsonObject[] =>
  Array.from(orders, ({ id, rate, energyKWh }) => ({
    id,
    price: rounded(rate * energyKWh),
    energy: energyKWh,
  }));

const unlisted = ({ spec: { type } }: AssetArea, slot: 'closed' | 'malformed'): Refusal =>
  (slot === 'malformed' && (type === 'load' || type === 'pv') ? fatal : refused)(`time_slot is ${slot}`);
