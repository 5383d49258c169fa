import { ordersOf, type AssetArea, type Order } from './areas.ts';
import { assetInfo } from './assetInfo.ts';
import { pythonLiteral, rounded, type JsonObject } from './json.ts';
import {
  fatal,
  orderText,
  placeOrder,
  refusalText,
  refused,
  slotOf,
  type CommandContext,
  type Refusal,
} from './orders.ts';
import { inKeyOrder } from './replyKeys.ts';

/** A reply, and whether the command would have ended the real exchange. */
export interface CommandReply {
  readonly reply: JsonObject;
  readonly fatal: boolean;
}

type Side = Order['side'];

const SPOT = 'Spot Market';

/** Does one command for an asset and answers as the exchange does (exchange protocol, batch commands). */
export const runAssetCommand = (
  asset: AssetArea,
  command: JsonObject,
  context: CommandContext,
): CommandReply => {
  const { reply, fatal: isFatal } = run(asset, command, context);
  return { reply: inKeyOrder(asset.spec.type, command.type, reply), fatal: isFatal };
};

const run = (asset: AssetArea, command: JsonObject, context: CommandContext): CommandReply => {
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
    default:
      return unsupported(asset.uuid, type);
  }
};

const ready = (reply: JsonObject): CommandReply => ({ reply, fatal: false });

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
        fatal: typeof type === 'object',
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

const order = (asset: AssetArea, side: Side, command: JsonObject, context: CommandContext): CommandReply => {
  const { transactionId } = context;
  const placed = placeOrder(asset, side, command, context);
  const known = { market_type: SPOT, area_uuid: asset.uuid, transaction_id: transactionId };
  if ('reason' in placed) {
    const message = refusalText(asset, side, command, transactionId, placed);
    // A PV calls a refused bid an offer, as the exchange does.
    const named = asset.spec.type === 'pv' ? 'offer' : side;
    return {
      reply: { command: named, status: 'error', ...known, error_message: message },
      fatal: placed.fatal,
    };
  }
  const text = orderText(placed, command, context.clock);
  return ready({ command: side, status: 'ready', [side]: text, ...known, message: '' });
};

const failed = (asset: AssetArea, message: string, transactionId: unknown): JsonObject => ({
  area_uuid: asset.uuid,
  error_message: message,
  transaction_id: transactionId,
});

const deletion = (asset: AssetArea, command: JsonObject, context: CommandContext): CommandReply => {
  const side = sideOf(String(command.type));
  const known = { area_uuid: asset.uuid, transaction_id: context.transactionId };
  const refusal = slotRefusal(asset, command, context);
  const ids = refusal ?? idsToDelete(asset, side, command[side]);
  if ('reason' in ids) {
    return {
      reply: {
        command: `${side}_delete`,
        status: 'error',
        ...failed(asset, ids.reason, context.transactionId),
      },
      fatal: ids.fatal,
    };
  }
  for (const open of [...ordersOf(asset, side)]) if (ids.includes(open.id)) context.book.withdraw(open);
  return ready({ command: `${side}_delete`, status: 'ready', [`deleted_${side}s`]: ids, ...known });
};

const slotRefusal = (
  asset: AssetArea,
  command: JsonObject,
  { clock }: CommandContext,
): Refusal | undefined => {
  const slot = slotOf(command.time_slot, clock);
  if (slot === 'running') return undefined;
  const { type } = asset.spec;
  const harmless = type === 'smart-meter' || (type === 'load' && slot === 'closed');
  return (harmless ? refused : fatal)(`time_slot is ${slot}`);
};

const idsToDelete = (asset: AssetArea, side: Side, id: unknown): readonly string[] | Refusal => {
  const open = [...ordersOf(asset, side)].map((order) => order.id);
  if (id === undefined || id === null) return open;
  if (typeof id === 'string' && open.includes(id)) return [id];
  if (side === 'offer' && asset.spec.type === 'smart-meter') return [];
  const failed = `Error when handling ${side} delete on area ${asset.name}.`;
  if (side === 'offer') {
    return typeof id === 'string' && asset.tradedOfferIds.has(id)
      ? refused(failed)
      : fatal('unknown offer id');
  }
  if (asset.spec.type === 'storage') return refused('Bid_id is not associated with any posted bid.');
  return [typeof id === 'string' ? id : pythonLiteral(id)];
};

const list = (
  asset: AssetArea,
  command: JsonObject,
  { clock, transactionId }: CommandContext,
): CommandReply => {
  const side = sideOf(String(command.type));
  const slot = slotOf(command.time_slot, clock);
  const storage = asset.spec.type === 'storage';
  const known = { area_uuid: asset.uuid, transaction_id: transactionId };
  // The exchange cannot list a storage's offers while the market holds any.
  const broken = storage && side === 'offer' && asset.parent.offers.size > 0;
  if (slot !== 'running' || broken) {
    const message = `Error when listing ${side}s on area ${asset.name}.`;
    return {
      reply: { command: command.type, status: 'error', ...failed(asset, message, transactionId) },
      fatal: slot === 'malformed' && (asset.spec.type === 'load' || asset.spec.type === 'pv'),
    };
  }
  const orders = [...ordersOf(asset, side)].map(({ id, rate, energyKWh }) => ({
    id,
    price: rounded(rate * energyKWh),
    energy: energyKWh,
  }));
  return ready({ command: command.type, status: 'ready', [`${side}_list`]: orders, ...known });
};
