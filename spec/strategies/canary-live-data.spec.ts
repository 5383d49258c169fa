import { expect } from 'chai';
import basic from '../../strategies/basic.ts';
import { aDayOf, expectConservation, expectOrder, kindsOf, total } from './day.ts';
import { forecastOnly, street } from './street.ts';
import { threeSlots } from './slots.ts';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, aStorage, marbles } from 'gsy-rx/testing';
import { combineStrategies, setEnergyForecast } from 'gsy-rx';
import canaryLiveData from '../../strategies/canary-live-data.ts';

const grid = aGrid([aMarketArea('home', [aLoad(), aPv(), aStorage()])]);
const events = threeSlots(grid);

describe('the canary live data strategy', () => {
  it(
    'forecasts the next slot of every load and PV once per slot, from the second one on',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  a-b---t-t-c---|', events);
      const expected = '    --(lp)----(LP)|';
      expectObservable(canaryLiveData(aMarket(event$))).toBe(expected, {
        l: setEnergyForecast('load', { '2026-06-21T12:30': 1.2 }),
        p: setEnergyForecast('pv', { '2026-06-21T12:30': 0.86 }),
        L: setEnergyForecast('load', { '2026-06-21T12:45': 1.2 }),
        P: setEnergyForecast('pv', { '2026-06-21T12:45': 0.86 }),
      });
    }),
  );

  it(
    'takes the energies of both kinds, also none',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  t-c---|', events);
      const expected = '    --(lp)|';
      expectObservable(canaryLiveData.with({ loadKWh: 2, pvKWh: 0 })(aMarket(event$))).toBe(expected, {
        l: setEnergyForecast('load', { '2026-06-21T12:45': 2 }),
        p: setEnergyForecast('pv', { '2026-06-21T12:45': 0 }),
      });
    }),
  );

  it('gives a day of trading to assets that live on forecasts', async () => {
    const day = await aDayOf(combineStrategies(basic, canaryLiveData), forecastOnly);
    expectOrder(day);
    expectConservation(day);
    // The first slot shows no assets, and a forecast made in the second is for the third.
    const slots = forecastOnly.slots - 2;
    expect(total(day, 'load', 'demandKWh')).to.be.closeTo(slots * 1.2, 1e-6);
    expect(total(day, 'pv', 'productionKWh')).to.be.closeTo(slots * 0.86, 1e-6);
    expect(total(day, 'load', 'boughtKWh')).to.be.closeTo(slots * 1.2, 1e-3);
    expect(total(day, 'pv', 'soldKWh')).to.be.closeTo(slots * 0.86, 1e-3);
  });

  it('is rejected where assets do not live on forecasts, and harms nothing', async () => {
    const day = await aDayOf(canaryLiveData, { ...forecastOnly, slots: 4, grid: street.grid });
    expectOrder(day);
    expect(kindsOf(day)).to.deep.equal({ rejected: 3 * 5 });
  });
});
