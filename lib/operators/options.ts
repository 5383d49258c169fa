import { GsyError } from '../errors.ts';

/**
 * The option's value if it is a number from `from` to `to`.
 *
 * A guard with a limit of NaN would let everything through, so a wrong option is a mistake at start.
 *
 * @throws GsyError `ERR_GSY_OPTIONS`, naming the option
 */
export const numberWithin = (option: string, value: number, from: number, to: number): number => {
  if (value >= from && value <= to) return value;
  throw new GsyError('ERR_GSY_OPTIONS', `${option} must be a number from ${from} to ${to}, not ${value}.`);
};

/**
 * The option's value if it is a whole number from `from` to `to`.
 *
 * @throws GsyError `ERR_GSY_OPTIONS`, naming the option
 */
export const wholeNumberWithin = (option: string, value: number, from: number, to: number): number => {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    `${option} must be a whole number from ${from} to ${to}, not ${value}.`,
  );
};
