import type { CommandReply, Order } from '../model/replies.ts';
import { objectAt, sound } from './checked.ts';
import { endOfValue, placeOfMember, visitElements, visitMembers } from './jsonLetters.ts';
import { lettersOf, textBetween, type Letters } from './letters.ts';
import { learnObject, type ObjectPattern, type TextKeys } from './objectPattern.ts';
import { orderForms, TRADERS } from './orders.ts';
import { parsedJson } from './plainJson.ts';
import { commandReply, placed } from './replies.ts';
import { JsonObject } from './scalars.ts';

/** Under which key a reply to a batch has the replies to its commands. */
export const RESPONSES_KEY = 'responses';

/** The replies to the commands of a batch, by area, and what of the message stands around them. */
export interface RepliesInResponse {
  readonly replies: ReadonlyMap<string, readonly CommandReply[]>;
  readonly before: string;
  readonly after: string;
}

/**
 * Remembers how replies to accepted orders are written, so that the next ones need not be parsed: thousands of them come
 * at once, each with an order that is JSON within a JSON string.
 */
export interface ReplyMemory {
  /**
   * Reads the replies to a batch. Undefined where anything is wrong with them, or is not as an exchange writes it: then
   * the message has to be read as a whole.
   */
  read(data: string | Uint8Array): RepliesInResponse | undefined;
}

/** There are about ten kinds: one for each kind of asset, side and market. */
const MOST_PATTERNS = 32;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The texts of a reply to an accepted order. */
export const REPLY_TEXTS: TextKeys = {
  read: new Set(['id', 'creation_time', 'time_slot', 'name', 'uuid', 'market_type', 'message']),
  passed: new Set(['area_uuid', 'transaction_id', 'origin', 'origin_uuid']),
  nested: new Set(['bid', 'offer']),
};

/** How replies to accepted orders of one kind are written. */
interface ReplyPattern {
  readonly side: Order['side'];
  readonly pattern: ObjectPattern;
  /** Of the order in the pattern's object. */
  readonly trader: Record<string, unknown>;
}

/** A memory that knows nothing yet. */
export const replyMemory = (): ReplyMemory => {
  const patterns: ReplyPattern[] = [];

  /** Puts the reply that begins here behind the others of the area, and says where it ends. */
  const readOne = (
    areaUuid: string,
    replies: CommandReply[],
    letters: Letters,
    start: number,
  ): number | undefined => {
    for (const { side, pattern, trader } of patterns) {
      // So it nearly always is, and what stands there already needs no text of its own.
      trader.uuid = areaUuid;
      const end = pattern.read(letters, start);
      if (end < 0) continue;
      replies.push(acceptedReply(side, pattern.object));
      return end;
    }
    const end = endOfValue(letters, start);
    const content = end === undefined ? undefined : parsedJson(textBetween(letters, start, end));
    if (end === undefined || !JsonObject.is(content)) return undefined;
    const reply = commandReply.read(content);
    replies.push(reply);
    if (reply.status === 'ready' && 'order' in reply.granted && patterns.length < MOST_PATTERNS) {
      const { side } = reply.granted.order;
      const learned = learnObject(letters, [start, end], content, REPLY_TEXTS);
      const trader = learned && traderOf(side, content);
      if (trader) patterns.push({ side, pattern: learned[0], trader });
    }
    return end;
  };

  return {
    read: (data) => {
      const letters = lettersOf(data);
      const start = letters && placeOfMember(letters, RESPONSES_KEY);
      if (letters === undefined || start === undefined) return undefined;
      const replies = new Map<string, readonly CommandReply[]>();
      const end = sound(() =>
        visitMembers(letters, start, (uuid, place) => {
          // A number as a key would come to another place when it is parsed.
          if (!UUID.test(uuid)) return undefined;
          const ofArea: CommandReply[] = [];
          const over = visitElements(letters, place, (element) => readOne(uuid, ofArea, letters, element));
          // As long as it has to be; what is pushed to has room for more.
          replies.set(uuid, ofArea.slice());
          return over;
        }),
      );
      return end === undefined
        ? undefined
        : { replies, before: textBetween(letters, 0, start), after: textBetween(letters, end) };
    },
  };
};

/** The trader of the order that stands in this reply as an object. */
const traderOf = (side: Order['side'], reply: JsonObject): ReplyPattern['trader'] | undefined => {
  const order = reply[side];
  const trader = JsonObject.is(order) ? order[TRADERS[side]] : undefined;
  return JsonObject.is(trader) ? trader : undefined;
};

/** The reply to an accepted order, which stands in it as an object. */
const acceptedReply = (side: Order['side'], reply: JsonObject): CommandReply => {
  const order = objectAt(orderForms[side], reply[side], side);
  return { status: 'ready', granted: placed(order, reply) };
};
