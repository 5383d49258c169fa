import { isObject, type JsonObject } from './json.ts';

/** What is wrong, one line each, with its JSON path. */
export type Mistakes = readonly string[];
/** Says what is wrong with a value that stands at a JSON path. */
export type Check = (value: unknown, at: string) => Mistakes;

/** One mistake, or none. */
export const when = (wrong: boolean, at: string, what: string): Mistakes => (wrong ? [`${at}: ${what}`] : []);

/** A finite number within limits, both included. */
export const number =
  (least: number, most: number): Check =>
  (value, at) =>
    when(
      typeof value !== 'number' || !Number.isFinite(value) || value < least || value > most,
      at,
      `expected a number from ${least} to ${most}, found ${shown(value)}`,
    );
/** A finite number above 0, up to a limit. */
export const positive =
  (most: number): Check =>
  (value, at) =>
    when(
      typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > most,
      at,
      `expected a number above 0, up to ${most}, found ${shown(value)}`,
    );
/** A whole number within limits, both included. */
export const whole =
  (least: number, most: number): Check =>
  (value, at) =>
    when(
      !Number.isInteger(value) || (value as number) < least || (value as number) > most,
      at,
      `expected a whole number from ${least} to ${most}, found ${shown(value)}`,
    );
/** True or false. */
export const boolean: Check = (value, at) =>
  when(typeof value !== 'boolean', at, `expected true or false, found ${shown(value)}`);
/** One of these texts. */
export const oneOf =
  (names: readonly string[]): Check =>
  (value, at) =>
    when(!names.includes(value as string), at, `expected one of ${names.join(', ')}, found ${shown(value)}`);
/** A name that is not empty. */
export const areaName: Check = (value, at) =>
  when(
    typeof value !== 'string' || value.trim() === '' || value.length > 200,
    at,
    `expected a name of 1 to 200 characters, found ${shown(value)}`,
  );
/** A day of the calendar, `YYYY-MM-DD`. */
export const date: Check = (value, at) => {
  const time =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
  const real = !Number.isNaN(time) && new Date(time).toISOString().startsWith(String(value));
  return when(!real, at, `expected a date YYYY-MM-DD, found ${shown(value)}`);
};
/** An array of so many elements, each checked. */
export const list =
  (item: Check, least: number, most: number): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return [`${at}: expected an array, found ${shown(value)}`];
    if (value.length < least || value.length > most) {
      return [`${at}: expected ${least} to ${most} elements, found ${value.length}`];
    }
    return value.flatMap((element: unknown, index) => item(element, `${at}[${index}]`));
  };

/** The fields that an object must and may have. */
export interface Fields {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
}

/** The fields of an object: the required ones there, no unknown ones, each checked. */
export const fields = (object: JsonObject, at: string, { required, optional }: Fields): Mistakes => [
  ...Object.keys(required).flatMap((key) => when(!(key in object), `${at}.${key}`, 'is missing')),
  ...Object.entries(object).flatMap(([key, value]) => {
    const check = Object.hasOwn(required, key)
      ? required[key]
      : Object.hasOwn(optional, key)
        ? optional[key]
        : undefined;
    return check === undefined ? [`${at}.${key}: is not known here`] : check(value, `${at}.${key}`);
  }),
];

/** An object with these fields. */
export const object =
  (shape: Fields): Check =>
  (value, at) =>
    isObject(value) ? fields(value, at, shape) : [`${at}: expected an object, found ${shown(value)}`];

/** A value in a message, cut short. */
export const shown = (value: unknown): string =>
  (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 60);
