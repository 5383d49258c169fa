import { expect } from 'chai';
import { bidEnergyRate, deleteBid, listBids, offerEnergyRate } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Command } from '../../lib/model/commands.ts';
import type { Outcome } from '../../lib/model/outcomes.ts';
import { retryWithLess } from '../../lib/operators/retryWithLess.ts';
import { combineStrategies } from '../../lib/strategy.ts';
import { aGrid, aMarket, aTick, marbles } from '../../lib/testing.ts';

const grid = aGrid([]);
const slots = { 1: aTick({ grid }), 2: aTick({ slot: '2026-06-21T12:15', grid }) };
const options = { replaceExisting: false };
const bid = (energyKWh: number) => bidEnergyRate('load', energyKWh, 20);
const commands = {
  4: bid(4),
  2: bid(2),
  1: bid(1),
  p: offerEnergyRate('pv', 1, 10, options),
};

const rejected = (command: Command): Outcome => ({
  kind: 'rejected',
  command,
  transactionId: 'batch',
  reason: 'too much',
  formerOrderMayBeGone: true,
});
const outcomes: Readonly<Record<string, Outcome>> = {
  a: rejected(bid(8)),
  b: rejected(bid(4)),
  c: rejected(bid(2)),
  o: rejected(offerEnergyRate('pv', 2, 10, options)),
  g: {
    kind: 'accepted',
    command: bid(2),
    transactionId: 'batch',
    granted: { command: 'delete-bid', deletedIds: [] },
  },
  d: rejected(deleteBid('load', 'all')),
  l: rejected(listBids('load')),
  r: { kind: 'refused', command: bid(8), reason: 'no' },
  e: { kind: 'expired', command: bid(8), reason: 'late' },
  s: rejected(bid(3e-5)),
};

describe('retryWithLess', () => {
  const twice = retryWithLess({ times: 2, keep: 0.5 });

  it(
    'orders what was rejected again with less energy at the same rate, a bounded number of times',
    marbles(({ hot, expectObservable }) => {
      const outcome$ = hot('-a-b-c-a-|', outcomes);
      const expected = '    -4-2-----|';
      expectObservable(twice(aMarket(undefined, { outcome$ }))).toBe(expected, commands);
    }),
  );

  it(
    'counts for each asset, side and slot alone, and keeps the other terms of the order',
    marbles(({ hot, expectObservable }) => {
      const outcome$ = hot('-a-b-o-|', outcomes);
      const expected = '    -4-2-p-|';
      expectObservable(twice(aMarket(undefined, { outcome$ }))).toBe(expected, commands);
    }),
  );

  it(
    'begins anew when an order is accepted, and with the next slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  1---------2---', slots);
      const outcome$ = hot('-a-b-g-c-a-aa-|', outcomes);
      const expected = '    -4-2---1-4-44-|';
      expectObservable(twice(aMarket(event$, { outcome$ }))).toBe(expected, commands);
    }),
  );

  it(
    'tries nothing else again, nor what would be too small to trade',
    marbles(({ hot, expectObservable }) => {
      const outcome$ = hot('-d-l-r-e-s-|', outcomes);
      expectObservable(twice(aMarket(undefined, { outcome$ }))).toBe('-----------|');
    }),
  );

  it(
    'lets go of the market with its subscriber',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot('  1---', slots);
      const outcome$ = hot('-a---a', outcomes);
      expectObservable(twice(aMarket(event$, { outcome$ })), '---!').toBe('-4--', commands);
      expectSubscriptions(outcome$.subscriptions).toBe('^--!');
      expectSubscriptions(event$.subscriptions).toBe('^--!');
    }),
  );

  it('has a name to be reported by', () => {
    expect(combineStrategies(twice).name).to.equal('combineStrategies(retryingWithLess)');
  });

  for (const wrong of [
    { times: 0, keep: 0.5 },
    { times: Infinity, keep: 0.5 },
    { times: 1, keep: 0 },
    { times: 1, keep: 1 },
    { times: 1, keep: NaN },
  ])
    it(`refuses ${wrong.times} times with ${wrong.keep} kept when it is built`, () => {
      expect(() => retryWithLess(wrong))
        .to.throw(GsyError, 'retryWithLess: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
