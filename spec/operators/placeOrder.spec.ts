import { bidEnergyRate, offerEnergyRate } from '../../lib/commands.ts';
import { placeOrder, type OrderMoment } from '../../lib/operators/placeOrder.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const timeSlot = '2026-06-21T11:45';
const bid: OrderMoment = { asset: { uuid: 'load' }, side: 'bid', energyKWh: 2, rate: 20 };
const offer: OrderMoment = { asset: { uuid: 'pv' }, side: 'offer', energyKWh: 3, rate: 10 };
const moments = {
  b: bid,
  o: offer,
  s: { ...bid, timeSlot },
  n: { ...bid, rate: -4 },
  x: { ...bid, rate: NaN },
};

describe('placeOrder', () => {
  keepsTheOperatorContract(() => ({
    operator: placeOrder(),
    input: bid,
    output: bidEnergyRate('load', 2, 20),
  }));

  it(
    'makes bids and offers, for past slots too',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-b-o-s-|', moments).pipe(placeOrder())).toBe('-b-o-s-|', {
        b: bidEnergyRate('load', 2, 20),
        o: offerEnergyRate('pv', 3, 10),
        s: bidEnergyRate('load', 2, 20, { timeSlot }),
      });
    }),
  );

  it(
    'makes a rate below zero zero, and leaves one that is no number to the sink',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-n-x-|', moments).pipe(placeOrder())).toBe('-n-x-|', {
        n: bidEnergyRate('load', 2, 0),
        x: bidEnergyRate('load', 2, NaN),
      });
    }),
  );

  it(
    'gives the orders options, the same for all or by moment',
    marbles(({ hot, expectObservable }) => {
      const options = { replaceExisting: false };
      expectObservable(hot('-b-|', moments).pipe(placeOrder(options))).toBe('-b-|', {
        b: bidEnergyRate('load', 2, 20, options),
      });
      const partners = placeOrder<OrderMoment>(({ asset }) => ({
        requirements: [{ tradingPartners: [`friend of ${asset.uuid}`] }],
      }));
      expectObservable(hot('-b-|', moments).pipe(partners)).toBe('-b-|', {
        b: bidEnergyRate('load', 2, 20, { requirements: [{ tradingPartners: ['friend of load'] }] }),
      });
    }),
  );

  it(
    'hands on what the options throw and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const moment$ = hot('-b-|', moments);
      const broken = placeOrder(() => {
        throw new Error('no options');
      });
      expectObservable(moment$.pipe(broken)).toBe('-#', {}, new Error('no options'));
      expectSubscriptions(moment$.subscriptions).toBe('^!');
    }),
  );
});
