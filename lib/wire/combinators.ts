import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as J from 'fp-ts/lib/Json.js';
import * as t from 'io-ts';
import { JsonObject, PlainType } from './scalars.ts';

/**
 * An object with these keys; others are dropped.
 *
 * Unlike `t.strict` it stops at the first error, and it builds a new object out of the sender's own keys: the copy that
 * `t.strict` makes takes a key named `__proto__` for its prototype.
 */
export const strict = <P extends t.Props>(
  props: P,
  name = 'an object',
): t.Type<t.TypeOfProps<P>, t.OutputOfProps<P>> => {
  const fields = Object.entries<t.Mixed>(props).map(
    ([key, codec]) => [key, codec, codec instanceof PlainType || codec instanceof t.StringType] as const,
  );
  return new t.Type(
    name,
    (u): u is t.TypeOfProps<P> => JsonObject.is(u) && fields.every(([key, codec]) => codec.is(u[key])),
    (u, context) => {
      if (!JsonObject.is(u)) return t.failure(u, context);
      const known: Record<string, unknown> = {};
      for (const [key, codec, isPlain] of fields) {
        const value = Object.hasOwn(u, key) ? u[key] : undefined;
        if (isPlain && codec.is(value)) {
          known[key] = value;
          continue;
        }
        const decoded = codec.validate(value, context);
        // Where a field stands is put into its errors, and not told to every field that is sound.
        if (E.isLeft(decoded))
          return E.left(at(context.length, { key, type: codec, actual: value }, decoded.left));
        known[key] = decoded.right;
      }
      return t.success(known as t.TypeOfProps<P>);
    },
    (a) =>
      Object.fromEntries(fields.map(([key, codec]) => [key, codec.encode(a[key])])) as t.OutputOfProps<P>,
  );
};

const at = (depth: number, place: t.ContextEntry, errors: t.Errors): t.Errors =>
  errors.map((error) => ({ ...error, context: error.context.toSpliced(depth, 0, place) }));

/** As `strict`, but another key is an error. */
export const closed = <P extends t.Props>(props: P, name: string) => {
  const codec = strict(props, name);
  return new t.Type(
    name,
    (u): u is t.TypeOfProps<P> => codec.is(u),
    (u, context) => {
      const other = JsonObject.is(u)
        ? Object.entries(u).find(([key]) => !Object.hasOwn(props, key))
        : undefined;
      if (other === undefined) return codec.validate(u, context);
      const [key, value] = other;
      return t.failure(value, t.appendContext(context, key, t.unknown, value), 'no such key');
    },
    (a) => codec.encode(a),
  );
};

/** An array; unlike `t.array` it stops at the first bad element, so that a huge bad array costs no more than a good one. */
export const listOf = <A, O>(item: t.Type<A, O>): t.Type<readonly A[], readonly O[]> =>
  new t.Type(
    `a list, each element ${item.name}`,
    (u): u is readonly A[] => Array.isArray(u) && u.every(item.is),
    (u, context) => {
      if (!Array.isArray(u)) return t.failure(u, context);
      const list: A[] = [];
      for (const [i, value] of (u as readonly unknown[]).entries()) {
        const decoded = item.validate(value, t.appendContext(context, String(i), item, value));
        if (E.isLeft(decoded)) return decoded;
        list.push(decoded.right);
      }
      return t.success(list);
    },
    (list) => list.map(item.encode),
  );

/**
 * An object keyed by uuids or slots, as a map in the object's order: no key, `__proto__` included, means anything to a
 * map. It stops at the first bad value.
 */
export const mapOf = <A, O>(
  value: t.Type<A, O>,
): t.Type<ReadonlyMap<string, A>, Readonly<Record<string, O>>> =>
  new t.Type(
    `an object, each value ${value.name}`,
    (u): u is ReadonlyMap<string, A> => u instanceof Map && [...u.values()].every(value.is),
    (u, context) => {
      if (!JsonObject.is(u)) return t.failure(u, context);
      const map = new Map<string, A>();
      for (const [key, wire] of Object.entries(u)) {
        const decoded = value.validate(wire, t.appendContext(context, key, value, wire));
        if (E.isLeft(decoded)) return decoded;
        map.set(key, decoded.right);
      }
      return t.success(map);
    },
    (map) => Object.fromEntries([...map].map(([key, a]) => [key, value.encode(a)])),
  );

/** One of several codecs, found by a look at the object: one error, where `t.union` has one for each member. */
export const chosenBy = <C extends t.Mixed>(
  name: string,
  choose: (u: JsonObject) => C | undefined,
  unchosen: t.Validate<JsonObject, never> = t.failure,
): t.Type<t.TypeOf<C>, t.OutputOf<C>> =>
  new t.Type(
    name,
    (u): u is t.TypeOf<C> => JsonObject.is(u) && choose(u)?.is(u) === true,
    (u, context): t.Validation<t.TypeOf<C>> => {
      if (!JsonObject.is(u)) return t.failure(u, context);
      const codec = choose(u);
      return codec ? codec.validate(u, context) : unchosen(u, context);
    },
    (a) => choose(a)?.encode(a) as t.OutputOf<C>,
  );

/** The codec that stands in the table under the text that the object has at `key`. */
export const tagged = <C extends t.Mixed>(name: string, key: string, codecs: Readonly<Record<string, C>>) => {
  const Tag = t.keyof(codecs, `one of ${Object.keys(codecs).join(', ')}`);
  const chosen = ({ [key]: tag }: JsonObject) => (Tag.is(tag) ? codecs[tag] : undefined);
  return chosenBy(name, chosen, (u, context) =>
    t.failure(u[key], t.appendContext(context, key, Tag, u[key])),
  );
};

/** The same, within so many objects and arrays only: for codecs that call themselves, whatever nests. */
export const notDeeper = <A, O>(levels: number, codec: t.Type<A, O>): t.Type<A, O> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, context) =>
      context.length > levels
        ? t.failure(u, context, `at most ${levels} levels of nesting`)
        : codec.validate(u, context),
    codec.encode,
  );

/** A value as JSON in a string. */
export const jsonText = <A, O>(codec: t.Type<A, O>): t.Type<A, string> =>
  new t.Type(
    `${codec.name}, as JSON in a string`,
    codec.is,
    (u, context) =>
      pipe(
        typeof u === 'string' ? J.parse(u) : E.left(undefined),
        E.match(
          () => t.failure(u, context),
          (content) => codec.validate(content, context),
        ),
      ),
    (a) => JSON.stringify(codec.encode(a)),
  );
