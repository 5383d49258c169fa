import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { jsonText } from './combinators.ts';
import { errorsLine } from './report.ts';

/** Reads a text: what it says, or what is wrong with it in one line. */
export type Reader<T> = (text: string) => E.Either<string, T>;

/** Reads what the codec describes, out of JSON. */
export const reader = <A, O>(codec: t.Type<A, O>): Reader<A> => {
  const content = jsonText(codec);
  return (text) => E.mapLeft(errorsLine)(content.decode(text));
};
