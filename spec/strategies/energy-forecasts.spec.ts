import { aDayOf, assetOf, expectConservation, expectOrder, kindsOf } from './day.ts';
import settleDeviations from '../../strategies/settle-deviations.ts';
import { forecastOnly, tradesIn } from './street.ts';
import { threeSlots } from './slots.ts';
import { expect } from 'chai';
import { catchError } from 'rxjs';
import { combineStrategies, setEnergyForecast, setEnergyMeasurement } from 'gsy-rx';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, marbles } from 'gsy-rx/testing';
import energyForecasts from '../../strategies/energy-forecasts.ts';

const HEADER = 'asset;slot;forecastKWh;measuredKWh';
const fileOf = (...rows: readonly string[]) =>
  energyForecasts.with({ energies: [HEADER, ...rows].join('\n') });

const grid = aGrid([aMarketArea('home', [aLoad(), aPv()])]);
const events = threeSlots(grid);

describe('the energy forecasts strategy', () => {
  it(
    'tells once per slot the forecast of the next one and the measurement of the last one',
    marbles(({ hot, expectObservable }) => {
      const strategy = fileOf('load;12:30;0,4;', 'load;12:00;;0.5', 'pv;12:15;0.1;0.2', 'pv;12:45;0;');
      const event$ = hot('  a-b---t-c---|', events);
      const expected = '    --(fm)--(gn)|';
      expectObservable(strategy(aMarket(event$))).toBe(expected, {
        f: setEnergyForecast('load', { '2026-06-21T12:30': 0.4 }),
        m: setEnergyMeasurement('load', { '2026-06-21T12:00': 0.5 }),
        g: setEnergyForecast('pv', { '2026-06-21T12:45': 0 }),
        n: setEnergyMeasurement('pv', { '2026-06-21T12:15': 0.2 }),
      });
    }),
  );

  it(
    'takes the figure of a day before that of every day',
    marbles(({ hot, expectObservable }) => {
      const strategy = fileOf('load;12:30;0.4;', 'load;2026-06-21T12:30;0.6;', 'load;2026-06-22T12:45;9;');
      const event$ = hot('  a-b-c-|', events);
      expectObservable(strategy(aMarket(event$))).toBe('--f---|', {
        f: setEnergyForecast('load', { '2026-06-21T12:30': 0.6 }),
      });
    }),
  );

  it(
    'ends with an error that lists what there is for an asset that the grid does not have',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  a-b-|', events);
      const command$ = fileOf('windmill;12:30;1;')(aMarket(event$));
      expectObservable(command$.pipe(catchError((error: Error) => [error.message]))).toBe('--(e|)', {
        e: 'No area has the name or uuid "windmill". The grid has "grid", "home", "load", "pv".',
      });
    }),
  );

  it('is refused at the start, with the place, for a file that is wrong', () => {
    expect(() => fileOf('load;noon;1;1')).to.throw(
      /parameter energies .* is wrong: line 2: "noon" is no slot/,
    );
  });

  it('lets assets trade a day as forecast, and settle it as measured', async () => {
    const times = Array.from({ length: 96 }, (_, i) => new Date(i * 900_000).toISOString().slice(11, 16));
    const strategy = fileOf(...times.flatMap((time) => [`Load;${time};0.5;0,6`, `PV;${time};0.4;0.7`]));
    const day = await aDayOf(combineStrategies(settleDeviations, strategy), forecastOnly);
    expectOrder(day);
    expectConservation(day);
    expect(kindsOf(day)).not.to.have.any.keys('refused', 'unanswered');
    const [load, pv] = [assetOf(day, 'Load'), assetOf(day, 'PV')];
    const settledKWh = tradesIn(day, '/Told')
      .filter(({ marketType }) => marketType === 'settlement')
      .reduce((sum, { energyKWh }) => sum + energyKWh, 0);
    // The first slot shows no assets, and a forecast made in the second is for the third.
    expect(load.demandKWh).to.be.closeTo(94 * 0.5, 1e-6);
    expect(pv.productionKWh).to.be.closeTo(94 * 0.4, 1e-6);
    // The PV has more left over than the load is short of: 0.6 kWh in each of the first two slots, then 0.1.
    expect(settledKWh).to.be.closeTo(load.boughtKWh - load.demandKWh, 1e-3);
    expect(load.boughtKWh).to.be.closeTo(95 * 0.6, 0.7);
  });
});
