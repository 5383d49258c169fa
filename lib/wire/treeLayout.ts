import type { Area } from '../model/grid.ts';
import { endOfValue, visitMembers } from './jsonText.ts';

/**
 * Where in a text the pieces of a tree stand that can change by themselves: each asset as a whole, and each field of
 * each market. They are in the order of the text; between them stand keys and brackets alone.
 */
export interface TreeLayout {
  readonly text: string;
  /** Where the tree begins and ends. */
  readonly start: number;
  readonly end: number;
  /** Where each piece begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Of each piece, the place of its area among the areas of the tree. */
  readonly places: Int32Array;
  /** The pieces of each market, under the names of its fields, by the place of its area. */
  readonly fields: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

/** What stands at this index; there is one. */
export const at = (numbers: Int32Array, index: number): number => numbers[index] ?? NaN;

/**
 * Finds the pieces of a tree in the sound JSON text from which these areas were read. Undefined where the text is not
 * as an exchange writes it, such as with a key that stands twice: then it cannot be said what belongs where.
 */
export const layOutTree = (text: string, start: number, areas: readonly Area[]): TreeLayout | undefined => {
  const starts: number[] = [];
  const ends: number[] = [];
  const places: number[] = [];
  const fields = new Map<number, ReadonlyMap<string, number>>();
  const addPiece = (place: number, from: number): number | undefined => {
    const end = endOfValue(text, from);
    if (end === undefined) return undefined;
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
      return area.kind === 'market' ? layOutMarket(place, value) : addPiece(place, value);
    });
  const layOutMarket = (place: number, from: number): number | undefined => {
    const own = new Map<string, number>();
    fields.set(place, own);
    let below = 0;
    return visitMembers(text, from, (field, value) => {
      if (field === 'children') return (below += 1) > 1 ? undefined : layOutChildren(value);
      if (own.has(field)) return undefined;
      own.set(field, starts.length);
      return addPiece(place, value);
    });
  };

  const end = layOutChildren(start);
  if (end === undefined || next !== areas.length || starts.length === 0) return undefined;
  const [begin, over, owner] = [Int32Array.from(starts), Int32Array.from(ends), Int32Array.from(places)];
  return { text, start, end, starts: begin, ends: over, places: owner, fields };
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
 */
export const followLayout = (known: TreeLayout, text: string, start: number): Followed | undefined => {
  const count = known.places.length;
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
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
  const { places, fields } = known;
  return { layout: { text, start, end: now, starts, ends, places, fields }, changed };
};

const endOfPiece = (known: TreeLayout, piece: number, text: string, from: number): number | undefined => {
  // Nothing but brackets follows the last.
  if (piece === known.places.length - 1) return endOfValue(text, from);
  const end = text.indexOf(known.text.substring(at(known.ends, piece), at(known.starts, piece + 1)), from);
  return end < 0 ? undefined : end;
};
