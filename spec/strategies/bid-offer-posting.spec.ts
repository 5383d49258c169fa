import { expect } from 'chai';
import { aDayOf, assetOf, expectConservation, expectOrder, total } from './day.ts';
import { street, tradesIn } from './street.ts';
import { map } from 'rxjs';
import * as kit from 'gsy-rx/testing';
import bidOfferPosting from '../../strategies/bid-offer-posting.ts';
import { twoSlots } from './slots.ts';
import { told } from './told.ts';

const { aGrid, aLoad, aMarket, aMarketArea, aPv, aStorage, marbles } = kit;

const eventsIn = (assets: readonly kit.Branch[]) =>
  twoSlots(aGrid([aMarketArea('home', assets, { currentFee: 2 })]));

describe('the bid and offer posting strategy', () => {
  it(
    'posts once per slot all that each asset can trade, at 10 whatever the fees',
    marbles(({ hot, expectObservable }) => {
      const storage = aStorage({ energyToBuyKWh: 2, energyToSellKWh: 3 });
      const event$ = hot('  s----t-t-S----T-|', eventsIn([aLoad(), aPv(), storage]));
      const expected = '    (lpbo)---(lpbo)-|';
      expectObservable(bidOfferPosting(aMarket(event$)).pipe(map(told))).toBe(expected, {
        l: 'load bids 1 kWh at 10',
        p: 'pv offers 1 kWh at 10',
        b: 'storage bids 2 kWh at 10',
        o: 'storage offers 3 kWh at 10',
      });
    }),
  );

  it(
    'takes a rate for each side, and posts at its first tick where it joins in the middle of a slot',
    marbles(({ hot, expectObservable }) => {
      const strategy = bidOfferPosting.with({ bidRate: 33, offerRate: 0 });
      const event$ = hot('  t---t-|', eventsIn([aLoad(), aPv()]));
      const expected = '    (lp)--|';
      expectObservable(strategy(aMarket(event$)).pipe(map(told))).toBe(expected, {
        l: 'load bids 1 kWh at 33',
        p: 'pv offers 1 kWh at 0',
      });
    }),
  );

  it(
    'posts nothing in the first slot, nor for what has no energy',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  f-s-|', eventsIn([aLoad({ energyRequirementKWh: 0 })]));
      expectObservable(bidOfferPosting(aMarket(event$))).toBe('----|');
    }),
  );

  describe('for a day', () => {
    it('lets only those trade who share a market without a fee, at its rate', async () => {
      const day = await aDayOf(bidOfferPosting, street);
      expectOrder(day);
      expectConservation(day);
      expect(tradesIn(day, '/A').length).to.be.above(50);
      for (const { rate } of [...tradesIn(day, '/A'), ...tradesIn(day, '/C')])
        expect(rate).to.be.closeTo(10, 1e-6);
      expect(tradesIn(day, '/Street')).to.deep.equal([]);
      expect(assetOf(day, 'B Load').boughtKWh).to.equal(0);
    });

    it('trades all there is where it pays more than the grid asks and asks less than it pays', async () => {
      const day = await aDayOf(bidOfferPosting.with({ bidRate: 33.5, offerRate: 4.5 }), street);
      expectOrder(day);
      expectConservation(day);
      expect(total(day, 'load', 'boughtKWh') / total(day, 'load', 'demandKWh')).to.be.above(0.98);
      expect(total(day, 'pv', 'soldKWh') / total(day, 'pv', 'productionKWh')).to.be.above(0.98);
    });
  });
});
