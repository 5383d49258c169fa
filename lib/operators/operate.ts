import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';

/**
 * An operator that answers each value at once with any number of values.
 *
 * `mergeMap` makes an inner stream for each value, and `map` with `filter` two hops of each: at every event, for every
 * asset.
 *
 * @param answer gives its values to the subscriber; what it throws is the stream's error
 */
export const operate =
  <T, R>(answer: (value: T, subscriber: Subscriber<R>) => void): OperatorFunction<T, R> =>
  (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (value) => {
          try {
            answer(value, subscriber);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
