import { asyncScheduler, identity, map, Subject } from 'rxjs';
import { debounceBuffer, type DebounceBufferOptions } from '../../lib/operators/debounceBuffer.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const options: DebounceBufferOptions<string, string> = {
  quietMs: 2,
  maxWaitMs: 100,
  maxValues: 100,
  scheduler: asyncScheduler,
  kept: identity,
};

// A burst in one word, so that diagrams stay readable.
const words = (changes: Partial<typeof options> = {}) => ({
  of: debounceBuffer({ ...options, ...changes }),
  joined: map((burst: readonly string[]) => burst.join('')),
});

describe('debounceBuffer', () => {
  keepsTheOperatorContract(() => ({
    operator: debounceBuffer({ ...options, quietMs: 0 }),
    input: 'i',
    output: ['i'],
  }));

  it(
    'emits a burst once it has been quiet for long enough',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const { of, joined } = words();
      const source = hot('  -ab---c-----|');
      const subs = '        ^-----------!';
      const expected = '    ----x---c---|';
      expectObservable(source.pipe(of, joined)).toBe(expected, { x: 'ab', c: 'c' });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'emits what came in one turn at its end, when no quiet time is asked for',
    marbles(({ hot, expectObservable }) => {
      const { of, joined } = words({ quietMs: 0 });
      const source = hot('  -(abc)-d-|');
      const expected = '    -x-----d-|';
      expectObservable(source.pipe(of, joined)).toBe(expected, { x: 'abc', d: 'd' });
    }),
  );

  it(
    'does not starve under a steady stream',
    marbles(({ hot, expectObservable }) => {
      const { of, joined } = words({ quietMs: 3, maxWaitMs: 5 });
      const source = hot('  a-b-c-d-e-f-|');
      const expected = '    -----x-----y|';
      expectObservable(source.pipe(of, joined)).toBe(expected, { x: 'abc', y: 'def' });
    }),
  );

  it(
    'emits a full burst at once and begins a new one',
    marbles(({ hot, expectObservable }) => {
      const { of, joined } = words({ maxValues: 2 });
      const source = hot('  ab-c-----|');
      const expected = '    -x---c---|';
      expectObservable(source.pipe(of, joined)).toBe(expected, { x: 'ab', c: 'c' });
    }),
  );

  it(
    'emits what it holds before it completes or errors',
    marbles(({ cold, expectObservable }) => {
      const { of, joined } = words();
      expectObservable(cold('ab|').pipe(of, joined)).toBe('--(x|)', { x: 'ab' });
      expectObservable(cold('ab#').pipe(of, joined)).toBe('--(x#)', { x: 'ab' });
    }),
  );

  it(
    'drops what it holds when it is unsubscribed',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const { of, joined } = words();
      const source = hot('  ab------');
      const unsub = '       --!';
      expectObservable(source.pipe(of, joined), unsub).toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it(
    'begins a new burst with a value that the emission of one provokes',
    marbles(({ hot, expectObservable }) => {
      const { of, joined } = words();
      const valueSubject = new Subject<string>();
      const answered$ = valueSubject.pipe(
        of,
        joined,
        map((burst) => {
          if (burst === 'ab') valueSubject.next('c');
          return burst;
        }),
      );
      expectObservable(answered$).toBe('---x-c', { x: 'ab', c: 'c' });
      hot('ab').subscribe((value) => valueSubject.next(value));
    }),
  );
});
