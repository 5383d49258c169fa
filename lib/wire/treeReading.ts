import type { Area, FeeUnit } from '../model/grid.ts';
import { CHILDREN, readMarketText } from './areaTexts.ts';
import { misfit } from './checked.ts';
import { MOST_LEVELS, readChildren, type Place, type Reading } from './grid.ts';
import { endOfBraces, own, placeOfNext, visitMembers } from './jsonText.ts';
import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';

/** The areas of a tree that was read, and where it ends. */
export interface ReadTree {
  readonly areas: readonly Area[];
  readonly end: number;
}

/**
 * Reads the large tree that begins here, part by part. Undefined where the text is not as an exchange writes it, or one
 * of our assets cannot be read: then the whole has to be parsed, which tells what is wrong.
 *
 * Were it parsed as a whole, the collector would copy all of it several times, together with what is made of it. What
 * a part becomes is gone when the next one comes.
 *
 * @param longest how much of the text is parsed at once, characters
 * @throws Misfit where something is not as it has to be
 */
export const readInParts = (
  text: string,
  start: number,
  feeUnit: FeeUnit,
  longest: number,
): ReadTree | undefined => {
  const areas: (Area | undefined)[] = [];
  const reading: Reading = { areas: areas as Area[], unreadable: [], feeUnit };

  /** Reads the areas that begin here and all below them, and says where they end. */
  const readBelow = (
    from: number,
    parentUuid: string | undefined,
    depth: number,
    uuids: string[],
  ): number | undefined => {
    if (depth > MOST_LEVELS) return undefined;
    /** What is between the two was found, and is not read yet. */
    let [begin, over] = [from + 1, from + 1];
    const readFound = () => {
      if (over === begin) return;
      const part = parsedJson(`{${text.slice(text.indexOf('"', begin), over)}}`);
      if (!JsonObject.is(part)) return misfit('areas', part);
      const found = Object.keys(part);
      readChildren(part, found, parentUuid, depth, reading);
      for (const uuid of found) uuids.push(uuid);
      begin = over;
    };
    let count = 0;
    const end = visitMembers(text, from, (key, value) => {
      // A number as a key comes to another place when all is parsed together.
      if (/^\d+$/.test(key)) return undefined;
      count += 1;
      const small = endOfBraces(text, value, value + longest);
      if (small === undefined || small - begin > longest) readFound();
      if (small !== undefined) return (over = small);
      const uuid = own(key);
      uuids.push(uuid);
      const large = readMarket({ uuid, parentUuid }, value, depth);
      if (large !== undefined) begin = over = large;
      return large;
    });
    readFound();
    // A key that stands twice is one.
    return new Set(uuids).size === count ? end : undefined;
  };
  const readMarket = (place: Place, from: number, depth: number): number | undefined => {
    const children = placeOfNext(text, CHILDREN, from);
    if (children === undefined) return undefined;
    const at = areas.length;
    const uuids: string[] = [];
    // It stands before those below it, and is read after them.
    areas.push(undefined);
    const over = readBelow(children, place.uuid, depth + 1, uuids);
    const end = over === undefined ? undefined : endOfBraces(text, over, Infinity, 1);
    if (end === undefined) return undefined;
    const around = [text.slice(from, children), text.slice(over, end)] as const;
    areas[at] = readMarketText(place, around, uuids, feeUnit);
    return end;
  };

  const end = readBelow(start, undefined, 0, []);
  return end === undefined || reading.unreadable.length > 0 ? undefined : { areas: reading.areas, end };
};
