import { expect } from 'chai';
import fc from 'fast-check';
import { of } from 'rxjs';
import { assetInfo, bidEnergy, bidEnergyRate, deleteBid, offerEnergyRate } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Command } from '../../lib/model/commands.ts';
import { limitRate, type RateLimits } from '../../lib/operators/limitRate.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const limited = (command: Command, limits: RateLimits): Command => {
  const found: Command[] = [];
  of(command)
    .pipe(limitRate(limits))
    .subscribe((passed) => found.push(passed));
  expect(found).to.have.length(1);
  return found[0]!;
};

describe('limitRate', () => {
  keepsTheOperatorContract(() => ({
    operator: limitRate({ max: 30 }),
    input: bidEnergyRate('load', 2, 40),
    output: bidEnergyRate('load', 2, 30),
  }));

  it(
    'lowers dear bids and raises cheap offers to the limit, and lets all other commands pass',
    marbles(({ hot, expectObservable }) => {
      const commands = {
        b: bidEnergyRate('load', 2, 20),
        B: bidEnergyRate('load', 2, 40),
        o: offerEnergyRate('pv', 2, 20),
        O: offerEnergyRate('pv', 2, 5),
        d: deleteBid('load', 'all'),
        i: assetInfo('pv'),
      };
      const command$ = hot('-b-B-o-O-d-i-|', commands);
      const expected = '    -b-l-o-r-d-i-|';
      expectObservable(command$.pipe(limitRate({ max: 30, min: 10 }))).toBe(expected, {
        ...commands,
        l: bidEnergyRate('load', 2, 30),
        r: offerEnergyRate('pv', 2, 10),
      });
    }),
  );

  it('keeps the other terms of an order that it changes', () => {
    const options = { replaceExisting: false, timeSlot: '2026-06-21T11:45' };
    expect(limited(bidEnergyRate('load', 2, 40, options), { max: 30 })).to.deep.equal(
      bidEnergyRate('load', 2, 30, options),
    );
  });

  it('leaves dear offers, cheap bids and everything without a limit alone', () => {
    const [dear, cheap] = [offerEnergyRate('pv', 1, 99), bidEnergyRate('load', 1, 1)];
    expect(limited(dear, { max: 30, min: 10 })).to.equal(dear);
    expect(limited(cheap, { max: 30, min: 10 })).to.equal(cheap);
    const [bid, offer] = [bidEnergyRate('load', 1, 99), offerEnergyRate('pv', 1, 1)];
    expect(limited(bid, { min: 10 })).to.equal(bid);
    expect(limited(offer, { max: 30 })).to.equal(offer);
    expect(limited(bid, {})).to.equal(bid);
  });

  it('leaves an order alone that another guard has refused', () => {
    const order = refused(bidEnergyRate('load', 4, 40), 'no');
    expect(limited(order, { max: 30, min: 10 })).to.equal(order);
  });

  it('makes no sound order of an unsound one', () => {
    for (const order of [
      bidEnergyRate('load', NaN, 40),
      bidEnergyRate('load', 1, NaN),
      bidEnergy('load', 1, Infinity),
      bidEnergy('load', 0, 40),
      bidEnergy('load', -1, -40),
      offerEnergyRate('pv', Infinity, 5),
      offerEnergyRate('pv', 1, -Infinity),
    ])
      expect(limited(order, { max: 30, min: 10 })).to.equal(order);
  });

  it('keeps every sound order within the limits, with its energy', () => {
    const amount = fc.double({ min: 1e-4, max: 1e4, noNaN: true });
    const rate = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(amount, rate, rate, (energyKWh, wish, limit) => {
        const bid = limited(bidEnergyRate('load', energyKWh, wish), { max: limit });
        const offer = limited(offerEnergyRate('pv', energyKWh, wish), { min: limit });
        if (bid.kind !== 'bid' || offer.kind !== 'offer') throw new Error('another command came out');
        expect(bid.energyKWh).to.equal(energyKWh);
        expect(bid.priceCents / energyKWh).to.be.at.most(limit + 1e-9);
        expect(offer.energyKWh).to.equal(energyKWh);
        expect(offer.priceCents / energyKWh).to.be.at.least(limit - 1e-9);
      }),
    );
  });

  for (const limits of [{ max: NaN }, { min: NaN }, { max: Infinity }])
    it(`refuses the limits ${String(Object.entries(limits))} when it is built`, () => {
      expect(() => limitRate(limits))
        .to.throw(GsyError, 'limitRate')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
