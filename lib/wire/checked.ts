import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { parsedJson } from './plainJson.ts';
import { Finite, isFiniteNumber, JsonObject } from './scalars.ts';

/*
 * Reading by hand, for what comes a thousand times in one message: it builds the value as it checks it, where codecs
 * build one object to check and one more to return. Each reader takes the key only to tell where something was wrong.
 */

/** A value that is not what it has to be; the way to it is gathered while it is thrown upwards. */
export class Misfit extends Error {
  readonly #expected: string;
  readonly #value: unknown;
  readonly #way: t.ContextEntry[] = [];

  constructor(expected: string, value: unknown) {
    super(expected);
    this.#expected = expected;
    this.#value = value;
  }

  /** What was thrown, if it is one; anything else is thrown on. */
  static of(error: unknown): Misfit {
    if (error instanceof Misfit) return error;
    throw error;
  }

  /** What was thrown, as it is seen from the object in which the read value stands under this key. */
  static under(error: unknown, key: string, actual: unknown): unknown {
    return error instanceof Misfit ? error.under(key, actual) : error;
  }

  under(key: string, actual: unknown): this {
    this.#way.unshift({ key, type: t.unknown, actual });
    return this;
  }

  /** As io-ts tells it, seen from this place of a message. */
  errors(context: t.Context): t.Errors {
    return [{ value: this.#value, context: [...context, ...this.#way], message: this.#expected }];
  }
}

/** What is read; undefined where something is not as it has to be, of which the parsed whole tells. */
export const sound = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    Misfit.of(error);
    return undefined;
  }
};

/** The same for the one who makes it; everybody else only reads. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Ends the reading: something else was expected, under this key or in the place of the whole. */
export const misfit = (expected: string, value: unknown, key?: string): never => {
  const found = new Misfit(expected, value);
  throw key === undefined ? found : found.under(key, value);
};

/** A finite number. */
export const finite = (value: unknown, key: string): number =>
  isFiniteNumber(value) ? value : misfit(Finite.name, value, key);

/** A finite number, undefined for null and where nothing stands. */
export const finiteOrNull = (value: unknown, key: string): number | undefined => {
  if (isFiniteNumber(value)) return value;
  return value === undefined || value === null ? undefined : misfit(`${Finite.name} or null`, value, key);
};

/** A text. */
export const textAt = (value: unknown, key: string): string =>
  typeof value === 'string' ? value : misfit('string', value, key);

/** A text, undefined for null and where nothing stands. */
export const textOrNull = (value: unknown, key: string): string | undefined => {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? undefined : misfit('string or null', value, key);
};

/** Nothing but this text. */
export const sameText = (text: string, value: unknown, key: string): void => {
  if (value !== text) misfit(JSON.stringify(text), value, key);
};

/** What a codec makes of a text or a number, such as a slot. */
export const scalarAt = <A>(codec: t.Type<A, unknown>, value: unknown, key: string): A => {
  const decoded = codec.validate(value, []);
  return E.isRight(decoded) ? decoded.right : misfit(codec.name, value, key);
};

/** How the object that stands under a key is read, and what it is called when it is none. */
export interface Form<A> {
  readonly name: string;
  readonly read: (object: JsonObject) => A;
}

/** The object under this key, read. */
export const objectAt = <A>({ name, read }: Form<A>, value: unknown, key: string): A => {
  if (!JsonObject.is(value)) return misfit(name, value, key);
  try {
    return read(value);
  } catch (error) {
    throw Misfit.under(error, key, value);
  }
};

/** The object under this key, read; undefined for null and where nothing stands. */
export const objectOrNull = <A>(form: Form<A>, value: unknown, key: string): A | undefined =>
  value === undefined || value === null ? undefined : objectAt(form, value, key);

/** The object under this key, read; undefined for null, `{}` and where nothing stands. */
export const objectOrEmpty = <A>(form: Form<A>, value: unknown, key: string): A | undefined =>
  isEmpty(value) ? undefined : objectOrNull(form, value, key);

/** The object that stands under this key as JSON in a string, read. */
export const jsonAt = <A>({ name, read }: Form<A>, value: unknown, key: string): A => {
  const content = typeof value === 'string' ? parsedJson(value) : undefined;
  if (!JsonObject.is(content)) return misfit(`${name}, as JSON in a string`, value, key);
  try {
    return read(content);
  } catch (error) {
    throw Misfit.under(error, key, content);
  }
};

/** How each of many values is read, and what it has to be. */
export interface Item<A> {
  readonly name: string;
  readonly read: (value: unknown, key: string) => A;
}

/** Many objects of this form. */
export const each = <A>(form: Form<A>): Item<A> => ({
  name: form.name,
  read: (value, key) => objectAt(form, value, key),
});

/** The array under this key, each element read. */
export const listAt = <A>(item: Item<A>, value: unknown, key: string): readonly A[] => {
  if (!Array.isArray(value)) return misfit(`a list, each element ${item.name}`, value, key);
  try {
    return value.map((element, i) => item.read(element, String(i)));
  } catch (error) {
    throw Misfit.under(error, key, value);
  }
};

/**
 * The object under this key as a map in its order, each value read: no key, `__proto__` included, means anything to a
 * map.
 */
export const mapAt = <A>(item: Item<A>, value: unknown, key: string): ReadonlyMap<string, A> => {
  if (!JsonObject.is(value)) return misfit(`an object, each value ${item.name}`, value, key);
  try {
    const map = new Map<string, A>();
    for (const name of Object.keys(value)) map.set(name, item.read(value[name], name));
    return map;
  } catch (error) {
    throw Misfit.under(error, key, value);
  }
};

const isEmpty = (value: unknown): boolean => {
  if (!JsonObject.is(value)) return false;
  for (const _ in value) return false;
  return true;
};

const readAt = <A>({ name, read }: Form<A>, value: unknown, context: t.Context): t.Validation<A> => {
  if (!JsonObject.is(value)) return t.failure(value, context, name);
  try {
    return t.success(read(value));
  } catch (error) {
    return t.failures(Misfit.of(error).errors(context));
  }
};

/** The form as a codec, to stand among others. It is for reading alone. */
export const readable = <A extends object>(form: Form<A>): t.Type<A, never> =>
  new t.Type<A, never>(
    form.name,
    (u): u is A => JsonObject.is(u),
    (u, context) => readAt(form, u, context),
    () => {
      throw new TypeError(`${form.name} is read, never written`);
    },
  );
