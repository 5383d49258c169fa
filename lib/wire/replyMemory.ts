import type { CommandReply } from '../model/replies.ts';
import { Misfit } from './checked.ts';
import { endOfValue, own, visitElements, visitMembers } from './jsonText.ts';
import { bidOrder, offerOrder } from './orders.ts';
import { parsedJson } from './plainJson.ts';
import { commandReply, placed } from './replies.ts';
import { replyPattern, type ReplyPattern } from './replyPattern.ts';
import { JsonObject } from './scalars.ts';

/** The replies of a batch that were read from their text, and the place after them. */
export interface ReadReplies {
  readonly replies: ReadonlyMap<string, readonly CommandReply[]>;
  readonly end: number;
}

/**
 * Remembers how replies to accepted orders are written, so that the next ones need not be parsed: thousands of them come
 * at once, each with an order that is JSON within a JSON string.
 */
export interface ReplyMemory {
  /**
   * Reads the replies of a batch, by area, that begin here. Undefined where anything is wrong with them, or is not as an
   * exchange writes it: then the message has to be read as a whole.
   */
  read(text: string, start: number): ReadReplies | undefined;
}

/** There are about ten kinds: one for each kind of asset, side and market. */
const MOST_PATTERNS = 32;
/** More than anyone has; the areas of an exchange that names ever new ones are forgotten. */
const MOST_TRADERS = 50_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Trader {
  readonly uuid: string;
  readonly name: string;
  /** The name as it was written. */
  readonly written: string;
}

/** A memory that knows nothing yet. */
export const replyMemory = (): ReplyMemory => {
  const patterns: ReplyPattern[] = [];
  const traders = new Map<string, Trader>();
  const [createdAt, slot, marketType, message] = [lastOwn(), lastOwn(), lastOwn(), lastOwn()];

  const traderOf = (uuid: string, written: string): Trader => {
    const known = traders.get(uuid);
    if (known?.written === written) return known;
    if (traders.size >= MOST_TRADERS) traders.clear();
    const kept = own(written);
    // Within a JSON string an escape begins with two backslashes.
    const name = kept.includes('\\') ? (JSON.parse(`"${kept.replaceAll('\\\\', '\\')}"`) as string) : kept;
    const trader = { uuid: own(uuid), name, written: kept };
    if (UUID.test(uuid)) traders.set(trader.uuid, trader);
    return trader;
  };

  const replyFrom = (match: RegExpExecArray, { side, groups }: ReplyPattern): CommandReply => {
    const at = (group: number): string => match[group] ?? '';
    const trader = traderOf(at(groups.uuid), at(groups.name));
    const order = {
      type: side === 'bid' ? 'Bid' : 'Offer',
      id: own(at(groups.id)),
      energy: Number(at(groups.energy)),
      energy_rate: Number(at(groups.energy_rate)),
      price: Number(at(groups.price)),
      original_price: Number(at(groups.original_price)),
      creation_time: createdAt(at(groups.creation_time)),
      time_slot: slot(at(groups.time_slot)),
      buyer: trader,
      seller: trader,
    };
    const around = { market_type: marketType(at(groups.market_type)), message: message(at(groups.message)) };
    return { status: 'ready', granted: placed((side === 'bid' ? bidOrder : offerOrder).read(order), around) };
  };

  /** Puts the reply that begins here behind the others, and says where it ends. */
  const readOne = (replies: CommandReply[], text: string, start: number): number | undefined => {
    for (const pattern of patterns) {
      const match = matchAt(pattern, text, start);
      if (match === null) continue;
      replies.push(replyFrom(match, pattern));
      return pattern.regExp.lastIndex;
    }
    const end = endOfValue(text, start);
    const content = end === undefined ? undefined : parsedJson(text.slice(start, end));
    if (!JsonObject.is(content)) return undefined;
    const reply = commandReply.read(content);
    replies.push(reply);
    if (reply.status === 'ready' && 'order' in reply.granted && patterns.length < MOST_PATTERNS) {
      const pattern = replyPattern(reply.granted.order.side, content);
      if (matchAt(pattern, text, start) !== null) patterns.push(pattern);
    }
    return end;
  };

  return {
    read: (text, start) => {
      const replies = new Map<string, readonly CommandReply[]>();
      try {
        const end = visitMembers(text, start, (key, value) => {
          const known = traders.get(key)?.uuid;
          // A number as a key would come to another place when it is parsed.
          if (known === undefined && !UUID.test(key)) return undefined;
          const ofArea: CommandReply[] = [];
          replies.set(known ?? own(key), ofArea);
          return visitElements(text, value, (element) => readOne(ofArea, text, element));
        });
        return end === undefined ? undefined : { replies, end };
      } catch (error) {
        if (error instanceof Misfit) return undefined;
        throw error;
      } finally {
        forgetMatch();
      }
    },
  };
};

const matchAt = ({ regExp }: ReplyPattern, text: string, start: number): RegExpExecArray | null => {
  regExp.lastIndex = start;
  return regExp.exec(text);
};

/** The engine keeps the text of the last match, whose ever it was: it had better be a short one. */
const forgetMatch = (): boolean => /.?/.test('');

/** The same for what is nearly always the same as the last time. */
const lastOwn = (): ((part: string) => string) => {
  let last = '';
  return (part) => (part === last ? last : (last = own(part)));
};
