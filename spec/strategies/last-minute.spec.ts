import { map } from 'rxjs';
import * as kit from 'gsy-rx/testing';
import lastMinute from '../../strategies/last-minute.ts';
import { told } from './told.ts';

const { aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aSmartMeter, aStorage, aTick, marbles } = kit;

const slotOf = (assets: readonly kit.Branch[]) => {
  const grid = aGrid([aMarketArea('home', assets, { currentFee: 2 })]);
  const tick = (progress: number) => aTick({ progress, grid });
  return { s: aSlot({ grid }), 0: tick(0), 1: tick(0.1), 7: tick(0.7), 8: tick(0.8), 9: tick(0.9) };
};

describe('the last-minute strategy', () => {
  it(
    'bids only once 80 % of the slot has passed, and what the grid asks from 90 % on',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s01---7-8-9-s01---7-8-9-|', slotOf([aLoad()]));
      const expected = '    --------a-b---------a-b-|';
      expectObservable(lastMinute(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 1 kWh at 27.2',
        b: 'load bids 1 kWh at 32',
      });
    }),
  );

  it(
    'buys for loads and smart meters alone',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  ----9----|', slotOf([aLoad(), aPv(), aStorage(), aSmartMeter()]));
      const expected = '    ----(lm)-|';
      expectObservable(lastMinute(aMarket(event$)).pipe(map(told))).toBe(expected, {
        l: 'load bids 1 kWh at 32',
        m: 'smart-meter bids 1 kWh at 32',
      });
    }),
  );

  it(
    'bids for what is still needed, and no more once it is bought',
    marbles(({ hot, expectObservable }) => {
      const partly = slotOf([aLoad({ energyRequirementKWh: 0.25 })]);
      const served = slotOf([aLoad({ energyRequirementKWh: 0 })]);
      const event$ = hot('  8-9-|', { 8: partly[8], 9: served[9] });
      const expected = '    a---|';
      expectObservable(lastMinute(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'load bids 0.25 kWh at 27.2',
      });
    }),
  );

  it(
    'keeps still while the tariffs are not known',
    marbles(({ hot, expectObservable }) => {
      const tick = { kind: 'tick', slot: '2026-06-21T12:00', progress: 0.9, grid: aGrid() } as const;
      const ticks = { n: tick, f: { ...tick, feedInTariffRate: 10 }, m: { ...tick, marketMakerRate: 30 } };
      const event$ = hot('  n-f-m-|', ticks);
      expectObservable(lastMinute(aMarket(event$))).toBe('------|');
    }),
  );
});
