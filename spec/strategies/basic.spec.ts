import { expect } from 'chai';
import fc from 'fast-check';
import { map, of } from 'rxjs';
import type { Command, SlotEvent } from 'gsy-rx';
import * as kit from 'gsy-rx/testing';
import basic from '../../strategies/basic.ts';
import { told } from './told.ts';

const { aFirstSlot, aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aSmartMeter, aStorage, aTick } = kit;
const { finished, marbles } = kit;

/** A slot's events in a grid of one home with these assets: `s` opens it, a digit is the tick of so many tenths. */
const slotOf = (assets: readonly kit.Branch[], homeFee = 0) => {
  const grid = aGrid([aMarketArea('home', assets, { currentFee: homeFee })]);
  const ticks = Array.from({ length: 10 }, (_, i) => [String(i), aTick({ progress: i / 10, grid })] as const);
  return { s: aSlot({ grid }), f: finished, ...Object.fromEntries(ticks) };
};

const commandsAt = (event: SlotEvent): readonly Command[] => {
  const found: Command[] = [];
  basic(aMarket(of(event))).subscribe((command) => found.push(command));
  return found;
};

describe('the basic strategy', () => {
  it(
    "raises a load's bid from the feed-in tariff to the market maker rate, which it reaches at 80 %",
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s0-1-2-3-4-5-6-7-8-9-f-|', slotOf([aLoad()]));
      const expected = '    a--b-c-d-e-f-g-h-z-z---|';
      expectObservable(basic(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 1 kWh at 10',
        b: 'load bids 1 kWh at 12',
        c: 'load bids 1 kWh at 14',
        d: 'load bids 1 kWh at 16',
        e: 'load bids 1 kWh at 18',
        f: 'load bids 1 kWh at 20',
        g: 'load bids 1 kWh at 22',
        h: 'load bids 1 kWh at 24',
        z: 'load bids 1 kWh at 30',
      });
    }),
  );

  it(
    "lowers a PV's offer from the market maker rate to the feed-in tariff, which it reaches at 80 %",
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s0-1-2-3-4-5-6-7-8-9-f-|', slotOf([aPv()]));
      const expected = '    a--b-c-d-e-f-g-h-z-z---|';
      expectObservable(basic(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'pv offers 1 kWh at 30',
        b: 'pv offers 1 kWh at 28',
        c: 'pv offers 1 kWh at 26',
        d: 'pv offers 1 kWh at 24',
        e: 'pv offers 1 kWh at 22',
        f: 'pv offers 1 kWh at 20',
        g: 'pv offers 1 kWh at 18',
        h: 'pv offers 1 kWh at 16',
        z: 'pv offers 1 kWh at 10',
      });
    }),
  );

  it(
    'lets a storage buy and sell on its own side of the middle between the two, as much as is tradable',
    marbles(({ hot, expectObservable }) => {
      const storage = aStorage({ energyToBuyKWh: 1, energyActiveInBidsKWh: 2, energyToSellKWh: 4 });
      const event$ = hot('  s0---5----8----9---|', slotOf([storage]));
      const expected = '    (ao)-(bp)-(cq)-(dr)|';
      expectObservable(basic(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'storage bids 3 kWh at 10',
        b: 'storage bids 3 kWh at 15',
        c: 'storage bids 3 kWh at 18',
        d: 'storage bids 3 kWh at 19',
        o: 'storage offers 4 kWh at 30',
        p: 'storage offers 4 kWh at 25',
        q: 'storage offers 4 kWh at 22',
        r: 'storage offers 4 kWh at 21',
      });
    }),
  );

  it(
    'trades for all assets of an event together, a smart meter on both sides',
    marbles(({ hot, expectObservable }) => {
      const meter = aSmartMeter({ energyRequirementKWh: 2, availableEnergyKWh: 3 });
      const event$ = hot('  --5-----|', slotOf([aLoad(), meter, aPv()]));
      const expected = '    --(lmop)|';
      expectObservable(basic(aMarket(event$)).pipe(map(told))).toBe(expected, {
        l: 'load bids 1 kWh at 20',
        m: 'smart-meter bids 2 kWh at 20',
        o: 'smart-meter offers 3 kWh at 20',
        p: 'pv offers 1 kWh at 20',
      });
    }),
  );

  it(
    'orders nothing for what has no energy to trade, nor in the first slot',
    marbles(({ hot, expectObservable }) => {
      const done = [
        aLoad({ energyRequirementKWh: 0 }),
        aPv({ availableEnergyKWh: 2e-5 }),
        aStorage({ energyToBuyKWh: 0, energyToSellKWh: 0 }),
      ];
      const event$ = hot('  F-s0-5-8-f-|', { ...slotOf(done), F: aFirstSlot() });
      const expected = '    -----------|';
      expectObservable(basic(aMarket(event$))).toBe(expected);
    }),
  );

  it(
    'bids and offers at zero where the fees would make the rate negative',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s0-----9-----|', slotOf([aLoad(), aPv(), aStorage()], 15));
      const expected = '    (lpbo)-(LPBO)|';
      expectObservable(basic(aMarket(event$)).pipe(map(told))).toBe(expected, {
        l: 'load bids 1 kWh at 0',
        p: 'pv offers 1 kWh at 45',
        b: 'storage bids 1 kWh at 0',
        o: 'storage offers 1 kWh at 45',
        L: 'load bids 1 kWh at 45',
        P: 'pv offers 1 kWh at 0',
        B: 'storage bids 1 kWh at 17.5',
        O: 'storage offers 1 kWh at 22.5',
      });
    }),
  );

  it("has the official template's rates, whatever the tariffs and the fees", () => {
    const rates = fc.double({ min: 0, max: 100, noNaN: true });
    const tenth = fc.integer({ min: 1, max: 9 });
    const asked = fc.property(rates, rates, rates, rates, tenth, (fit, mm, homeFee, gridFee, i) => {
      const home = aMarketArea('home', [aLoad(), aPv(), aStorage()], { currentFee: homeFee });
      const event = {
        feedInTariffRate: fit,
        marketMakerRate: mm,
        grid: aGrid([home], { currentFee: gridFee }),
      };
      const fee = homeFee + gridFee;
      const med = fit + (mm - fit) / 2;
      const ratesAt = (at: SlotEvent) =>
        commandsAt(at).map((order) => ('priceCents' in order ? order.priceCents / order.energyKWh : NaN));
      const template = (n: number) => [
        n < 8 ? fit - fee + ((mm + 2 * fee - fit) * n) / 10 : mm + fee,
        n < 8 ? mm + fee - ((mm + 2 * fee - fit) * n) / 10 : fit - fee,
        fit - fee + ((med - (fit - fee)) * n) / 10,
        mm + fee - ((mm + fee - med) * n) / 10,
      ];
      const close = (found: readonly number[], n: number) =>
        template(n).forEach((rate, k) => expect(found[k]).to.be.closeTo(Math.max(0, rate), 1e-9));
      close(ratesAt(aSlot(event)), 0);
      close(ratesAt(aTick({ ...event, progress: i / 10 })), i);
    });
    fc.assert(asked);
  });
});
