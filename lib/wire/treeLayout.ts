import type { Area } from '../model/grid.ts';
import { CHILDREN } from './areaPatterns.ts';
import { endOfBraces, endOfValue, visitMembers } from './jsonText.ts';

/**
 * Where in a text the pieces of a tree stand that can change by themselves: each asset as a whole, and of each market
 * what stands before its children and what stands after them. They are in the order of the text; between them stand keys
 * and brackets alone.
 */
export interface TreeLayout {
  readonly text: string;
  /** Where the tree begins and ends. */
  readonly start: number;
  readonly end: number;
  /** Where each piece begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Where the same is put down when the next text is followed; what stands there means nothing. */
  readonly room: { readonly starts: Int32Array; readonly ends: Int32Array };
  /** Of each piece, the place of its area among the areas of the tree. */
  readonly places: Int32Array;
  /** Of each area, its first piece and its last one: those of a market are two. */
  readonly firsts: Int32Array;
  readonly lasts: Int32Array;
}

/** What stands at this index; there is one. */
export const at = (numbers: Int32Array, index: number): number => numbers[index] ?? NaN;

/**
 * Finds the pieces of a tree in the sound JSON text from which these areas were read. Undefined where the text is not
 * as an exchange writes it, such as with a key that stands twice: then it cannot be said what belongs where.
 */
export const layOutTree = (text: string, start: number, areas: readonly Area[]): TreeLayout | undefined => {
  const [starts, ends, places]: [number[], number[], number[]] = [[], [], []];
  const [firsts, lasts] = [new Int32Array(areas.length).fill(-1), new Int32Array(areas.length)];
  const addPiece = (place: number, from: number, end: number | undefined): number | undefined => {
    if (end === undefined) return undefined;
    if (firsts[place] === -1) firsts[place] = starts.length;
    lasts[place] = starts.length;
    starts.push(from);
    ends.push(end);
    places.push(place);
    return end;
  };
  let next = 0;
  const layOutChildren = (from: number): number | undefined =>
    visitMembers(text, from, (uuid, value) => {
      const place = next;
      const area = areas[place];
      next += 1;
      // The areas have each key once, and in the order that the parser gives them.
      if (area?.uuid !== uuid) return undefined;
      return area.kind === 'market'
        ? layOutMarket(place, value)
        : addPiece(place, value, endOfValue(text, value));
    });
  const layOutMarket = (place: number, from: number): number | undefined => {
    let over: number | undefined;
    const end = visitMembers(text, from, (field, value) => {
      if (field !== CHILDREN) return endOfValue(text, value);
      if (over !== undefined) return undefined;
      addPiece(place, from, value);
      return (over = layOutChildren(value));
    });
    return over === undefined ? undefined : addPiece(place, over, end);
  };

  const end = layOutChildren(start);
  if (end === undefined || next !== areas.length || starts.length === 0) return undefined;
  const found = {
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    places: Int32Array.from(places),
    room: { starts: new Int32Array(starts.length), ends: new Int32Array(starts.length) },
  };
  return { text, start, end, ...found, firsts, lasts };
};

/** A layout found again in another text. */
export interface Followed {
  readonly layout: TreeLayout;
  /** The pieces that are not the same as before. */
  readonly changed: readonly number[];
}

/** How many pieces are compared at once where nothing has changed for a while. */
const LONGEST_RUN = 64;

/**
 * Finds the same pieces in the text of a tree that begins here. What is between them has to be the same as before;
 * undefined where it is not.
 *
 * A piece that has changed is taken to end where the text begins that followed it before, for to search for that is
 * several times as fast as to look for the end of a value. Should it stand within the piece already, what is found is
 * no sound JSON: whoever parses each changed piece knows that each is what it was taken for.
 *
 * What is found stands in the room of the known layout, and has the known one's places as its own room: once the new layout
 * is followed in its turn, the known one is of no use.
 */
export const followLayout = (known: TreeLayout, text: string, start: number): Followed | undefined => {
  const count = known.places.length;
  const { starts, ends } = known.room;
  const changed: number[] = [];
  /** All before the one place of the known text has been found before the other of the new one. */
  let [old, now] = [known.start, start];
  /** Goes on to a place of the known text, if all up to there is the same in the new one. */
  const follow = (end: number): boolean => {
    const next = now + end - old;
    if (known.text.substring(old, end) !== text.substring(now, next)) return false;
    [old, now] = [end, next];
    return true;
  };

  let run = 1;
  for (let piece = 0; piece < count;) {
    const next = Math.min(piece + run, count);
    if (follow(at(known.ends, next - 1))) {
      const shift = now - old;
      for (; piece < next; piece += 1) {
        starts[piece] = at(known.starts, piece) + shift;
        ends[piece] = at(known.ends, piece) + shift;
      }
      run = Math.min(2 * run, LONGEST_RUN);
    } else if (run > 1) run = 1;
    else {
      const end = follow(at(known.starts, piece)) ? endOfPiece(known, piece, text, now) : undefined;
      if (end === undefined) return undefined;
      changed.push(piece);
      starts[piece] = now;
      ends[piece] = end;
      [old, now] = [at(known.ends, piece), end];
      piece += 1;
    }
  }
  if (!follow(known.end)) return undefined;
  const room = { starts: known.starts, ends: known.ends };
  return { layout: { ...known, text, start, end: now, starts, ends, room }, changed };
};

const endOfPiece = (known: TreeLayout, piece: number, text: string, from: number): number | undefined => {
  const isLast = piece === known.places.length - 1;
  const next = isLast ? '' : known.text.substring(at(known.ends, piece), at(known.starts, piece + 1));
  // Nothing but brackets follows; where a market has begun before its children, it ends one level above.
  if (next.length < SHORTEST_KEY) return endOfBraces(text, from, Infinity, text.charAt(from) === '{' ? 0 : 1);
  const end = text.indexOf(next, from);
  return end < 0 ? undefined : end;
};

/** As long as brackets with a key between them are, at the least. */
const SHORTEST_KEY = 6;
