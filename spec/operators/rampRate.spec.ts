import { expect } from 'chai';
import fc from 'fast-check';
import { map, of } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { rampRate, type RampOptions, type RateBounds } from '../../lib/operators/rampRate.ts';
import { aFirstSlot, aGrid, aSlot, aTick, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const grid = aGrid([]);
const moments = Object.fromEntries(
  Array.from({ length: 10 }, (_, i) => [String(i), aTick({ progress: i / 10, grid })]),
);
const rate = map(({ rate }: { readonly rate: number }) => rate);

const rateAt = (progress: number, bounds: RateBounds, options?: RampOptions): number => {
  let found = NaN;
  of({ progress })
    .pipe(rampRate(() => bounds, options))
    .subscribe((moment) => (found = moment.rate));
  return found;
};

describe('rampRate', () => {
  keepsTheOperatorContract(() => {
    const input = aTick({ progress: 0.5, grid });
    return { operator: rampRate(() => [10, 30]), input, output: { ...input, rate: 20 } };
  });

  it(
    'goes from one bound towards the other by a tenth of the way at each tenth of the slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' 0123456789|', moments);
      const expected = '   abcdefghij|';
      const rates = { a: 10, b: 12, c: 14, d: 16, e: 18, f: 20, g: 22, h: 24, i: 26, j: 28 };
      expectObservable(
        event$.pipe(
          rampRate(() => [10, 30]),
          rate,
        ),
      ).toBe(expected, rates);
    }),
  );

  it(
    'is at the final rate at once from the share at which it was to be reached',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' 0123456789|', moments);
      const expected = '   jihgfedcaa|';
      const rates = { j: 30, i: 28, h: 26, g: 24, f: 22, e: 20, d: 18, c: 16, a: 10 };
      expectObservable(
        event$.pipe(
          rampRate(() => [30, 10], { finalFrom: 0.8 }),
          rate,
        ),
      ).toBe(expected, rates);
    }),
  );

  it('steps at whole tenths whatever binary fractions make of them', () => {
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const summed = Array.from({ length: tenth }, () => 0.1).reduce((sum, step) => sum + step, 0);
      for (const progress of [tenth / 10, tenth * 0.1, summed, 1 - (10 - tenth) / 10])
        expect(rateAt(progress, [0, 100]), String(progress)).to.equal(tenth * 10);
    }
  });

  it('stays on its step between two tenths', () => {
    expect([0.04, 0.12, 0.36, 0.99].map((progress) => rateAt(progress, [0, 100]))).to.deep.equal([
      0, 10, 30, 90,
    ]);
  });

  it('goes in as many equal steps as told', () => {
    const inThirds = [0, 0.3, 0.4, 0.6, 0.7, 0.9].map((progress) => rateAt(progress, [0, 30], { steps: 3 }));
    expect(inThirds).to.deep.equal([0, 0, 10, 10, 20, 20]);
    expect([0, 0.5, 0.9].map((progress) => rateAt(progress, [0, 30], { steps: 1 }))).to.deep.equal([0, 0, 0]);
  });

  it('moves late where it is convex, early where it is concave, and ends where it is told all the same', () => {
    const rates = (exponent: number) =>
      [0, 0.5, 0.9].map((progress) => rateAt(progress, [0, 100], { exponent, finalFrom: 0.9 }));
    expect(rates(2)).to.deep.equal([0, 25, 100]);
    expect(rates(0.5)[1]).to.be.closeTo(70.71, 0.01);
  });

  it(
    'asks for the bounds at every moment',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' a-b-|', {
        a: aTick({ progress: 0.5, grid, marketMakerRate: 30 }),
        b: aTick({ progress: 0.5, grid, marketMakerRate: 50 }),
      });
      const ramp$ = event$.pipe(
        rampRate((tick) => [tick.feedInTariffRate, tick.marketMakerRate]),
        rate,
      );
      expectObservable(ramp$).toBe('a-b-|', { a: 20, b: 30 });
    }),
  );

  it(
    'skips the moments for which a bound is not known, as in the first slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' f-s-|', { f: aFirstSlot(), s: aSlot({ grid }) });
      const expected = '   --a-|';
      expectObservable(
        event$.pipe(
          rampRate((slot) => [slot.feedInTariffRate, 30]),
          rate,
        ),
      ).toBe(expected, { a: 10 });
      expectObservable(
        event$.pipe(
          rampRate((slot) => [10, slot.marketMakerRate]),
          rate,
        ),
      ).toBe(expected, { a: 10 });
    }),
  );

  it(
    'hands on what the bounds throw and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot(' -s-s-|', { s: aSlot({ grid }) });
      const ramp$ = event$.pipe(
        rampRate(() => {
          throw new Error('no tariffs');
        }),
      );
      expectObservable(ramp$).toBe('-#', {}, new Error('no tariffs'));
      expectSubscriptions(event$.subscriptions).toBe('^!');
    }),
  );

  it('never leaves its bounds and never turns back', () => {
    const rates = fc.double({ min: -1000, max: 1000, noNaN: true });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(rates, rates, share, share, share, (from, to, one, other, finalFrom) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)].map((progress) =>
          rateAt(progress, [from, to], { finalFrom }),
        );
        const slack = 1e-9;
        const way = to - from < 0 ? -1 : 1;
        expect((early! - from) * way).to.be.at.least(-slack);
        expect((late! - early!) * way).to.be.at.least(-slack);
        expect((to - late!) * way).to.be.at.least(-slack);
      }),
    );
  });

  it('refuses a final share outside the slot when it is built', () => {
    expect(() => rampRate(() => [0, 1], { finalFrom: 80 }))
      .to.throw(GsyError, 'rampRate: finalFrom')
      .with.property('code', 'ERR_GSY_OPTIONS');
  });
});
