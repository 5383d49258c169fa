import { ordersOf, type AssetArea, type Order } from './areas.ts';
import type { Book } from './book.ts';
import { isObject, pythonLiteral, rounded, type JsonObject } from './json.ts';

/** What the running slot is called, and what time it is. */
export interface Clock {
  /** `YYYY-MM-DDTHH:mm`. */
  readonly slot: string;
  /** `YYYY-MM-DDTHH:mm:ss`. */
  readonly now: string;
}

/** What a command needs to know beside itself. */
export interface CommandContext {
  readonly book: Book;
  readonly clock: Clock;
  readonly transactionId: unknown;
}

/** Why a command is not done. `fatal` is what would have ended the real exchange. */
export interface Refusal {
  readonly fatal: boolean;
  readonly reason: string;
}

/** A refusal of what would have ended the real exchange. */
export const fatal = (reason: string): Refusal => ({ fatal: true, reason });
/** A refusal as the real exchange gives it; without a reason where it gives none. */
export const refused = (reason: string): Refusal => ({ fatal: false, reason });

/** Less than this is no order. */
const MINIMAL_KWH = 2e-5;
const ORDER_KEYS: ReadonlySet<string> = new Set(['type', 'energy', 'price', 'replace_existing', 'time_slot']);
const DEGREES_OF_FREEDOM: ReadonlySet<string> = new Set(['attributes', 'requirements']);
const SLOT_FORM = /^(\d{4}-\d\d-\d\dT\d\d)(?::(\d\d)(?::00)?)?$/;

/** Whether a command's `time_slot` is the running slot, another one, or none at all. */
export const slotOf = (timeSlot: unknown, clock: Clock): 'running' | 'closed' | 'malformed' => {
  if (timeSlot === undefined || timeSlot === null) return 'running';
  const parts = typeof timeSlot === 'string' ? SLOT_FORM.exec(timeSlot) : null;
  if (parts === null) return 'malformed';
  return `${parts[1] ?? ''}:${parts[2] ?? '00'}` === clock.slot ? 'running' : 'closed';
};

/** Places an order for an asset, after the checks that the exchange makes (exchange protocol, checks on orders). */
export const placeOrder = (
  asset: AssetArea,
  side: Order['side'],
  command: JsonObject,
  { book, clock }: CommandContext,
): Order | Refusal => {
  const slot = slotOf(command.time_slot, clock);
  if (slot !== 'running') return fatal(`time_slot is ${slot}`);
  const unfit = wrongSide(asset, side) ?? wrongKeys(asset, side, command);
  if (unfit !== undefined) return unfit;
  const { energy, price } = command;
  if (typeof energy !== 'number' || typeof price !== 'number') return refused('');

  const replacing = command.replace_existing === undefined || isTruthy(command.replace_existing);
  if (!(energy <= limitKWh(asset, side, replacing))) return refused('');
  if (price < 0 && asset.spec.type !== 'storage') return refused('');
  if (replacing) {
    if (side === 'offer' && asset.tradedOfferIds.size > 0) return refused('');
    for (const order of [...ordersOf(asset, side)]) book.withdraw(order);
  }
  if (price < 0 || energy < MINIMAL_KWH || (side === 'bid' && energy === MINIMAL_KWH)) return refused('');
  return book.post(asset, side, price / energy, energy);
};

/** The energy in an asset's open orders of one side. */
export const openKWh = (asset: AssetArea, side: Order['side']): number => {
  let sum = 0;
  for (const order of ordersOf(asset, side)) sum += order.energyKWh;
  return sum;
};

/** The energy limit of a new order. A producer's open and sold energy both count when the new offer does not replace. */
const limitKWh = (asset: AssetArea, side: Order['side'], replacing: boolean): number => {
  const openEnergyKWh = replacing ? 0 : openKWh(asset, side);
  if (side === 'bid') return asset.energy.toBuyKWh() - openEnergyKWh;
  if (asset.spec.type === 'storage') return asset.energy.toSellKWh() - openEnergyKWh;
  const soldKWh = replacing ? 0 : asset.slot.energyKWh;
  return asset.energy.toSellKWh() - openEnergyKWh - soldKWh + MINIMAL_KWH * (1 - Number.EPSILON);
};

const wrongSide = (asset: AssetArea, side: Order['side']): Refusal | undefined => {
  if (asset.spec.type === 'load' && side === 'offer')
    return refused('Offer not supported for Loads on spot markets.');
  if (asset.spec.type === 'pv' && side === 'bid') return refused('Bid not supported for PV on spot markets.');
  return undefined;
};

const wrongKeys = (asset: AssetArea, side: Order['side'], command: JsonObject): Refusal | undefined => {
  const { type } = asset.spec;
  const loadOrPv = type === 'load' || type === 'pv';
  for (const key of Object.keys(command)) {
    if (ORDER_KEYS.has(key)) continue;
    const known = DEGREES_OF_FREEDOM.has(key);
    if (loadOrPv || (type === 'storage' && !known)) return fatal(`unknown key ${key}`);
    if (side === 'offer' || !known) return refused('');
  }
  for (const key of ['energy', 'price']) {
    if (!(key in command) && type !== 'smart-meter') return fatal(`${key} is missing`);
    if (loadOrPv && typeof command[key] !== 'number') return fatal(`${key} is no number`);
  }
  return undefined;
};

const isTruthy = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isObject(value) ? Object.keys(value).length > 0 : Boolean(value);

/** An order as JSON text, as replies carry it. */
export const orderText = (order: Order, command: JsonObject, clock: Clock): string => {
  const { origin } = order;
  const trader = { name: origin.name, origin: origin.name, origin_uuid: origin.uuid, uuid: origin.uuid };
  const explicitSlot = order.side === 'offer' ? command.time_slot : undefined;
  return JSON.stringify({
    type: order.side === 'bid' ? 'Bid' : 'Offer',
    id: order.id,
    energy: order.energyKWh,
    energy_rate: rounded(order.rate),
    price: rounded(order.rate * order.energyKWh),
    original_price: command.price,
    creation_time: clock.now,
    time_slot: explicitSlot ?? `${clock.slot}:00`,
    [order.side === 'bid' ? 'buyer' : 'seller']: trader,
  });
};

/** What the exchange says of an order that it refuses. */
export const refusalText = (
  asset: AssetArea,
  side: Order['side'],
  command: JsonObject,
  transactionId: unknown,
  { fatal: isFatal, reason }: Refusal,
): string => {
  const args = pythonLiteral({ ...command, transaction_id: transactionId });
  const detail = isFatal
    ? `. This would have ended the exchange: ${reason}.`
    : reason === ''
      ? '.'
      : `:${reason}`;
  return `Error when handling ${side} create on area ${asset.name} with arguments ${args}${detail}`;
};
