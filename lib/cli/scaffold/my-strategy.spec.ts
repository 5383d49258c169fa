import { bidEnergyRate, offerEnergyRate } from 'gsy-rx';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, aTick, marbles, type Branch } from 'gsy-rx/testing';
import myStrategy from './my-strategy.ts';

const ticksOf = (asset: Branch) => {
  const grid = aGrid([aMarketArea('home', [asset])]);
  return {
    s: aTick({ grid, progress: 0 }),
    t: aTick({ grid, progress: 0.5 }),
    u: aTick({ grid, progress: 0.8 }),
  };
};

describe('my-strategy', () => {
  it(
    'bids more the later it is, up to what the grid asks',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s--t--u--|', ticksOf(aLoad({ energyRequirementKWh: 2 })));
      const expected = '    a--b--c--|';
      expectObservable(myStrategy(aMarket(event$))).toBe(expected, {
        a: bidEnergyRate('load', 2, 10),
        b: bidEnergyRate('load', 2, 20),
        c: bidEnergyRate('load', 2, 30),
      });
    }),
  );

  it(
    'offers for less the later it is, down to what the grid pays',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s--t--u--|', ticksOf(aPv({ availableEnergyKWh: 4 })));
      const expected = '    a--b--c--|';
      expectObservable(myStrategy(aMarket(event$))).toBe(expected, {
        a: offerEnergyRate('pv', 4, 30),
        b: offerEnergyRate('pv', 4, 20),
        c: offerEnergyRate('pv', 4, 10),
      });
    }),
  );
});
