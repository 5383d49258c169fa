import { GsyError } from '../errors.ts';

/**
 * A uuid or name as one segment of a path, so that nothing in it leads elsewhere.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` for an empty one, and for dots alone, which mean a way up however they are encoded
 */
export const segment = (text: string): string => {
  if (['', '.', '..'].includes(text)) throw new GsyError('ERR_GSY_OPTIONS', `"${text}" is no uuid.`);
  return encodeURIComponent(Buffer.from(text).toString());
};
