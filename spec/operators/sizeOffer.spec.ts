import { expect } from 'chai';
import { of } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import type { OwnedAsset } from '../../lib/model/grid.ts';
import { sizeOffer, type OfferSizeOptions } from '../../lib/operators/sizeOffer.ts';
import { aLoad, aPv, aSmartMeter, aStorage } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const sizes = (assets: readonly OwnedAsset[], options?: OfferSizeOptions): readonly number[] => {
  const found: number[] = [];
  of(...assets.map((asset) => ({ asset })))
    .pipe(sizeOffer(options))
    .subscribe(({ energyKWh }) => found.push(energyKWh));
  return found;
};

describe('sizeOffer', () => {
  keepsTheOperatorContract(() => {
    const input = { asset: aPv() };
    return { operator: sizeOffer(), input, output: { ...input, side: 'offer' as const, energyKWh: 1 } };
  });

  it('is all that PVs and smart meters have and storages can give, with what their open offers hold', () => {
    const meter = aSmartMeter({ energyRequirementKWh: 9, availableEnergyKWh: 2 });
    const storage = aStorage({ energyToSellKWh: 1, energyActiveInOffersKWh: 4 });
    expect(sizes([aPv({ availableEnergyKWh: 3 }), meter, storage])).to.deep.equal([3, 2, 5]);
  });

  it('skips assets that have nothing to sell', () => {
    expect(sizes([aLoad(), aPv({ availableEnergyKWh: 0 }), aSmartMeter()])).to.deep.equal([]);
  });

  it('is a share of it, and no more than a cap', () => {
    const pv = aPv({ availableEnergyKWh: 8 });
    expect(sizes([pv], { share: 0.5 })).to.deep.equal([4]);
    expect(sizes([pv], { share: 0.5, maxKWh: 3 })).to.deep.equal([3]);
  });

  it('keeps a reserve in a storage, what was traded in the slot counted', () => {
    const before = aStorage({ energyToSellKWh: 9, freeStorageKWh: 5, usedStorageKWh: 5 });
    const after = { ...before, freeStorageKWh: 7, energyTradedKWh: 2 };
    const [first, second] = sizes([before, after], { minCharge: 0.2 });
    expect(first).to.be.closeTo(3, 1e-9);
    expect(second).to.be.closeTo(1, 1e-9);
    expect(sizes([before], { minCharge: 0.5 })).to.deep.equal([]);
  });

  for (const options of [{ share: -0.1 }, { maxKWh: NaN }, { minCharge: 20 }, { minCharge: NaN }])
    it(`refuses ${Object.entries(options).flat().join(' ')} when it is built`, () => {
      expect(() => sizeOffer(options))
        .to.throw(GsyError, 'sizeOffer: ')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
