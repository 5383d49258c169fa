import type { OperatorFunction } from 'rxjs';
import { marbles } from '../../lib/testing.ts';

/** What an operator makes of one value that it lets through. */
interface Passage<T, R> {
  readonly operator: OperatorFunction<T, R>;
  readonly input: T;
  readonly output: R;
}

/**
 * The cases that every operator has to pass, whatever it does to its values: never, empty, one, error, endless, early
 * unsubscribe, and nothing kept between subscriptions. `build` is called inside virtual time.
 */
export const keepsTheOperatorContract = <T, R>(build: () => Passage<T, R>): void => {
  describe('as an operator', () => {
    it(
      'stays silent with a silent source',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold<T>('-');
        expectObservable(source.pipe(build().operator), '---!').toBe('-');
        expectSubscriptions(source.subscriptions).toBe('^--!');
      }),
    );

    it(
      'is empty with an empty source',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold<T>('|');
        expectObservable(source.pipe(build().operator)).toBe('|');
        expectSubscriptions(source.subscriptions).toBe('(^!)');
      }),
    );

    it(
      'lets one value through in its own frame and completes',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const { operator, input, output } = build();
        const source = cold('  -i-|', { i: input });
        const subs = '         ^--!';
        const expected = '     -o-|';
        expectObservable(source.pipe(operator)).toBe(expected, { o: output });
        expectSubscriptions(source.subscriptions).toBe(subs);
      }),
    );

    it(
      'hands an error on after the values before it',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const { operator, input, output } = build();
        const source = cold('  -i-#', { i: input });
        const subs = '         ^--!';
        const expected = '     -o-#';
        expectObservable(source.pipe(operator)).toBe(expected, { o: output });
        expectSubscriptions(source.subscriptions).toBe(subs);
      }),
    );

    it(
      'lets go of an endless source at an early unsubscribe',
      marbles(({ hot, expectObservable, expectSubscriptions }) => {
        const { operator, input, output } = build();
        const source = hot('  -i----i-', { i: input });
        const unsub = '       ---!';
        const expected = '    -o--';
        expectObservable(source.pipe(operator), unsub).toBe(expected, { o: output });
        expectSubscriptions(source.subscriptions).toBe('^--!');
      }),
    );

    it(
      'keeps nothing between its subscriptions',
      marbles(({ cold, expectObservable }) => {
        const { operator, input, output } = build();
        const piped = cold('-i-|', { i: input }).pipe(operator);
        expectObservable(piped).toBe('-o-|', { o: output });
        expectObservable(piped).toBe('-o-|', { o: output });
      }),
    );
  });
};
