import { expect } from 'chai';
import { of } from 'rxjs';
import { bidEnergy, deleteBid, offerEnergy } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Bid, Command } from '../../lib/model/commands.ts';
import type { Outcome } from '../../lib/model/outcomes.ts';
import { limitSpend } from '../../lib/operators/limitSpend.ts';
import { aGrid, aMarket, aTick, aTrade, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const grid = aGrid([]);
const slots = {
  1: aTick({ slot: '2026-06-21T21:30', grid }),
  2: aTick({ slot: '2026-06-21T21:45', grid }),
  3: aTick({ slot: '2026-06-21T22:00', grid }),
};
const bids = {
  a: bidEnergy('load a', 1, 20),
  b: bidEnergy('load b', 1, 20),
  c: bidEnergy('load c', 1, 10),
  h: bidEnergy('load a', 1, 25),
  p: bidEnergy('load a', 1, 10, { replaceExisting: false }),
  s: bidEnergy('load a', 1, 20, { timeSlot: '2026-06-21T11:45' }),
};
const perSlot = (command: Command) => refused(command, 'more than 30 cents would be spent in this slot');
const perDay = (command: Command) => refused(command, 'more than 30 cents would be spent in this day');
const commands: Readonly<Record<string, Command>> = {
  ...bids,
  o: offerEnergy('pv', 1, 99),
  d: deleteBid('load a', 'all'),
  n: bidEnergy('load', 1, NaN),
  A: perSlot(bids.a),
  B: perSlot(bids.b),
  P: perSlot(bids.p),
  S: perSlot(bids.s),
};

const accepted = (command: Bid, id: string): Outcome => ({
  kind: 'accepted',
  command,
  transactionId: 'batch',
  granted: {
    command: 'bid',
    marketType: 'Spot Market',
    message: '',
    order: {
      side: 'bid',
      id,
      energyKWh: command.energyKWh,
      rate: command.priceCents / command.energyKWh,
      priceCents: command.priceCents,
      originalPriceCents: command.priceCents,
      createdAt: '2026-06-21T12:00:00',
      slot: '2026-06-21T12:00',
      traderName: 'load',
      traderUuid: 'load',
    },
  },
});
const deleted: Outcome = {
  kind: 'accepted',
  command: deleteBid('load a', 'all'),
  transactionId: 'batch',
  granted: { command: 'delete-bid', deletedIds: [] },
};
const bought = (bidId: string, priceCents: number, residualBidId?: string) =>
  aTrade({ grid, bidId, priceCents, ...(residualBidId !== undefined && { residualBidId }) });

describe('limitSpend', () => {
  keepsTheOperatorContract<Command, Command>(() => ({
    operator: limitSpend(aMarket(), { perSlotCents: 10 }),
    input: bids.a,
    output: refused(bids.a, 'more than 10 cents would be spent in this slot'),
  }));

  it(
    'refuses bids that come to more than the limit with those of other assets',
    marbles(({ hot, expectObservable }) => {
      const command$ = hot('-a-b-o-n-d-c-|', commands);
      const expected = '    -a-B-o-n-d-c-|';
      expectObservable(command$.pipe(limitSpend(aMarket(), { perSlotCents: 30 }))).toBe(expected, commands);
    }),
  );

  it(
    'counts a bid that replaces another instead of it, one that adds besides it, and one for a past slot too',
    marbles(({ hot, expectObservable }) => {
      const limited = limitSpend(aMarket(), { perSlotCents: 30 });
      expectObservable(hot('-a-a-h-|', commands).pipe(limited)).toBe('-a-a-h-|', commands);
      expectObservable(hot('-a-p-p-|', commands).pipe(limited)).toBe('-a-p-P-|', commands);
      expectObservable(hot('-a-s-c-|', commands).pipe(limited)).toBe('-a-S-c-|', commands);
    }),
  );

  it(
    'begins anew with the slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  1---2----|', slots);
      const command$ = hot('-a-b-b-a-|', commands);
      const expected = '    -a-B-b-A-|';
      const limited = limitSpend(aMarket(event$), { perSlotCents: 30 });
      expectObservable(command$.pipe(limited)).toBe(expected, commands);
    }),
  );

  it(
    'counts what was spent, with what is left of the bid that was traded',
    marbles(({ hot, expectObservable }) => {
      const values = { ...slots, t: bought('1', 12, 'rest'), u: bought('rest', 8) };
      const event$ = hot('  1--t-u-----|', values);
      const outcome$ = hot('--x--------|', { x: accepted(bids.a, '1') });
      const command$ = hot('-a--b-c-c-b|', commands);
      const expected = '    -a--B-c-c-B|';
      const limited = limitSpend(aMarket(event$, { outcome$ }), { perSlotCents: 30 });
      expectObservable(command$.pipe(limited)).toBe(expected, commands);
    }),
  );

  it(
    'keeps counting a bid while the trade of the one before it is told',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  1---t----|', { ...slots, t: bought('1', 20) });
      const outcome$ = hot('--x--y---|', { x: accepted(bids.a, '1'), y: accepted(bids.a, '2') });
      const command$ = hot('-a-a--c--|', commands);
      const expected = '    -a-a--C--|';
      const limited = limitSpend(aMarket(event$, { outcome$ }), { perSlotCents: 30 });
      expectObservable(command$.pipe(limited)).toBe(expected, { ...commands, C: perSlot(bids.c) });
    }),
  );

  it(
    'counts trades whose orders it does not know, and nothing that was sold',
    marbles(({ hot, expectObservable }) => {
      const values = {
        ...slots,
        t: bought('unknown', 15),
        s: aTrade({ grid, side: 'sold', priceCents: 99 }),
      };
      const event$ = hot('  1-t-s----|', values);
      const command$ = hot('-----c-a-|', commands);
      const expected = '    -----c-A-|';
      const limited = limitSpend(aMarket(event$), { perSlotCents: 30 });
      expectObservable(command$.pipe(limited)).toBe(expected, commands);
    }),
  );

  it(
    'counts a deleted bid no longer, once the exchange has deleted it',
    marbles(({ hot, expectObservable }) => {
      const outcome$ = hot('------x--|', { x: deleted });
      const command$ = hot('-a-d-b-b-|', commands);
      const expected = '    -a-d-B-b-|';
      const limited = limitSpend(aMarket(undefined, { outcome$ }), { perSlotCents: 30 });
      expectObservable(command$.pipe(limited)).toBe(expected, commands);
    }),
  );

  it(
    "adds the slots of a day up, and begins anew when the market's day does",
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  1-t-2---3----|', { ...slots, t: bought('unknown', 20) });
      const command$ = hot('-----a-c--a--|', commands);
      const inUtc = '       -----A-c--A--|';
      const inBerlin = '    -----A-c--a--|';
      const values = { ...commands, A: perDay(bids.a) };
      const limited = (zone?: string) =>
        limitSpend(aMarket(event$), { perDayCents: 30, ...(zone !== undefined && { zone }) });
      expectObservable(command$.pipe(limited())).toBe(inUtc, values);
      expectObservable(command$.pipe(limited('Europe/Berlin'))).toBe(inBerlin, values);
    }),
  );

  it('stays as fast with many assets', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => bidEnergy(`load ${i}`, 1, 1));
    let passed = 0;
    of(...many)
      .pipe(limitSpend(aMarket(), { perSlotCents: 15_000 }))
      .subscribe(({ withheld }) => (passed += withheld === undefined ? 1 : 0));
    expect(passed).to.equal(15_000);
  });

  for (const limits of [{ perSlotCents: NaN }, { perDayCents: -1 }, { perDayCents: 1, zone: 'Berlin' }])
    it(`refuses ${JSON.stringify(limits)} when it is built`, () => {
      expect(() => limitSpend(aMarket(), limits))
        .to.throw(GsyError, 'limitSpend: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
