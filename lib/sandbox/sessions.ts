import { extended } from '../extended.ts';
import type { MarketArea, MarketType } from './areas.ts';
import { openBook, type Book } from './book.ts';
import { startOf, type Community, type SpotMarketType } from './community.ts';
import type { Fees } from './fees.ts';
import { openFloor, SPOT_FLOOR, type Floor } from './floor.ts';
import { slotText } from './json.ts';
import { matcher, type Match } from './matching.ts';
import type { Random } from './random.ts';

/** The trading of one slot's energy, in all markets. */
export interface Session {
  readonly type: MarketType;
  /** Counted from 0. */
  readonly index: number;
  /** `YYYY-MM-DDTHH:mm`. */
  readonly slot: string;
  readonly book: Book;
  readonly match: Match;
}

/** All trading that goes on at a time: the running slot's, and where a community has it so that of slots around it. */
export interface Sessions {
  /** The running slot's. */
  readonly spot: () => Session;
  /** A slot's by its name; undefined when its energy is not traded now. */
  readonly of: (slot: string) => Session | undefined;
  /** The running slot's first, the others as they opened. */
  readonly all: () => readonly Session[];
  /** Whether past slots can be settled at all. */
  readonly settles: boolean;
  /** Those in which past slots are settled, the oldest first. */
  readonly settlements: () => readonly Session[];
  /** How much of its life a settlement session has behind it: 0 in its first slot, 1 in its last. */
  readonly ageOf: (session: Session) => number;
  /** Goes on to a slot. Orders for the running slot die, a slot to come becomes the running one, and so on. */
  readonly openSlot: (index: number) => void;
}

/** The number of slots that begin or end within some hours. */
const slotsWithin = (hours: number | undefined, { slotLengthMinutes }: Community): number =>
  Math.floor(((hours ?? 0) * 60) / slotLengthMinutes);

/** Whether there is more to a match than rates and energies that rise and fall alike in every market. */
const isPicky = ({ gridFeeUnit, degreesOfFreedom }: Community): boolean =>
  gridFeeUnit === 'percent' || degreesOfFreedom === true;

/** The sessions of a community's markets, before its first slot. */
export const openSessions = (
  community: Community,
  markets: readonly MarketArea[],
  fees: Fees,
  random: Random,
): Sessions => {
  const spotMarketType = community.spotMarketType ?? 'two-sided-pay-as-bid';
  const nameOf = (index: number): string =>
    slotText(startOf(community) + index * community.slotLengthMinutes * 60_000);
  const open = (type: MarketType, index: number, matching: SpotMarketType, floor: Floor): Session => {
    const keeping = {
      random,
      fees,
      floor,
      oneSided: matching === 'one-sided-pay-as-offer',
      sparing: matching === 'two-sided-pay-as-bid' && !isPicky(community),
    };
    const book = openBook(keeping);
    return { type, index, slot: nameOf(index), book, match: matcher(matching, book, keeping) };
  };
  const ahead = slotsWithin(community.futureHours, community);
  const behind = slotsWithin(community.settlementHours, community);

  let spot = open('spot', 0, spotMarketType, SPOT_FLOOR);
  let others: readonly Session[] = [];
  let all: readonly Session[] = [spot];
  /** Whatever the market of the running slot is, the others are two-sided and pay as bid. */
  const openOther = (type: MarketType, index: number): Session =>
    open(type, index, 'two-sided-pay-as-bid', openFloor(markets));

  return {
    spot: () => spot,
    of: (slot) => (slot === spot.slot ? spot : others.find((other) => other.slot === slot)),
    all: () => all,
    settles: behind > 0,
    settlements: () => others.filter(({ type }) => type === 'settlement'),
    ageOf: ({ index }) => (behind > 1 ? (spot.index - index - 1) / (behind - 1) : 1),
    openSlot: (index) => {
      spot.book.clear();
      spot = extended(spot, { index, slot: nameOf(index) });
      const kept = others.filter((other) =>
        other.type === 'future' ? other.index > index : other.index >= index - behind,
      );
      const known = new Set(kept.map((other) => other.index));
      const opened: Session[] = [];
      if (behind > 0 && index > 0) opened.push(openOther('settlement', index - 1));
      for (let next = index + 1; next <= index + ahead; next++)
        if (!known.has(next)) opened.push(openOther('future', next));
      others = [...kept, ...opened];
      all = [spot, ...others];
    },
  };
};
