import type { OperatorFunction } from 'rxjs';
import { operate } from './operate.ts';

/**
 * Maps each value, and skips those for which there is nothing: one value for each at most.
 *
 * `mergeMap` to an array of one or none says the same, and makes an inner stream for every value of it.
 */
export const mapDefined = <T, R>(project: (value: T) => R | undefined): OperatorFunction<T, R> =>
  operate((value, subscriber) => {
    const found = project(value);
    if (found !== undefined) subscriber.next(found);
  });
