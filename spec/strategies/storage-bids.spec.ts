import { expect } from 'chai';
import { aDayOf, assetOf, expectConservation, expectOrder } from './day.ts';
import { street } from './street.ts';
import { map } from 'rxjs';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aStorage, aTick, marbles } from 'gsy-rx/testing';
import storageBids from '../../strategies/storage-bids.ts';
import { told } from './told.ts';

const slotOf = (storage = aStorage()) => {
  const grid = aGrid([aMarketArea('home', [aLoad(), aPv(), storage])]);
  return { s: aSlot({ grid }), t: aTick({ grid }) };
};

describe('the storage bids strategy', () => {
  it(
    'bids once per slot for half of what a storage can take, and asks which bids stand',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s---t-|', slotOf(aStorage({ energyToBuyKWh: 1, energyActiveInBidsKWh: 2 })));
      const expected = '    (bq)--|';
      expectObservable(storageBids(aMarket(event$)).pipe(map(told))).toBe(expected, {
        b: 'storage bids 1.5 kWh at 15',
        q: 'storage list-bids',
      });
    }),
  );

  it(
    'takes rate, share and the charge up to which it buys',
    marbles(({ hot, expectObservable }) => {
      const strategy = storageBids.with({ rate: 31, share: 1, maxCharge: 0.7 });
      // Of 10 kWh half is there.
      const event$ = hot('  s---t-|', slotOf(aStorage({ energyToBuyKWh: 5 })));
      const expected = '    (bq)--|';
      expectObservable(strategy(aMarket(event$)).pipe(map(told))).toBe(expected, {
        b: 'storage bids 2 kWh at 31',
        q: 'storage list-bids',
      });
    }),
  );

  it(
    'lets a full storage be',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s-t-|', slotOf(aStorage({ energyToBuyKWh: 0 })));
      expectObservable(storageBids(aMarket(event$))).toBe('----|');
    }),
  );

  it('fills a storage through a day, at its rate and up to its charge, and sells nothing', async () => {
    const day = await aDayOf(storageBids.with({ rate: 26, maxCharge: 0.9 }), street, ['A Battery']);
    expectOrder(day);
    expectConservation(day);
    const { boughtKWh, soldKWh, paidCents } = assetOf(day, 'A Battery');
    expect(boughtKWh).to.be.within(4.5, 5 + 1e-6);
    expect(paidCents / boughtKWh).to.be.closeTo(26, 1e-6);
    expect(soldKWh).to.equal(0);
  });
});
