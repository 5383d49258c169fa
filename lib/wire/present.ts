/** The same fields, with those that can be undefined as optional ones. */
type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * The object without the keys whose value is undefined; itself, where there are none. On the wire the exchange dies of
 * keys it does not expect, and in the model an optional field is absent.
 */
export const present = <const T extends object>(fields: T): Present<T> => {
  for (const key in fields) if (fields[key] === undefined) return withoutAbsent(fields);
  return fields;
};

const withoutAbsent = <T extends object>(fields: T): Present<T> => {
  const there: Partial<T> = {};
  for (const key in fields) if (fields[key] !== undefined) there[key] = fields[key];
  return there as unknown as Present<T>;
};
