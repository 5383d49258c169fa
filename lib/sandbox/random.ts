/** The exchange's only source of chance: the same seed gives the same draws. */
export interface Random {
  /** The items in a new, fair order. */
  shuffled<T>(items: readonly T[]): readonly T[];
  /** A new id in the form of a version 4 uuid: drawn once for a run, then counted on, as millions may be needed. */
  uuid(): string;
  /** A draw from the standard normal distribution, cut off at 6: the sum of twelve even ones, less what they come to. */
  normal(): number;
}

/** Small fast counter, 32-bit (Chris Doty-Humphrey's sfc32), warmed up. */
export const seededRandom = (seed: number): Random => {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round++) next();

  const even = (): number => next() / 2 ** 32;
  const below = (limit: number): number => Math.floor(even() * limit);
  const prefix = uuidPrefix(next(), next(), next());
  let made = 0;
  /** All but the last four digits of a uuid, which are the same 65,536 times. */
  let start = '';
  return {
    shuffled: <T>(items: readonly T[]): readonly T[] => {
      const mixed = items.slice();
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = below(last + 1);
        const item = mixed[last] as T;
        mixed[last] = mixed[other] as T;
        mixed[other] = item;
      }
      return mixed;
    },
    normal: () => Array.from({ length: 12 }, even).reduce((sum, draw) => sum + draw, -6),
    uuid: () => {
      made += 1;
      const last = made & 0xffff;
      if (last === 0 || start === '')
        start = [prefix, hex(Math.floor(made / 2 ** 32)), hex((made >>> 16) & 0xffff)].join('');
      return start + hex(last);
    },
  };
};

const FOUR_DIGITS: readonly string[] = Array.from({ length: 0x10000 }, (_, n) =>
  n.toString(16).padStart(4, '0'),
);
const hex = (sixteenBits: number): string => FOUR_DIGITS[sixteenBits & 0xffff] ?? '';

/** All of a version 4 uuid but its last group. */
const uuidPrefix = (one: number, two: number, three: number): string =>
  [
    `${hex(one >>> 16)}${hex(one)}`,
    hex(two >>> 16),
    hex((two & 0x0fff) | 0x4000),
    hex((three & 0x3fff) | 0x8000),
    '',
  ].join('-');
