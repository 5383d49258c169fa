import type { Order } from '../model/replies.ts';
import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';

/** What of a reply to an accepted order is read, under the keys of the wire. */
const FIELDS = [
  'id',
  'energy',
  'energy_rate',
  'price',
  'original_price',
  'creation_time',
  'time_slot',
  'name',
  'uuid',
  'market_type',
  'message',
] as const;
type Field = (typeof FIELDS)[number];

/** How replies to accepted orders of one kind are written. */
export interface ReplyPattern {
  readonly side: Order['side'];
  /** Finds such a reply, all of it, at its `lastIndex`. */
  readonly regExp: RegExp;
  /** Which of its groups each field is; -1 for one that is not there. */
  readonly groups: Readonly<Record<Field, number>>;
}

/** A value under its key. Texts have no escapes, but for names: the exchange escapes what is not ASCII. */
type Form = 'number' | 'text' | 'name' | { readonly only: string } | { readonly members: Members };
type Members = Readonly<Record<string, Form>>;

const TRADER: Form = { members: { name: 'name', origin: 'name', origin_uuid: 'text', uuid: 'text' } };

const ORDER: Members = {
  id: 'text',
  energy: 'number',
  energy_rate: 'number',
  price: 'number',
  original_price: 'number',
  creation_time: 'text',
  time_slot: 'text',
};

const REPLY: Members = {
  status: { only: 'ready' },
  area_uuid: 'text',
  transaction_id: 'text',
  market_type: 'text',
  message: 'text',
};

const MEMBERS: Readonly<Record<Order['side'], Members>> = {
  bid: {
    ...REPLY,
    command: { only: 'bid' },
    bid: { members: { ...ORDER, type: { only: 'Bid' }, buyer: TRADER } },
  },
  offer: {
    ...REPLY,
    command: { only: 'offer' },
    offer: { members: { ...ORDER, type: { only: 'Offer' }, seller: TRADER } },
  },
};

/** No value has in it what stands behind it, so that there is one way only to read a text. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.source;
/** All but quotes, backslashes and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/.source;
/** What no text fits. */
const NOTHING = '(?!)';

/**
 * How replies like this one to an accepted order are written: with the same keys in the same order. What has other keys,
 * or other values than the exchange writes, fits no pattern, not even its own.
 *
 * @param reply a reply in which the order stands as JSON within a string
 */
export const replyPattern = (side: Order['side'], reply: JsonObject): ReplyPattern => {
  const found: string[] = [];
  const source = (key: string, form: Form, value: unknown, quote: string): string => {
    const isRead = FIELDS.some((field) => field === key);
    if (isRead) found.push(key);
    const group = (one: string): string => (isRead ? `(${one})` : `(?:${one})`);
    if (form === 'number') return group(NUMBER);
    if (form === 'text') return `${quote}${group(PLAIN)}${quote}`;
    // A backslash outside is one, within it is two.
    const backslash = quote.replace('"', '\\\\');
    if (form === 'name')
      return `${quote}${group(`${PLAIN}(?:${backslash}u[0-9a-fA-F]{4}${PLAIN})*`)}${quote}`;
    if ('only' in form) return `${quote}${form.only}${quote}`;
    if (typeof value === 'string') return `"${objectSource(form.members, parsedJson(value), '\\\\"')}"`;
    return objectSource(form.members, value, quote);
  };
  const objectSource = (members: Members, object: unknown, quote: string): string => {
    if (!JsonObject.is(object)) return NOTHING;
    const sources = Object.entries(object).map(([key, value]) => {
      const form = Object.hasOwn(members, key) ? members[key] : undefined;
      return form === undefined ? NOTHING : `${quote}${key}${quote}: ?${source(key, form, value, quote)}`;
    });
    return `\\{${sources.join(', ?')}\\}`;
  };
  const regExp = new RegExp(objectSource(MEMBERS[side], reply, '"'), 'y');
  const groups = Object.fromEntries(FIELDS.map((field) => [field, found.indexOf(field) + 1 || -1]));
  return { side, regExp, groups: groups as ReplyPattern['groups'] };
};
