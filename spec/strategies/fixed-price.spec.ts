import { map } from 'rxjs';
import * as kit from 'gsy-rx/testing';
import fixedPrice from '../../strategies/fixed-price.ts';
import { twoSlots } from './slots.ts';
import { told } from './told.ts';

const { aGrid, aLoad, aMarket, aMarketArea, aPv, aSmartMeter, aStorage, marbles } = kit;

const eventsIn = (assets: readonly kit.Branch[]) =>
  twoSlots(aGrid([aMarketArea('home', assets, { currentFee: 0.5 })], { currentFee: 1 }));

describe('the fixed-price strategy', () => {
  it(
    'orders once per slot: sellers ask 20, buyers bid 20 and the grid fees',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---t-t-S---T-T-|', eventsIn([aLoad(), aPv()]));
      const expected = '    (bo)----(bo)----|';
      expectObservable(fixedPrice(aMarket(event$)).pipe(map(told))).toBe(expected, {
        b: 'load bids 1 kWh at 21.5',
        o: 'pv offers 1 kWh at 20',
      });
    }),
  );

  it(
    'puts storages and smart meters on both sides',
    marbles(({ hot, expectObservable }) => {
      const storage = aStorage({ energyToBuyKWh: 2, energyToSellKWh: 3 });
      const meter = aSmartMeter({ energyRequirementKWh: 4, availableEnergyKWh: 5 });
      const event$ = hot('  s-----t-|', eventsIn([storage, meter]));
      const expected = '    (asbo)--|';
      expectObservable(fixedPrice(aMarket(event$)).pipe(map(told))).toBe(expected, {
        a: 'storage bids 2 kWh at 21.5',
        s: 'storage offers 3 kWh at 20',
        b: 'smart-meter bids 4 kWh at 21.5',
        o: 'smart-meter offers 5 kWh at 20',
      });
    }),
  );

  it(
    'orders at its first tick when it joins in the middle of a slot',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  t-t-S-T-|', eventsIn([aPv()]));
      const expected = '    o---o---|';
      expectObservable(fixedPrice(aMarket(event$)).pipe(map(told))).toBe(expected, {
        o: 'pv offers 1 kWh at 20',
      });
    }),
  );

  it(
    'orders nothing where nothing can be traded',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  f-s-t-|', eventsIn([aPv({ availableEnergyKWh: 0 })]));
      expectObservable(fixedPrice(aMarket(event$))).toBe('------|');
    }),
  );
});
