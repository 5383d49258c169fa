import { ordersOf, type AssetArea, type Order, type Stand } from './areas.ts';
import type { Community } from './community.ts';
import { fatal, refused, type Refusal } from './dangers.ts';
import type { JsonObject } from './json.ts';
import { isPreference } from './readPreferences.ts';
import type { Session, Sessions } from './sessions.ts';
import { deviationOf } from './settlement.ts';

type Side = Order['side'];

/** Less than this is no order. */
export const MINIMAL_KWH = 2e-5;
const ORDER_KEYS: ReadonlySet<string> = new Set(['type', 'energy', 'price', 'replace_existing', 'time_slot']);

/** The energy in the open orders of one side. */
export const openKWh = (stand: Stand, side: Side): number => {
  const orders = ordersOf(stand, side);
  let sum = 0;
  // Most hold none, and even of an empty set the iterator costs.
  if (orders.size > 0) for (const order of orders) sum += order.energyKWh;
  return sum;
};

/** The energy limit of a new order. One battery stands behind all orders of a storage, whatever their slots. */
export const limitKWh = (
  asset: AssetArea,
  side: Side,
  replacing: boolean,
  session: Session,
  sessions: Sessions,
): number => {
  let openEnergyKWh = 0;
  for (const other of asset.spec.type === 'storage' ? sessions.all() : [session])
    if (!replacing || other !== session) openEnergyKWh += openKWh(other.book.at(asset), side);
  if (asset.spec.type === 'storage' || session.type === 'spot')
    return spotLimitKWh(asset, side, replacing) - openEnergyKWh;
  if (session.type === 'settlement') return Math.abs(deviationOf(asset, session.slot) ?? 0) - openEnergyKWh;
  return asset.energy.expected(session.index, session.slot)[side] - openEnergyKWh;
};

/** A producer's sold energy counts too when the new offer does not replace the others. */
const spotLimitKWh = ({ energy, slot, spec }: AssetArea, side: Side, replacing: boolean): number => {
  if (side === 'bid') return energy.toBuyKWh();
  if (spec.type === 'storage') return energy.toSellKWh();
  return energy.toSellKWh() - (replacing ? 0 : slot.energyKWh) + MINIMAL_KWH * (1 - Number.EPSILON);
};

/** Why an asset cannot place such an order in such a market; undefined when it can. */
export const unfit = (
  asset: AssetArea,
  side: Side,
  command: JsonObject,
  session: Session,
  context: { readonly community: Community; readonly strict: boolean },
): Refusal | undefined =>
  MARKETS[session.type](asset, side, session, context) ?? wrongKeys(asset, side, command, context.community);

type WrongSide = (
  asset: AssetArea,
  side: Side,
  session: Session,
  context: { readonly community: Community; readonly strict: boolean },
) => Refusal | undefined;

const wrongInSpot: WrongSide = ({ spec: { type } }, side, _, { community }) => {
  if (type === 'load' && side === 'offer') return refused('Offer not supported for Loads on spot markets.');
  if (type === 'pv' && side === 'bid') return refused('Bid not supported for PV on spot markets.');
  if (side === 'offer' || community.spotMarketType !== 'one-sided-pay-as-offer') return undefined;
  return type === 'load' ? fatal('a load bids in a one-sided market') : refused('');
};

/** The side follows from the deviation: who took more or gave less than traded buys, who took less or gave more sells. */
const wrongInSettlement: WrongSide = (asset, side, { slot }) => {
  const { type } = asset.spec;
  if (type === 'storage') return undefined;
  const deviation = deviationOf(asset, slot);
  if (deviation !== undefined && deviation > 0 === (side === 'bid')) return undefined;
  if (type === 'load' && side === 'offer')
    return refused("('The load did not consume too much energy, ', 'settlement offer can not be posted')");
  if (type === 'pv' && side === 'bid')
    return refused('The PV did not produce too little energy, settlement bid can not be posted.');
  return refused('');
};

/** The real exchange takes offers for slots to come, and ends when a slot begins. */
const wrongInFuture: WrongSide = ({ spec: { type } }, side, _, { strict }) => {
  const known = side === 'bid' ? type === 'load' : type === 'pv';
  if (type !== 'smart-meter' && !known) return refused('');
  if (side === 'bid' || strict) return undefined;
  return { danger: 'dies-with-slot', reason: 'an offer for a slot to come' };
};

const MARKETS: Readonly<Record<Session['type'], WrongSide>> = {
  spot: wrongInSpot,
  settlement: wrongInSettlement,
  future: wrongInFuture,
};

const wrongKeys = (
  asset: AssetArea,
  side: Side,
  command: JsonObject,
  { degreesOfFreedom }: Community,
): Refusal | undefined => {
  const { type } = asset.spec;
  const loadOrPv = type === 'load' || type === 'pv';
  for (const key of Object.keys(command)) {
    const known = isPreference(key);
    if (ORDER_KEYS.has(key) || (known && degreesOfFreedom !== undefined)) continue;
    if (loadOrPv || (type === 'storage' && !known)) return fatal(`unknown key ${key}`);
    if (side === 'offer' || !known) return refused('');
  }
  for (const key of ['energy', 'price']) {
    if (!(key in command) && type !== 'smart-meter') return fatal(`${key} is missing`);
    if (loadOrPv && typeof command[key] !== 'number') return fatal(`${key} is no number`);
    // JSON can hold numbers that are too large for one, and an infinite price would spoil all books.
    if (Math.abs(Number(command[key])) === Infinity) return refused('');
  }
  return undefined;
};
