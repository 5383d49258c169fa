import type { MarketType, Order } from './areas.ts';
import type { AssetSpec } from './community.ts';
import { rounded, type JsonObject } from './json.ts';
import type { CommandContext } from './orders.ts';
import { readyKeys } from './replyKeys.ts';
import type { Session } from './sessions.ts';

type Kind = AssetSpec['type'];
type Side = Order['side'];

/** What replies call the markets. */
export const MARKET_NAMES: Readonly<Record<MarketType, string>> = {
  spot: 'Spot Market',
  settlement: 'Settlement Market',
  future: 'Future Market',
};

/** An order that was placed. */
export interface AcceptedOrder {
  readonly order: Order;
  readonly command: JsonObject;
  readonly session: Session;
  /** What became of keys that the market does not take. */
  readonly message: string;
}

/** What a reply says of its batch and its moment. */
interface Said {
  readonly transactionId: unknown;
  readonly market: MarketType;
  readonly message: string;
  readonly now: string;
  readonly slot: string;
  /** The slot as the command had it. */
  readonly given: string | undefined;
}

/** The reply as it is written around its area and the figures of its order, which differ within a batch. */
interface Wording {
  readonly said: Said;
  /** Whether the area stands before the order. */
  readonly areaFirst: boolean;
  readonly before: string;
  /** Between the original price and the party of the order. */
  readonly within: string;
  readonly between: string;
  readonly after: string;
}

/** The reply as it was worded last, which is nearly always as it is worded next. */
const LAST: Record<Kind, Partial<Record<Side, Wording>>> = {
  load: {},
  pv: {},
  storage: {},
  'smart-meter': {},
  'market-maker': {},
};

/**
 * The reply to an accepted order as JSON, the order in it as JSON within a JSON string. It is put together with its
 * backslashes and of as few parts as can be, for there are hundreds of thousands a day.
 */
export const acceptedText = (
  { order, command, session, message }: AcceptedOrder,
  { transactionId, clock }: Pick<CommandContext, 'transactionId' | 'clock'>,
): string => {
  const { id, energyKWh, rate, side, origin } = order;
  // A text that says a slot, by now.
  const given = side === 'offer' ? command.time_slot : undefined;
  const said = {
    transactionId,
    message,
    market: session.type,
    now: clock.now,
    slot: session.slot,
    given: typeof given === 'string' ? given : undefined,
  };
  const { areaFirst, before, within, between, after } = wordingOf(origin.spec.type, side, said);
  const start = areaFirst ? before + origin.uuid + between : before;
  const text =
    `${start}${id}\\",\\"energy\\":${energyKWh},\\"energy_rate\\":${rounded(rate)},` +
    `\\"price\\":${rounded(rate * energyKWh)},\\"original_price\\":${String(command.price)}${within}${origin.party}`;
  return areaFirst ? text + after : text + between + origin.uuid + after;
};

const wordingOf = (kind: Kind, side: Side, said: Said): Wording => {
  const last = LAST[kind][side];
  if (last !== undefined && isSame(last.said, said)) return last;
  return (LAST[kind][side] = worded(kind, side, said));
};

const isSame = (one: Said, other: Said): boolean =>
  one.transactionId === other.transactionId &&
  one.market === other.market &&
  one.message === other.message &&
  one.now === other.now &&
  one.slot === other.slot &&
  one.given === other.given;

/** Stand for what differs within a batch; no JSON text holds them as they are. */
const AREA = '\u0001';
const FIGURES = '\u0002';

const worded = (kind: Kind, side: Side, said: Said): Wording => {
  const { transactionId, market, message, now, slot, given = `${slot}:00` } = said;
  const values: Readonly<Record<string, string>> = {
    command: JSON.stringify(side),
    status: '"ready"',
    [side]: `"{\\"type\\":\\"${side === 'bid' ? 'Bid' : 'Offer'}\\",\\"id\\":\\"${FIGURES}}"`,
    area_uuid: `"${AREA}"`,
    transaction_id: JSON.stringify(transactionId),
    market_type: JSON.stringify(MARKET_NAMES[market]),
    message: JSON.stringify(message),
  };
  const text = `{${readyKeys(kind, side)
    .map((key) => `"${key}":${values[key] ?? ''}`)
    .join()}}`;
  const [area, figures] = [text.indexOf(AREA), text.indexOf(FIGURES)];
  const [first, second] = [Math.min(area, figures), Math.max(area, figures)];
  const times = `\\"creation_time\\":\\"${now}\\",\\"time_slot\\":\\"${given}\\"`;
  const within = `,${times},\\"${side === 'bid' ? 'buyer' : 'seller'}\\":`;
  return {
    said,
    areaFirst: area === first,
    before: text.slice(0, first),
    within,
    between: text.slice(first + 1, second),
    after: text.slice(second + 1),
  };
};
