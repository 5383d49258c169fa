import { ordersOf, type Area, type AssetArea, type Grid } from './areas.ts';
import { listed, runAssetCommand, type CommandReply } from './assetCommands.ts';
import { isObject, transactionIdOf, without, type JsonObject } from './json.ts';
import { runMarketCommand } from './marketCommands.ts';
import { refused } from './dangers.ts';
import { refusalText, type CommandContext } from './orders.ts';
import { isConnected, NOT_REGISTERED } from './registration.ts';

/** A command to an area on a channel of its own, without an aggregator (exchange protocol, direct asset commands). */
export interface DirectCommand {
  readonly area: Area;
  readonly type: string;
  readonly transactionId: unknown;
  readonly message: JsonObject;
}

/** What comes of a direct command when it arrives. */
export type Received =
  | { readonly kind: 'waits'; readonly command: DirectCommand }
  | { readonly kind: 'answered'; readonly area: Area; readonly type: string; readonly reply: JsonObject }
  | { readonly kind: 'ignored' }
  /** It would have deafened the real exchange. */
  | { readonly kind: 'deafening' };

/** The channels of direct commands, and what comes of messages on them. */
export interface DirectCommands {
  readonly channels: readonly string[];
  receive(channel: string, message: unknown): Received;
}

/** Where a direct command of an area is answered. */
export const directResponseChannel = (area: Area, type: string): string =>
  `${area.channelName}/response/${type}`;

/** The direct commands of a grid: every external area listens; of several of one name the first. */
export const directCommandsOf = (grid: Grid): DirectCommands => {
  const listening = new Map<string, { readonly area: Area; readonly type: string }>();
  for (const area of grid.byUuid.values()) {
    for (const type of area.external ? typesOf(area) : []) {
      const channel = `${area.channelName}/${type}`;
      if (!listening.has(channel)) listening.set(channel, { area, type });
    }
  }
  return {
    channels: [...listening.keys()],
    receive: (channel, message) => {
      const asked = listening.get(channel);
      return asked === undefined ? { kind: 'ignored' } : received(asked.area, asked.type, message);
    },
  };
};

const ORDERS = {
  bid: ['bid', 'delete_bid', 'list_bids'],
  offer: ['offer', 'delete_offer', 'list_offers'],
} as const;
const FORECASTS = ['set_energy_forecast', 'set_energy_measurement'] as const;

const typesOf = (area: Area): readonly string[] => {
  if (area.kind === 'market') return ['grid_fees', 'dso_market_stats'];
  const { type } = area.spec;
  const sides = [...(type === 'pv' ? [] : ORDERS.bid), ...(type === 'load' ? [] : ORDERS.offer)];
  return ['device_info', ...sides, ...(area.energy.told === undefined ? [] : FORECASTS)];
};

const received = (area: Area, type: string, message: unknown): Received => {
  const transactionId = transactionIdOf(message);
  if (!isObject(message) || transactionId === undefined) {
    if (type !== 'device_info') return { kind: 'deafening' };
    if (!isObject(message)) return { kind: 'ignored' };
  }
  if (!isConnected(area)) return { kind: 'answered', area, type, reply: NOT_REGISTERED };
  if (area.kind === 'asset' && area.aggregatorUuid !== undefined) return { kind: 'ignored' };
  const isText = type === 'grid_fees' && [message.fee_const, message.fee_percent].some(isFeeText);
  if (isText) return { kind: 'deafening' };
  return { kind: 'waits', command: { area, type, transactionId, message } };
};

const isFeeText = (fee: unknown): boolean => fee !== undefined && fee !== null && typeof fee !== 'number';

