import {
  connect,
  endWith,
  ignoreElements,
  merge,
  takeUntil,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';

/**
 * Hears another stream for as long as the source lasts, and lets the source through unchanged.
 *
 * The other stream is subscribed first, so that of what both say at once it is heard before the source acts on it. Its
 * end changes nothing.
 */
export const hearing = <T, H>(other$: Observable<H>, hear: (value: H) => void): MonoTypeOperatorFunction<T> =>
  connect((source$) =>
    merge(
      other$.pipe(tap(hear), ignoreElements(), takeUntil(source$.pipe(ignoreElements(), endWith(undefined)))),
      source$,
    ),
  );
