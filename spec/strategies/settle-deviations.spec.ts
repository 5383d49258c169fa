import { expect } from 'chai';
import type { Command, OwnedAsset, Strategy, UnsettledDeviations } from 'gsy-rx';
import { filter, ignoreElements, map, merge, tap } from 'rxjs';
import { aDayOf, expectConservation, expectOrder, kindsOf } from './day.ts';
import { street, tradesIn } from './street.ts';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aTick, marbles } from 'gsy-rx/testing';
import settleDeviations from '../../strategies/settle-deviations.ts';
import { told } from './told.ts';

const slots = (...entries: readonly (readonly [string, number | undefined])[]): UnsettledDeviations =>
  new Map(entries.map(([time, deviation]) => [`2026-06-21T${time}`, deviation]));

const slotOf = (ofLoad: UnsettledDeviations, ofPv: UnsettledDeviations) => {
  const grid = aGrid([
    aMarketArea('home', [
      aLoad({ unsettledDeviationsKWh: ofLoad, energyRequirementKWh: 0 }),
      aPv({ unsettledDeviationsKWh: ofPv, availableEnergyKWh: 0 }),
    ]),
  ]);
  const ticks = Array.from({ length: 10 }, (_, i) => [String(i), aTick({ progress: i / 10, grid })] as const);
  return { s: aSlot({ grid }), ...Object.fromEntries(ticks) };
};

const settlements = filter((command: Command) => 'timeSlot' in command);
const toldOf = (command: Command) =>
  `${told(command)} of ${'timeSlot' in command ? command.timeSlot.slice(11) : 'now'}`;

describe('the settle deviations strategy', () => {
  it(
    'buys what is missing from the feed-in tariff up to the market maker rate, which it reaches at 70 %',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s-0-4-6-7-8-9-|', slotOf(slots(['11:45', 0.5]), slots()));
      const expected = '    a-a-b-c-d-----|';
      expectObservable(settleDeviations(aMarket(event$)).pipe(settlements, map(toldOf))).toBe(expected, {
        a: 'load bids 0.5 kWh at 10 of 11:45',
        b: 'load bids 0.5 kWh at 18 of 11:45',
        c: 'load bids 0.5 kWh at 22 of 11:45',
        d: 'load bids 0.5 kWh at 30 of 11:45',
      });
    }),
  );

  it(
    'settles every slot that is open, on both sides, and leaves what is not measured or settled',
    marbles(({ hot, expectObservable }) => {
      const ofLoad = slots(['11:15', -0.2], ['11:30', undefined], ['11:45', 0.5]);
      const event$ = hot('  5------|', slotOf(ofLoad, slots(['11:30', 0], ['11:45', 0.1])));
      const expected = '    (abc)--|';
      expectObservable(settleDeviations(aMarket(event$)).pipe(settlements, map(toldOf))).toBe(expected, {
        a: 'load offers 0.2 kWh at 20 of 11:15',
        b: 'load bids 0.5 kWh at 20 of 11:45',
        c: 'pv bids 0.1 kWh at 20 of 11:45',
      });
    }),
  );

  it(
    'reaches the final rate earlier where it is told to',
    marbles(({ hot, expectObservable }) => {
      const strategy = settleDeviations.with({ finalFrom: 0.2 });
      const event$ = hot('  1-2-|', slotOf(slots(), slots(['11:45', -1])));
      expectObservable(strategy(aMarket(event$)).pipe(settlements, map(toldOf))).toBe('a-b-|', {
        a: 'pv offers 1 kWh at 28 of 11:45',
        b: 'pv offers 1 kWh at 10 of 11:45',
      });
    }),
  );

  it(
    'trades the running slot like basic',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  8-----|', { 8: aTick({ progress: 0.8 }) });
      expectObservable(settleDeviations(aMarket(event$)).pipe(map(told))).toBe('(abcd)|', {
        a: 'load bids 1 kWh at 30',
        b: 'pv offers 1 kWh at 10',
        c: 'storage bids 1 kWh at 18',
        d: 'storage offers 1 kWh at 22',
      });
    }),
  );

  it('settles through a day what the deviations of neighbours make up for, at the rates of the grid or better', async () => {
    let matchableKWh = 0;
    const watched: Strategy = (market) =>
      merge(
        settleDeviations(market),
        market.marketSlot$.pipe(
          tap(({ grid }) => (matchableKWh += matchableIn(grid.assets))),
          ignoreElements(),
        ),
      );
    const day = await aDayOf(watched, { ...street, settlementHours: 1 });
    expectOrder(day);
    expectConservation(day);
    expect(kindsOf(day)).not.to.have.any.keys('refused', 'expired', 'unanswered');
    const settled = tradesIn(day, '')
      .filter(({ marketType }) => marketType === 'settlement')
      .filter(({ buyer, buyerOrigin }) => buyer === buyerOrigin);
    const settledKWh = settled.reduce((sum, { energyKWh }) => sum + energyKWh, 0);
    expect(matchableKWh).to.be.above(1);
    expect(settledKWh / matchableKWh).to.be.within(0.97, 1 + 1e-6);
    for (const { rate } of settled) expect(rate).to.be.within(8 - 3, 30 + 3);
  });
});

/** What of the newest past slot some are short of and others have left over, kWh. */
const matchableIn = (assets: readonly OwnedAsset[]): number => {
  const deviations = assets.flatMap((asset) =>
    'unsettledDeviationsKWh' in asset ? ([...asset.unsettledDeviationsKWh.values()].at(-1) ?? []) : [],
  );
  const sumOf = (sign: number) => deviations.reduce((sum, kWh) => sum + Math.max(0, sign * kWh), 0);
  return Math.min(sumOf(1), sumOf(-1));
};