/** Does a direct command and answers: at the end of a tick, like a batch. */
export const runDirectCommand = (
  { area, type, transactionId, message }: DirectCommand,
  context: Omit<CommandContext, 'transactionId'>,
): CommandReply => {
  const asked = without(message, 'transaction_id');
  const known = { transaction_id: transactionId };
  if (area.kind === 'market') {
    const { reply, danger } = runMarketCommand(area, { type, data: asked }, context);
    return { reply: { ...reply, ...known }, danger };
  }
  if (area.spec.type === 'smart-meter')
    return said({ status: 'error', area_uuid: area.uuid, message: 'Invalid command type' });
  const mistake = mistakeIn(area, type, message);
  if (mistake !== undefined) return said({ command: nameOf(type), error: mistake, ...known });
  const danger = dangerOf(area, type);
  if (danger !== undefined) {
    const error_message = `This would have ${DIRECT_EFFECTS[danger]}.`;
    return { reply: { command: type, status: 'error', error_message, ...known }, danger };
  }
  return onAsset(area, type, message, { ...context, transactionId });
};

const said = (reply: JsonObject): CommandReply => ({ reply, danger: undefined });

/** What only the exchange can do to itself: its own orders and forecasts of directly connected assets. */
const dangerOf = ({ spec }: AssetArea, type: string): keyof typeof DIRECT_EFFECTS | undefined => {
  if ((spec.type === 'load' && type === 'bid') || (spec.type === 'pv' && type === 'offer')) return 'dies';
  return FORECASTS.some((forecast) => forecast === type) ? 'loops' : undefined;
};

const DIRECT_EFFECTS = {
  dies: 'ended the exchange: a direct order',
  loops: 'sent the exchange into an endless loop: a direct forecast or measurement',
} as const;

const onAsset = (
  asset: AssetArea,
  type: string,
  message: JsonObject,
  context: CommandContext,
): CommandReply => {
  const known = { transaction_id: context.transactionId };
  if (type === 'bid') {
    // The exchange never finds what a storage, the only one that gets here, may buy.
    const error_message = refusalText(asset, type, message, context.transactionId, refused(''));
    return said({ command: type, status: 'error', market_type: 'Spot Market', error_message, ...known });
  }
  // Asked directly, a storage can list its offers.
  if (type === 'list_offers')
    return said({ command: type, status: 'ready', offer_list: listed(asset.offers), ...known });
  const asked = without(message, 'transaction_id');
  const { reply, danger } = runAssetCommand(asset, { type, ...asked }, context);
  if (type !== 'offer' || reply.status !== 'ready')
    return { reply: { ...without(reply, 'area_uuid', 'transaction_id'), ...known }, danger };
  const { market_type, offer } = reply;
  return said({ command: type, status: 'ready', market_type, offer, ...known });
};

const nameOf = (type: string): string => type.replace(/^delete_(.*)$/, '$1_delete');

const REQUIRED = ['transaction_id', 'price', 'energy'];
const AVAILABLE = [
  ...['requirements', 'transaction_id', 'replace_existing', 'price', 'time_slot'],
  ...['attributes', 'energy'],
];

/** What the exchange says of keys that are missing or unknown, and of orders that are not there. */
const mistakeIn = (
  asset: AssetArea,
  type: string,
  message: JsonObject,
): string | readonly string[] | undefined => {
  const [verb, side] = type.startsWith('delete_') ? ['delete', type.slice(7)] : ['order', type];
  if (side !== 'bid' && side !== 'offer') return undefined;
  if (verb === 'order') {
    const fits =
      REQUIRED.every((key) => Object.hasOwn(message, key)) &&
      Object.keys(message).every((key) => AVAILABLE.includes(key));
    if (fits) return undefined;
    return asset.spec.type === 'storage'
      ? `Incorrect ${side} request. Available parameters: ('price', 'energy', 'replace_existing').`
      : [
          `Incorrect ${side} request. `,
          `Required parameters: ${keySet(REQUIRED)}Available parameters: ${keySet(AVAILABLE)}.`,
        ];
  }
  const id = message[side];
  const isThere =
    id === undefined || id === null || [...ordersOf(asset, side)].some((order) => order.id === id);
  if (isThere) return undefined;
  const why = side === 'bid' ? 'Exception: Bid_id is not associated with any posted bid.' : '';
  return `Incorrect delete ${side} request. Available parameters: (${side}).${why}`;
};

const keySet = (keys: readonly string[]): string => `{${keys.map((key) => `'${key}'`).join(', ')}}`;
