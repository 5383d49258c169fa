import { expect } from 'chai';
import { of } from 'rxjs';
import type { OwnedAsset } from '../../lib/model/grid.ts';
import { eachSide } from '../../lib/operators/eachSide.ts';
import { aLoad, aPv, aSmartMeter, aStorage } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const told = (...assets: readonly OwnedAsset[]): readonly string[] => {
  const found: string[] = [];
  of(...assets.map((asset) => ({ asset })))
    .pipe(eachSide())
    .subscribe(({ asset, side, energyKWh }) => found.push(`${asset.uuid} ${side} ${energyKWh}`));
  return found;
};

describe('eachSide', () => {
  keepsTheOperatorContract(() => {
    const input = { asset: aLoad() };
    return { operator: eachSide(), input, output: { ...input, side: 'bid' as const, energyKWh: 1 } };
  });

  it('puts storages on both sides and others on theirs, asset by asset', () => {
    const storage = aStorage({ energyToBuyKWh: 2, energyToSellKWh: 3 });
    expect(told(storage, aLoad(), aPv(), aSmartMeter())).to.deep.equal([
      'storage bid 2',
      'storage offer 3',
      'load bid 1',
      'pv offer 1',
      'smart-meter bid 1',
    ]);
  });

  it('skips what has nothing to trade', () => {
    const full = aStorage({ energyToBuyKWh: 0 });
    expect(told(full, aLoad({ energyRequirementKWh: 0 }))).to.deep.equal(['storage offer 1']);
  });
});
