import { expect } from 'chai';
import { map, NEVER, takeLast } from 'rxjs';
import type { Strategy } from 'gsy-rx';
import { defaultCommunity, type AreaSpec, type Community } from 'gsy-rx/sandbox';
import { aGrid, aMarket, aMarketArea, aSlot, aStorage, aTick, marbles } from 'gsy-rx/testing';
import storageArbitrage from '../../strategies/storage-arbitrage.ts';
import { aDayOf, expectConservation, expectOrder, total, type Day } from './day.ts';
import { told } from './told.ts';

const gridAt = (averageRate: number) =>
  aGrid([aMarketArea('home', [aStorage()])], { lastStats: { averageRate } });
const slotAt = (time: string, averageRate: number) =>
  aSlot({ slot: `2026-06-21T${time}`, grid: gridAt(averageRate) });
const tickAt = (time: string, progress: number, averageRate: number) =>
  aTick({ slot: `2026-06-21T${time}`, progress, grid: gridAt(averageRate) });

describe('the storage arbitrage strategy', () => {
  it(
    'ramps from the rates of the grid to near the cheap and the dear ones of the last slots',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  a---b---5---9---|', {
        a: slotAt('12:00', 12),
        b: slotAt('12:15', 28),
        5: tickAt('12:15', 0.5, 28),
        9: tickAt('12:15', 0.9, 28),
      });
      const expected = '    ----(bs)(cu)(dv)|';
      expectObservable(storageArbitrage(aMarket(event$)).pipe(map(told))).toBe(expected, {
        b: 'storage bids 1 kWh at 10',
        s: 'storage offers 1 kWh at 30',
        c: 'storage bids 1 kWh at 12.5',
        u: 'storage offers 1 kWh at 27.5',
        d: 'storage bids 1 kWh at 14.5',
        v: 'storage offers 1 kWh at 25.5',
      });
    }),
  );

  it(
    'stands still where cheap and dear are too near to each other, or not known',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  n---a---b---|', {
        n: aSlot(),
        a: slotAt('12:15', 18),
        b: slotAt('12:30', 28.9),
      });
      expectObservable(storageArbitrage(aMarket(event$))).toBe('------------|');
    }),
  );

  it(
    'forgets what is older than its slots, and takes the cheap and dear shares of them',
    marbles(({ hot, expectObservable }) => {
      const rates = [90, 2, 4, 6, 8, 20, 22, 24, 26];
      const events = Object.fromEntries(rates.map((rate, i) => [String(i), slotAt(`12:0${i}`, rate)]));
      const settings = { slots: 8, share: 0.3, margin: 1, spread: 0 };
      // Of 2 4 6 8 20 22 24 26 a third from below is 6, a third from above 22.
      const event$ = hot('  012345678t---|', { ...events, t: tickAt('12:08', 1, 26) });
      const expected = '    -------------(bo|)';
      const orders$ = storageArbitrage.with(settings)(aMarket(event$)).pipe(map(told), takeLast(2));
      expectObservable(orders$).toBe(expected, {
        b: 'storage bids 1 kWh at 7',
        o: 'storage offers 1 kWh at 21',
      });
    }),
  );

  describe('in a week of the default community', () => {
    const isWithStorage = ({ assets = [] }: AreaSpec) => assets.some(({ type }) => type === 'storage');
    const [community] = defaultCommunity.grid.areas!;
    const homes = community!.areas!.slice(3, 7);
    const week: Community = {
      ...defaultCommunity,
      slots: 7 * 96,
      grid: { ...defaultCommunity.grid, areas: [{ ...community!, areas: homes }] },
    };
    const batteries = homes
      .filter(isWithStorage)
      .flatMap(({ assets = [] }) => assets.filter(({ type }) => type === 'storage'))
      .map(({ name }) => name);
    const nothing: Strategy = () => NEVER;
    let arbitrage: Day;
    let template: Day;

    before(async () => {
      arbitrage = await aDayOf(storageArbitrage, week, batteries);
      // A market of its own and nothing else, so that the exchange trades for every asset.
      template = await aDayOf(nothing, week, ['Grid']);
    });

    it('keeps the exchange whole', () => {
      expectOrder(arbitrage);
      for (const day of [arbitrage, template]) expectConservation(day);
    });

    it("earns half as much again as the exchange's own strategy, whatever what is left in the end is worth", () => {
      const gain = (day: Day, leftRate: number) => {
        const leftKWh = total(day, 'storage', 'boughtKWh') - total(day, 'storage', 'soldKWh');
        return total(day, 'storage', 'earnedCents') - total(day, 'storage', 'paidCents') + leftKWh * leftRate;
      };
      for (const leftRate of [0, 8, 30])
        expect(gain(arbitrage, leftRate)).to.be.above(1.5 * gain(template, leftRate));
    });

    it('buys cheaper and sells dearer', () => {
      const bought = (day: Day) => total(day, 'storage', 'paidCents') / total(day, 'storage', 'boughtKWh');
      const sold = (day: Day) => total(day, 'storage', 'earnedCents') / total(day, 'storage', 'soldKWh');
      expect(bought(arbitrage)).to.be.below(bought(template));
      expect(sold(arbitrage)).to.be.above(sold(template));
    });
  });
});
