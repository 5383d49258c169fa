import { textOf } from '../wire/bytes.ts';
import { parsedJson } from '../wire/plainJson.ts';

/** A JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A message as JSON, or undefined when it is none or not UTF-8. */
export const parseJson = (data: string | Uint8Array): unknown => {
  const text = textOf(data);
  return text === undefined ? undefined : parsedJson(text);
};

/** Whether a value is a JSON object; arrays are none. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object without some of its fields. */
export const without = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** A value as JSON, to stand within a JSON string. */
export const inLiteral = (value: unknown): string => JSON.stringify(JSON.stringify(value)).slice(1, -1);

/** A message's transaction id; undefined when it is missing, null or empty, or no single value. */
export const transactionIdOf = (message: unknown): unknown => {
  if (!isObject(message)) return undefined;
  const { transaction_id: id } = message;
  return id === '' || typeof id === 'object' ? undefined : id;
};

/** Whether the exchange (a Python program) takes a value for true. */
export const isTruthy = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isObject(value) ? Object.keys(value).length > 0 : Boolean(value);

/** A value as the exchange (a Python program) prints it in its error messages; what is nested deep is left out. */
export const pythonLiteral = (value: unknown, levels = 5): string => {
  if (levels === 0) return '...';
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map((item) => pythonLiteral(item, levels - 1)).join(', ')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `'${key}': ${pythonLiteral(item, levels - 1)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
};

/** The name of the slot that begins at a time, `YYYY-MM-DDTHH:mm`, UTC. */
export const slotText = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 16);

/** The exchange rounds what it shows to 8 places. */
export const rounded = (value: number): number => Math.round(value * 1e8) / 1e8;
