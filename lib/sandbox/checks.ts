import { isObject, type JsonObject } from './json.ts';

/** What is wrong, one line each, with its JSON path. */
export type Mistakes = readonly string[];
/** A JSON Schema (draft 7). */
export type Schema = Readonly<Record<string, unknown>>;

/** Says what is wrong with a value that stands at a JSON path; the schema says the same to editors and other programs. */
export interface Check {
  (value: unknown, at: string): Mistakes;
  readonly schema: Schema;
}

/** One mistake, or none. */
export const when = (wrong: boolean, at: string, what: string): Mistakes => (wrong ? [`${at}: ${what}`] : []);

const check = (schema: Schema, find: (value: unknown, at: string) => Mistakes): Check =>
  Object.assign((value: unknown, at: string) => find(value, at), { schema });

/** A check of a single value: whether it is right, and what is expected otherwise. */
const single = (schema: Schema, expected: string, isRight: (value: unknown) => boolean): Check =>
  check(schema, (value, at) => when(!isRight(value), at, `expected ${expected}, found ${shown(value)}`));

/** The same check, with a word for those who see the schema in their editor. */
export const described = (description: string, of: Check): Check => check({ description, ...of.schema }, of);

const isWithin = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;

/** A finite number within limits, both included. */
export const number = (least: number, most: number): Check =>
  single({ type: 'number', minimum: least, maximum: most }, `a number from ${least} to ${most}`, (value) =>
    isWithin(value, least, most),
  );
/** A finite number above 0, up to a limit. */
export const positive = (most: number): Check =>
  single({ type: 'number', exclusiveMinimum: 0, maximum: most }, `a number above 0, up to ${most}`, (value) =>
    isWithin(value, Number.MIN_VALUE, most),
  );
/** A whole number within limits, both included. */
export const whole = (least: number, most: number): Check =>
  single(
    { type: 'integer', minimum: least, maximum: most },
    `a whole number from ${least} to ${most}`,
    (value) => isWithin(value, least, most) && Number.isInteger(value),
  );
/** True or false. */
export const boolean: Check = single(
  { type: 'boolean' },
  'true or false',
  (value) => typeof value === 'boolean',
);
/** Nothing but true. */
export const yes: Check = single({ const: true }, 'true', (value) => value === true);
/** One of these texts. */
export const oneOf = (names: readonly string[]): Check =>
  single({ enum: names }, `one of ${names.join(', ')}`, (value) => names.includes(value as string));
/** A text that is not blank, of so many characters at most. */
export const text = (what: string, most: number): Check =>
  single(
    { type: 'string', pattern: '\\S', maxLength: most },
    `${what} of 1 to ${most} characters`,
    (value) => typeof value === 'string' && value.trim() !== '' && Array.from(value).length <= most,
  );
/** A day of the calendar, `YYYY-MM-DD`. */
export const date: Check = single(
  { type: 'string', format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
  'a date YYYY-MM-DD',
  (value) => {
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
    const time = Date.parse(`${value}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  },
);
/** An array of so many elements, each checked. */
export const list = (item: Check, least: number, most: number): Check =>
  check({ type: 'array', items: item.schema, minItems: least, maxItems: most }, (value, at) => {
    if (!Array.isArray(value)) return [`${at}: expected an array, found ${shown(value)}`];
    if (value.length < least || value.length > most) {
      return [`${at}: expected ${least} to ${most} elements, found ${value.length}`];
    }
    return value.flatMap((element: unknown, index) => item(element, `${at}[${index}]`));
  });

/** The fields that an object must and may have. */
export interface Fields {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
  /** Of these there is exactly one; they stand among the optional ones. */
  readonly exactlyOne?: readonly string[];
  /** What may not stand without others. */
  readonly together?: Readonly<Record<string, readonly string[]>>;
}

/** An object with these fields: the required ones there, no unknown ones, each checked. */
export const object = (fields: Fields): Check =>
  check(schemaOf(fields), (value, at) =>
    isObject(value)
      ? [...mistakesIn(value, at, fields), ...choices(value, at, fields)]
      : [`${at}: expected an object, found ${shown(value)}`],
  );

const schemaOf = ({ required, optional, exactlyOne, together }: Fields): Schema => ({
  type: 'object',
  required: Object.keys(required),
  properties: Object.fromEntries(
    Object.entries({ ...required, ...optional }).map(([key, { schema }]) => [key, schema]),
  ),
  additionalProperties: false,
  ...(exactlyOne !== undefined && { oneOf: exactlyOne.map((key) => ({ required: [key] })) }),
  ...(together !== undefined && { dependencies: together }),
});

const mistakesIn = (object: JsonObject, at: string, { required, optional }: Fields): Mistakes => [
  ...Object.keys(required).flatMap((key) => when(!Object.hasOwn(object, key), `${at}.${key}`, 'is missing')),
  ...Object.entries(object).flatMap(([key, value]) => {
    const place = Object.hasOwn(required, key) ? required : optional;
    const known = Object.hasOwn(place, key) ? place[key] : undefined;
    return known === undefined ? [`${at}.${key}: is not known here`] : known(value, `${at}.${key}`);
  }),
];

const choices = (object: JsonObject, at: string, { exactlyOne, together = {} }: Fields): Mistakes => {
  const has = (key: string): boolean => Object.hasOwn(object, key);
  const chosen = exactlyOne?.filter(has) ?? [];
  return [
    ...when(
      exactlyOne !== undefined && chosen.length !== 1,
      at,
      `expected exactly one of ${exactlyOne?.join(', ') ?? ''}, found ${chosen.join(' and ') || 'none'}`,
    ),
    ...Object.entries(together).flatMap(([key, others]) =>
      others.flatMap((other) => when(has(key) && !has(other), `${at}.${key}`, `needs ${other} beside it`)),
    ),
  ];
};

/** An object whose kind a field tells. */
export const kinds = (key: string, shapes: Readonly<Record<string, Check>>): Check =>
  check({ type: 'object', oneOf: Object.values(shapes).map(({ schema }) => schema) }, (value, at) => {
    if (!isObject(value)) return [`${at}: expected an object, found ${shown(value)}`];
    const kind = value[key];
    const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
    return shape === undefined ? oneOf(Object.keys(shapes))(kind, `${at}.${key}`) : shape(value, at);
  });

/** An object whose keys have a form, each value checked. */
export const record = (form: RegExp, keys: string, item: Check, most: number): Check =>
  check(
    {
      type: 'object',
      propertyNames: { pattern: form.source },
      additionalProperties: item.schema,
      minProperties: 1,
      maxProperties: most,
    },
    (value, at) => {
      if (!isObject(value)) return [`${at}: expected an object, found ${shown(value)}`];
      const entries = Object.entries(value);
      if (entries.length < 1 || entries.length > most)
        return [`${at}: expected 1 to ${most} entries, found ${entries.length}`];
      return entries.flatMap(([key, element]) => [
        ...when(!form.test(key), at, `expected ${keys}, found ${shown(key)}`),
        ...item(element, `${at}[${shown(key)}]`),
      ]);
    },
  );

/** A number, or else an object. */
export const numberOr = (one: Check, other: Check): Check =>
  check({ anyOf: [one.schema, other.schema] }, (value, at) =>
    isObject(value) ? other(value, at) : one(value, at),
  );

/** What stands in the schema's definitions under a name, and so can contain itself. */
export const defined = (name: string, of: () => Check): Check =>
  check({ $ref: `#/definitions/${name}` }, (value, at) => of()(value, at));

/** A value in a message, cut short. */
export const shown = (value: unknown): string =>
  (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 60);
