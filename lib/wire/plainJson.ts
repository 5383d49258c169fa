import { GsyError, messageOf } from '../errors.ts';

/**
 * The JSON text of what is sent.
 *
 * @throws GsyError `ERR_GSY_TRANSPORT` for a number that JSON cannot carry: it would go out as null, and the exchange
 * dies of a null in an order.
 */
export const jsonOf = (content: object): string => {
  const text = JSON.stringify(content);
  // A number that is not finite has become a null. Only then is it searched for: that takes several times as long.
  return text.includes('null') ? JSON.stringify(content, finiteOnly) : text;
};

const finiteOnly = (key: string, value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new GsyError('ERR_GSY_TRANSPORT', `Not sent: "${key}" is ${value}, which JSON cannot carry.`);
  return value;
};

/**
 * A copy of what somebody else made, as JSON carries it.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for what it cannot carry: no object, one that contains itself.
 */
export const plainJson = (content: object): object => {
  try {
    const copy: unknown = JSON.parse(jsonOf(content));
    if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy;
  } catch (error) {
    if (error instanceof GsyError) throw error;
    throw new GsyError('ERR_GSY_OPTIONS', `Not sent: it is no plain data. ${messageOf(error)}`);
  }
  throw new GsyError('ERR_GSY_OPTIONS', 'Not sent: it has to be an object with names and values.');
};

/** What a JSON text says; undefined where it is none. */
export const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
