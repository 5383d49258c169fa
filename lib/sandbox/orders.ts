import { ordersOf, type AssetArea, type Order } from './areas.ts';
import type { Community } from './community.ts';
import { refused, type Refusal } from './dangers.ts';
import { isTruthy, pythonLiteral, type JsonObject } from './json.ts';
import { limitKWh, MINIMAL_KWH, unfit } from './orderChecks.ts';
import { readPreferences } from './readPreferences.ts';
import type { Session, Sessions } from './sessions.ts';

/** What the running slot is called, and what time it is. */
export interface Clock {
  /** `YYYY-MM-DDTHH:mm`. */
  readonly slot: string;
  /** `YYYY-MM-DDTHH:mm:ss`. */
  readonly now: string;
}

/** What a command needs to know beside itself. */
export interface CommandContext {
  readonly community: Community;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** Whether what the real exchange accepts and dies of later is accepted here too. */
  readonly strict: boolean;
  readonly transactionId: unknown;
}

const SLOT_FORM = /^(\d{4}-\d\d-\d\dT\d\d)(?::(\d\d)(?::00)?)?$/;

/** A slot's name, `YYYY-MM-DDTHH:mm`, from a text in one of the forms that the exchange reads. */
export const slotNamed = (text: string): string | undefined => {
  const [, hour, minute = '00'] = SLOT_FORM.exec(text) ?? [];
  return hour === undefined ? undefined : `${hour}:${minute}`;
};

/** Where a command's `time_slot` is traded: without one the running slot's. */
export const sessionOf = (timeSlot: unknown, sessions: Sessions): Session | 'closed' | 'malformed' => {
  if (timeSlot === undefined || timeSlot === null) return sessions.spot();
  const slot = typeof timeSlot === 'string' ? slotNamed(timeSlot) : undefined;
  return slot === undefined ? 'malformed' : (sessions.of(slot) ?? 'closed');
};

/** An order of a session's market, as it was placed. */
export interface Placed {
  readonly order: Order;
  /** What became of keys that the market does not take. */
  readonly message: string;
}

/** Places an order for an asset, after the checks that the exchange makes (exchange protocol, checks on orders). */
export const placeOrder = (
  asset: AssetArea,
  side: Order['side'],
  command: JsonObject,
  session: Session,
  context: CommandContext,
): Placed | Refusal => {
  const wrong = unfit(asset, side, command, session, context);
  if (wrong !== undefined) return wrong;
  const { energy, price } = command;
  if (typeof energy !== 'number' || typeof price !== 'number') return refused('');
  const preferences = readPreferences(asset.uuid, command, context.community);
  if ('reason' in preferences) return preferences;

  const replacing = command.replace_existing === undefined || isTruthy(command.replace_existing);
  if (!(energy <= limitKWh(asset, side, replacing, session, context.sessions))) return refused('');
  if (price < 0 && asset.spec.type !== 'storage') return refused('');
  if (replacing) {
    if (session.type === 'spot' && side === 'offer' && asset.tradedOfferIds.size > 0) return refused('');
    // What is deleted from a set on the way is not come to again.
    for (const order of ordersOf(session.book.at(asset), side)) session.book.withdraw(order);
  }
  if (price < 0 || energy < MINIMAL_KWH || (side === 'bid' && energy === MINIMAL_KWH)) return refused('');
  const { kept, message } = preferences;
  return { order: session.book.post(asset, side, price / energy, energy, kept), message };
};

/** What the exchange says of an order that it refuses. */
export const refusalText = (
  asset: AssetArea,
  side: Order['side'],
  command: JsonObject,
  transactionId: unknown,
  { danger, reason }: Refusal,
): string => {
  const args = pythonLiteral({ ...command, transaction_id: transactionId });
  const detail =
    danger === undefined
      ? reason === ''
        ? '.'
        : `:${reason}`
      : `. This would have ended the exchange: ${reason}.`;
  return `Error when handling ${side} create on area ${asset.name} with arguments ${args}${detail}`;
};
