import { expect } from 'chai';
import fc from 'fast-check';
import { of } from 'rxjs';
import { bidEnergyRate, deleteBid, offerEnergyRate } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Bid, Command, Offer } from '../../lib/model/commands.ts';
import { splitOrder, type OrderPart } from '../../lib/operators/splitOrder.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';
import { refused } from './refused.ts';

const adding = { replaceExisting: false };
const halves = () => splitOrder([{ share: 0.5 }, { share: 0.5, addRate: -2 }]);
const partsOf = (command: Command, parts: readonly OrderPart[]): readonly (Bid | Offer)[] => {
  const found: (Bid | Offer)[] = [];
  of(command)
    .pipe(splitOrder(parts))
    .subscribe((part) => {
      if (part.kind !== 'bid' && part.kind !== 'offer') throw new Error('another command came out');
      found.push(part);
    });
  return found;
};

describe('splitOrder', () => {
  keepsTheOperatorContract<Command, Command>(() => ({
    operator: splitOrder([{ share: 0.5 }]),
    input: bidEnergyRate('load', 2, 20),
    output: bidEnergyRate('load', 1, 20),
  }));

  it(
    'splits orders into parts that add to the first, and lets all other commands pass',
    marbles(({ hot, expectObservable }) => {
      const commands = {
        b: bidEnergyRate('load', 2, 20),
        o: offerEnergyRate('pv', 4, 1, adding),
        d: deleteBid('load', 'all'),
        n: bidEnergyRate('load', NaN, 20),
        r: refused(bidEnergyRate('load', 2, 20), 'no'),
      };
      const command$ = hot('-b---o---d-n-r-|', commands);
      const expected = '    -(vw)(xy)d-n-r-|';
      expectObservable(command$.pipe(halves())).toBe(expected, {
        ...commands,
        v: bidEnergyRate('load', 1, 20),
        w: bidEnergyRate('load', 1, 18, adding),
        x: offerEnergyRate('pv', 2, 1, adding),
        y: offerEnergyRate('pv', 2, 0, adding),
      });
    }),
  );

  it('leaves an order whole of which a part would be too small to trade', () => {
    const small = bidEnergyRate('load', 3e-5, 20);
    expect(partsOf(small, [{ share: 0.5 }, { share: 0.5 }])).to.deep.equal([small]);
  });

  it('orders no more than the whole, and all of it where the shares come to 1', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), weights, (energyKWh, wanted) => {
        const whole = wanted.reduce((sum, weight) => sum + weight, 0);
        const parts = partsOf(
          bidEnergyRate('load', energyKWh, 20),
          wanted.map((weight) => ({ share: weight / whole })),
        );
        const ordered = parts.reduce((sum, part) => sum + part.energyKWh, 0);
        expect(parts).to.have.length(wanted.length);
        expect(ordered).to.be.at.most(energyKWh);
        expect(ordered).to.be.closeTo(energyKWh, 1e-9 * energyKWh);
      }),
    );
  });

  for (const parts of [
    [],
    [{ share: 0 }],
    [{ share: NaN }],
    [{ share: 0.6 }, { share: 0.6 }],
    [{ share: 1, addRate: NaN }],
  ])
    it(`refuses the parts ${parts.map((part) => Object.values(part).join(' ')).join(', ') || 'none'} when it is built`, () => {
      expect(() => splitOrder(parts))
        .to.throw(GsyError, 'splitOrder: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
