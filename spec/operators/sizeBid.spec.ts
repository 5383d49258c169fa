import { expect } from 'chai';
import fc from 'fast-check';
import { map, of } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import type { OwnedAsset } from '../../lib/model/grid.ts';
import { sizeBid, type BidSizeOptions } from '../../lib/operators/sizeBid.ts';
import { aLoad, aPv, aSmartMeter, aStorage, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const sizes = (assets: readonly OwnedAsset[], options?: BidSizeOptions): readonly number[] => {
  const found: number[] = [];
  of(...assets.map((asset) => ({ asset })))
    .pipe(sizeBid(options))
    .subscribe(({ energyKWh }) => found.push(energyKWh));
  return found;
};

describe('sizeBid', () => {
  keepsTheOperatorContract(() => {
    const input = { asset: aLoad() };
    return { operator: sizeBid(), input, output: { ...input, side: 'bid' as const, energyKWh: 1 } };
  });

  it('is all that loads and smart meters need and storages can take, with what their open bids hold', () => {
    const load = aLoad({ energyRequirementKWh: 3 });
    const meter = aSmartMeter({ energyRequirementKWh: 2, availableEnergyKWh: 9 });
    const storage = aStorage({ energyToBuyKWh: 1, energyActiveInBidsKWh: 4 });
    expect(sizes([load, meter, storage])).to.deep.equal([3, 2, 5]);
  });

  it(
    'skips assets that have nothing to buy, or less than can be traded',
    marbles(({ hot, expectObservable }) => {
      const assets = {
        l: { asset: aLoad() },
        0: { asset: aLoad({ energyRequirementKWh: 0 }) },
        n: { asset: aLoad({ energyRequirementKWh: -1e-17 }) },
        d: { asset: aLoad({ energyRequirementKWh: 2e-5 }) },
        p: { asset: aPv() },
      };
      const kWh$ = hot('-l-0-n-d-p-l-|', assets).pipe(
        sizeBid(),
        map(({ energyKWh }) => energyKWh),
      );
      expectObservable(kWh$).toBe('-l---------l-|', { l: 1 });
    }),
  );

  it('is a share of it, and no more than a cap', () => {
    const loads = [aLoad({ energyRequirementKWh: 2 }), aLoad({ energyRequirementKWh: 8 })];
    expect(sizes(loads, { share: 0.5 })).to.deep.equal([1, 4]);
    expect(sizes(loads, { maxKWh: 3 })).to.deep.equal([2, 3]);
    expect(sizes(loads, { share: 0.5, maxKWh: 3 })).to.deep.equal([1, 3]);
    expect(sizes(loads, { share: 0 })).to.deep.equal([]);
  });

  it('lets an energy that is no number through, so that the order is refused with its reason', () => {
    expect(sizes([aLoad({ energyRequirementKWh: NaN })])).to.deep.equal([NaN]);
  });

  it('fills a storage up to its state of charge and no further, and other assets as ever', () => {
    const half = aStorage({ energyToBuyKWh: 9, freeStorageKWh: 5, usedStorageKWh: 5 });
    expect(sizes([half], { maxCharge: 1 })).to.deep.equal([5]);
    expect(sizes([half], { maxCharge: 0.8 })[0]).to.be.closeTo(3, 1e-9);
    expect(sizes([half], { maxCharge: 0.5 })).to.deep.equal([]);
    expect(sizes([half, aLoad()], { maxCharge: 0.5 })).to.deep.equal([1]);
    expect(sizes([{ ...half, energyToBuyKWh: 1, tradableToBuyKWh: 1 }], { maxCharge: 0.8 })).to.deep.equal([
      1,
    ]);
  });

  it('counts what was traded in the slot, which shows only in what is free', () => {
    const before = aStorage({ energyToBuyKWh: 9, freeStorageKWh: 5, usedStorageKWh: 5 });
    const after = { ...before, freeStorageKWh: 3, energyTradedKWh: 2 };
    const [first, second] = sizes([before, after], { maxCharge: 0.8 });
    expect(first).to.be.closeTo(3, 1e-9);
    expect(second).to.be.closeTo(1, 1e-9);
  });

  it('waits for the next slot where a storage is first seen after a trade', () => {
    const traded = aStorage({ energyTradedKWh: 1 });
    const later = { ...traded, energyTradedKWh: 0 };
    expect(sizes([traded], { maxCharge: 0.8 })).to.deep.equal([]);
    expect(sizes([traded, later, traded], { maxCharge: 0.8 })).to.have.length(2);
    expect(sizes([traded])).to.deep.equal([1]);
  });

  it('never takes a storage beyond its state of charge', () => {
    const amount = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (free, used, toBuy, maxCharge) => {
          const storage = aStorage({ energyToBuyKWh: toBuy, freeStorageKWh: free, usedStorageKWh: used });
          const [bought = 0] = sizes([storage], { maxCharge });
          if (bought > 0) expect(used + bought).to.be.at.most(maxCharge * (free + used) + 1e-9);
          expect(bought).to.be.at.most(toBuy);
        },
      ),
    );
  });

  for (const options of [{ share: 1.1 }, { share: NaN }, { maxKWh: -1 }, { maxKWh: NaN }, { maxCharge: 80 }])
    it(`refuses ${Object.entries(options).flat().join(' ')} when it is built`, () => {
      expect(() => sizeBid(options))
        .to.throw(GsyError, 'sizeBid: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
