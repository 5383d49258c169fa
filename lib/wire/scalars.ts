import * as t from 'io-ts';

/** A codec that decodes a value to itself: where `is` holds, that is all there is to do. */
export class PlainType<A> extends t.Type<A> {
  constructor(name: string, is: t.Is<A>) {
    super(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity);
  }
}

const guarded = <A>(name: string, is: t.Is<A>): t.Type<A> => new PlainType(name, is);

/** A JSON object; its own keys only are the sender's, so ask `Object.hasOwn` or name a key that no prototype has. */
export type JsonObject = Readonly<Record<string, unknown>>;
export const JsonObject = guarded(
  'an object',
  (u): u is JsonObject => typeof u === 'object' && u !== null && !Array.isArray(u),
);

const numberThat = (name: string, holds: (value: number) => boolean): t.Type<number> =>
  guarded(name, (u): u is number => typeof u === 'number' && holds(u));

// Far beyond every energy and price, and near enough that sums, products and quotients of two stay finite.
const LARGEST = 1e100;

/** Whether it is a number that one can reckon with: `1e999` is valid JSON and infinite. */
export const isFiniteNumber = (u: unknown): u is number => typeof u === 'number' && Math.abs(u) <= LARGEST;

/** Such a number. */
export const Finite = guarded('a finite number', isFiniteNumber);

/** A finite number from zero on. */
export const NotNegative = numberThat('a number from 0 on', (value) => value >= 0 && value <= LARGEST);

/** A finite number above zero, fit to divide by. */
export const Positive = numberThat('a positive number', (value) => value >= 1 / LARGEST && value <= LARGEST);

/** A value that stands as a text on the wire; `parse` gives undefined for a text that does not say one. */
const textOf = <A>(
  name: string,
  is: t.Is<A>,
  parse: (text: string) => A | undefined,
  write: (value: A) => string,
): t.Type<A, string> =>
  new t.Type(
    name,
    is,
    (u, context) => {
      const value = typeof u === 'string' ? parse(u) : undefined;
      return value === undefined ? t.failure(u, context) : t.success(value);
    },
    write,
  );

const PERCENTS: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 101 }, (_, percent) => [`${percent}%`, percent / 100]),
);

/** `"80%"`, which is 0.8. The exchange writes whole percents only. */
export const Percent = textOf(
  'a percentage such as "80%"',
  t.number.is,
  (text) => PERCENTS.get(text),
  (share) => `${Math.round(share * 100)}%`,
);

const SLOT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d)?)?$/;
const SLOT_LENGTH = 'YYYY-MM-DDTHH:mm'.length;

/** Remembers the last answer: what is asked thousands of times in a row is nearly always the same. */
const remembering = <A>(parse: (text: string) => A): ((text: string) => A) => {
  let last: { readonly text: string; readonly parsed: A } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, parsed: parse(text) };
    return last.parsed;
  };
};

/** A slot in any of the forms that the exchange reads and writes, always decoded as `YYYY-MM-DDTHH:mm`. */
export const SlotTime = textOf(
  'a slot such as "2026-01-31T13:45"',
  t.string.is,
  remembering((text) => (SLOT.test(text) ? `${text}:00`.slice(0, SLOT_LENGTH) : undefined)),
  t.identity,
);

const DURATION = /^(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d{1,6})?)$/;

const parseDuration = (text: string): number | undefined => {
  const [, hours, minutes, seconds] = DURATION.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `"0:15:00"`, which is 900 seconds. */
export const DurationS = textOf(
  'a duration such as "0:15:00"',
  t.number.is,
  parseDuration,
  (s) => `${Math.floor(s / 3600)}:${twoDigits(Math.floor(s / 60) % 60)}:${twoDigits(s % 60)}`,
);

/** `"3.5"`, which is 3.5. */
export const NumberText = textOf(
  'a number in a string, such as "3.5"',
  Finite.is,
  (text) => (text.trim() !== '' && Finite.is(Number(text)) ? Number(text) : undefined),
  String,
);

/** Undefined where nothing stands, which each part of the protocol says in its own way. */
const absentAs =
  <N>(says: string, isAbsent: (u: unknown) => boolean, written: N) =>
  <A, O>(codec: t.Type<A, O>): t.Type<A | undefined, O | N> =>
    new t.Type(
      `${codec.name} or ${says}`,
      (u): u is A | undefined => u === undefined || codec.is(u),
      (u, context) => (isAbsent(u) ? t.success(undefined) : codec.validate(u, context)),
      (value) => (value === undefined ? written : codec.encode(value)),
    );

const isMissing = (u: unknown): boolean => u === undefined || u === null;

/** Null and a missing key are undefined. */
export const optional = absentAs('null', isMissing, null);

/** Null, a missing key and the text `"None"` are undefined. */
export const orNone = absentAs('"None"', (u) => isMissing(u) || u === 'None', 'None' as const);

/** Null, a missing key and `{}` are undefined. */
export const orEmpty = absentAs(
  '{}',
  (u) => isMissing(u) || (JsonObject.is(u) && Object.keys(u).length === 0),
  {},
);

/** A hundred times the value, to 8 places, without the noise of binary fractions: 0.07 gives 7. */
export const hundredfold = (value: number): number => Math.round(value * 1e10) / 1e8;
