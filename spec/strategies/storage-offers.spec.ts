import { expect } from 'chai';
import { combineStrategies } from 'gsy-rx';
import storageBids from '../../strategies/storage-bids.ts';
import { aDayOf, assetOf, expectConservation, expectOrder } from './day.ts';
import { street } from './street.ts';
import { map } from 'rxjs';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aStorage, aTick, marbles } from 'gsy-rx/testing';
import storageOffers from '../../strategies/storage-offers.ts';
import { told } from './told.ts';

const slotOf = (storage = aStorage()) => {
  const grid = aGrid([aMarketArea('home', [aLoad(), aPv(), storage])]);
  return { s: aSlot({ grid }), t: aTick({ grid }) };
};

describe('the storage offers strategy', () => {
  it(
    'offers once per slot half of what a storage can give, and asks for its energies, as its offers cannot be listed',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---t-|', slotOf(aStorage({ energyToSellKWh: 1, energyActiveInOffersKWh: 2 })));
      const expected = '    (oq)--|';
      expectObservable(storageOffers(aMarket(event$)).pipe(map(told))).toBe(expected, {
        o: 'storage offers 1.5 kWh at 25',
        q: 'storage asset-info',
      });
    }),
  );

  it(
    'takes rate, share and the charge down to which it sells',
    marbles(({ hot, expectObservable }) => {
      const strategy = storageOffers.with({ rate: 20, share: 1, minCharge: 0.4 });
      // Of 10 kWh half is there.
      const event$ = hot('  s---t-|', slotOf(aStorage({ energyToSellKWh: 5 })));
      const expected = '    (oq)--|';
      expectObservable(strategy(aMarket(event$)).pipe(map(told))).toBe(expected, {
        o: 'storage offers 1 kWh at 20',
        q: 'storage asset-info',
      });
    }),
  );

  it(
    'lets an empty storage be',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s-t-|', slotOf(aStorage({ energyToSellKWh: 0 })));
      expectObservable(storageOffers(aMarket(event$))).toBe('----|');
    }),
  );

  it('empties a storage through a day, for no less than its rate and down to its charge, and buys nothing', async () => {
    const day = await aDayOf(storageOffers.with({ minCharge: 0.2 }), street, ['A Battery']);
    expectOrder(day);
    expectConservation(day);
    const { boughtKWh, soldKWh, earnedCents } = assetOf(day, 'A Battery');
    expect(soldKWh).to.be.within(1.8, 2 + 1e-6);
    expect(earnedCents / soldKWh).to.be.at.least(25 - 1e-6);
    expect(boughtKWh).to.equal(0);
  });

  it('earns beside the storage bids what lies between their rates', async () => {
    const both = combineStrategies(storageBids.with({ rate: 20 }), storageOffers);
    const day = await aDayOf(both, street, ['A Battery']);
    expectOrder(day);
    expectConservation(day);
    const { boughtKWh, soldKWh, paidCents, earnedCents } = assetOf(day, 'A Battery');
    expect(boughtKWh).to.be.above(1);
    expect(soldKWh).to.be.above(3);
    expect(earnedCents / soldKWh - paidCents / boughtKWh).to.be.at.least(5 - 1e-6);
  });
});
