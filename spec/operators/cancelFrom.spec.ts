import { expect } from 'chai';
import { EMPTY } from 'rxjs';
import { bidEnergy, deleteBid, deleteOffer, listBids, offerEnergy } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Command } from '../../lib/model/commands.ts';
import { cancelFrom } from '../../lib/operators/cancelFrom.ts';
import { aGrid, aMarket, aSlot, aTick, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const grid = aGrid([]);
const next = '2026-06-21T12:15';
const events = {
  s: aSlot({ grid }),
  5: aTick({ progress: 0.5, grid }),
  8: aTick({ progress: 0.8, grid }),
  9: aTick({ progress: 0.9, grid }),
  S: aSlot({ slot: next, grid }),
};
const bid = bidEnergy('load', 1, 20);
const commands = {
  b: bid,
  o: offerEnergy('pv', 1, 10),
  p: bidEnergy('load', 1, 20, { timeSlot: '2026-06-21T11:45' }),
  l: listBids('load'),
  d: deleteBid('load', 'all'),
  e: deleteOffer('pv', 'all'),
  B: refused(bid, 'no order stands from 80 % of the slot on'),
};

describe('cancelFrom', () => {
  keepsTheOperatorContract<Command, Command>(() => ({
    operator: cancelFrom(aMarket(EMPTY), 0.8),
    input: bid,
    output: bid,
  }));

  it(
    'deletes what stands from that share of the slot on, and refuses orders until the next slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s-----5-8-----9---S---|', events);
      const command$ = hot('-b-o-----------l-b---b-|', commands);
      const expected = '    -b-o----(de)---l-B---b-|';
      expectObservable(command$.pipe(cancelFrom(aMarket(event$), 0.8))).toBe(expected, commands);
    }),
  );

  it(
    'deletes once, and nothing of the slot before',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---8-9-S---8-|', events);
      const command$ = hot('-b-b----------|', commands);
      const expected = '    -b-bd---------|';
      expectObservable(command$.pipe(cancelFrom(aMarket(event$), 0.8))).toBe(expected, commands);
    }),
  );

  it(
    'leaves orders of settlement slots alone',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---8-----|', events);
      const command$ = hot('-p----p---|', commands);
      const expected = '    -p----p---|';
      expectObservable(command$.pipe(cancelFrom(aMarket(event$), 0.8))).toBe(expected, commands);
    }),
  );

  it(
    'cancels also when the commands have completed',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s----8-|', events);
      const command$ = hot('-b-|', commands);
      const expected = '    -b---d-|';
      expectObservable(command$.pipe(cancelFrom(aMarket(event$), 0.8))).toBe(expected, commands);
    }),
  );

  for (const share of [NaN, -0.1, 80])
    it(`refuses ${share} as a share of a slot when it is built`, () => {
      expect(() => cancelFrom(aMarket(), share))
        .to.throw(GsyError, 'cancelFrom: share')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
