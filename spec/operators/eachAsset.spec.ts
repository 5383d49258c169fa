import { expect } from 'chai';
import { from, map, of, toArray, type Observable } from 'rxjs';
import { isLoad, isPv, isSmartMeter, isStorage } from '../../lib/grid/grid.ts';
import type { OwnedAsset } from '../../lib/model/grid.ts';
import { eachAsset, type AssetMoment } from '../../lib/operators/eachAsset.ts';
import * as kit from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const { aFirstSlot, aGrid, aLoad, aMarketArea, aPv, aSlot, aSmartMeter, aStorage, aTick, marbles } = kit;

const home = aMarketArea('home', [aLoad(), aPv(), { kind: 'foreign', uuid: 'guest', name: 'guest' }]);
const garage = aMarketArea('garage', [aStorage(), aLoad({ uuid: 'charger' }), aSmartMeter()]);
const grid = aGrid([home, garage]);

const uuids = (moment$: Observable<AssetMoment>): readonly string[] => {
  const found: string[] = [];
  moment$.subscribe(({ asset }) => found.push(asset.uuid));
  return found;
};

describe('eachAsset', () => {
  keepsTheOperatorContract(() => {
    const input = aTick({ grid: aGrid([aLoad()]) });
    return { operator: eachAsset(), input, output: { ...input, asset: aLoad({ parentUuid: 'grid' }) } };
  });

  it('gives one moment per asset under our control, in the order of the grid', () => {
    expect(uuids(of(aSlot({ grid })).pipe(eachAsset()))).to.deep.equal([
      'load',
      'pv',
      'storage',
      'charger',
      'smart-meter',
    ]);
  });

  it('gives only the assets that the guard lets through', () => {
    const event$ = of(aSlot({ grid }));
    expect(uuids(event$.pipe(eachAsset(isLoad)))).to.deep.equal(['load', 'charger']);
    expect(uuids(event$.pipe(eachAsset(isPv)))).to.deep.equal(['pv']);
    expect(uuids(event$.pipe(eachAsset(isStorage)))).to.deep.equal(['storage']);
    expect(uuids(event$.pipe(eachAsset(isSmartMeter)))).to.deep.equal(['smart-meter']);
  });

  it('takes a guard composed of several kinds and narrows the asset to them', () => {
    const consumes = (asset: OwnedAsset) => isLoad(asset) || isSmartMeter(asset);
    const needs: number[] = [];
    of(aSlot({ grid }))
      .pipe(eachAsset(consumes))
      .subscribe(({ asset }) => needs.push(asset.energyRequirementKWh));
    expect(needs).to.deep.equal([1, 1, 1]);
  });

  it(
    'keeps the moments of an event together in its frame, before those of the next',
    marbles(({ hot, expectObservable }) => {
      const two = aGrid([aLoad(), aPv()]);
      const event$ = hot(' -s---t---|', { s: aSlot({ grid: two }), t: aTick({ grid: two }) });
      const expected = '   -(lp)(LP)|';
      const kinds$ = event$.pipe(
        eachAsset(),
        map(({ kind, asset }) => (kind === 'tick' ? asset.uuid.toUpperCase() : asset.uuid)),
      );
      expectObservable(kinds$).toBe(expected, { l: 'load', p: 'pv', L: 'LOAD', P: 'PV' });
    }),
  );

  it(
    "gives nothing in a run's first slot, where the grid is empty",
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' -f-|', { f: aFirstSlot() });
      expectObservable(event$.pipe(eachAsset())).toBe('---|');
    }),
  );

  it(
    'hands on what a guard throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot(' -t-t-|', { t: aTick() });
      const guard = (asset: OwnedAsset): asset is OwnedAsset => {
        throw new Error(`no ${asset.uuid}`);
      };
      expectObservable(event$.pipe(eachAsset(guard))).toBe('-#', {}, new Error('no load'));
      expectSubscriptions(event$.subscriptions).toBe('^!');
    }),
  );

  it('finds the assets of a thousand homes', () => {
    const homes = Array.from({ length: 1000 }, (_, i) =>
      aMarketArea(`home ${i}`, [aLoad({ uuid: `load ${i}` }), aPv({ uuid: `pv ${i}` })]),
    );
    let loads = 0;
    from([aSlot({ grid: aGrid(homes) })])
      .pipe(eachAsset(isLoad), toArray())
      .subscribe((moments) => (loads = moments.length));
    expect(loads).to.equal(1000);
  });
});
