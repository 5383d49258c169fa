import { expect } from 'chai';
import fc from 'fast-check';
import { of } from 'rxjs';
import { bidEnergy, bidEnergyRate, listOffers, offerEnergy } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Command } from '../../lib/model/commands.ts';
import { limitEnergy } from '../../lib/operators/limitEnergy.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const limited = (command: Command, perOrderKWh: number): Command => {
  const found: Command[] = [];
  of(command)
    .pipe(limitEnergy({ perOrderKWh }))
    .subscribe((passed) => found.push(passed));
  expect(found).to.have.length(1);
  return found[0]!;
};

describe('limitEnergy', () => {
  keepsTheOperatorContract(() => ({
    operator: limitEnergy({ perOrderKWh: 2 }),
    input: bidEnergy('load', 4, 80),
    output: bidEnergy('load', 2, 40),
  }));

  it(
    'cuts big orders down at the same rate and lets all other commands pass',
    marbles(({ hot, expectObservable }) => {
      const commands = {
        b: bidEnergy('load', 2, 40),
        B: bidEnergy('load', 8, 40),
        O: offerEnergy('pv', 4, 10),
        l: listOffers('pv'),
      };
      const command$ = hot('-b-B-O-l-|', commands);
      const expected = '    -b-x-y-l-|';
      expectObservable(command$.pipe(limitEnergy({ perOrderKWh: 2 }))).toBe(expected, {
        ...commands,
        x: bidEnergy('load', 2, 10),
        y: offerEnergy('pv', 2, 5),
      });
    }),
  );

  it('keeps the other terms of an order that it changes', () => {
    const options = { replaceExisting: false, timeSlot: '2026-06-21T11:45' };
    expect(limited(bidEnergy('load', 4, 40, options), 1)).to.deep.equal(bidEnergy('load', 1, 10, options));
  });

  it('leaves an order alone that another guard has refused', () => {
    const order = refused(bidEnergyRate('load', 4, 40), 'no');
    expect(limited(order, 2)).to.equal(order);
  });

  it('makes no sound order of an unsound one', () => {
    for (const order of [
      bidEnergyRate('load', NaN, 40),
      bidEnergyRate('load', Infinity, 40),
      bidEnergy('load', Infinity, 40),
      bidEnergy('load', 4, NaN),
      bidEnergy('load', 4, Infinity),
      bidEnergy('load', -4, 40),
    ])
      expect(limited(order, 2)).to.equal(order);
  });

  it('keeps the rate of every order and the energy within the limit', () => {
    const amount = fc.double({ min: 1e-4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.double({ min: 0, max: 100, noNaN: true }), (energyKWh, most, rate) => {
        const order = limited(bidEnergyRate('load', energyKWh, rate), most);
        if (order.kind !== 'bid') throw new Error('another command came out');
        expect(order.energyKWh).to.equal(Math.min(energyKWh, most));
        expect(order.priceCents / order.energyKWh).to.be.closeTo(rate, 1e-9);
      }),
    );
  });

  for (const perOrderKWh of [NaN, -1, Infinity])
    it(`refuses ${perOrderKWh} kWh as a limit when it is built`, () => {
      expect(() => limitEnergy({ perOrderKWh }))
        .to.throw(GsyError, 'limitEnergy: perOrderKWh')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
