import { expect } from 'chai';
import { map, of } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { eachAsset } from '../../lib/operators/eachAsset.ts';
import { eachMarket } from '../../lib/operators/eachMarket.ts';
import { inMarket } from '../../lib/operators/inMarket.ts';
import { aFirstSlot, aGrid, aLoad, aMarketArea, aPv, aSlot, aStorage, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const home = aMarketArea('home', [aLoad(), aPv()]);
const grid = aGrid([aMarketArea('street', [home, aStorage()]), aMarketArea('farm', [aPv({ uuid: 'roof' })])]);
const slot = aSlot({ grid });

const assetsIn = (market: string): readonly string[] => {
  const found: string[] = [];
  of(slot)
    .pipe(eachAsset(), inMarket(market))
    .subscribe(({ asset }) => found.push(asset.uuid));
  return found;
};

describe('inMarket', () => {
  keepsTheOperatorContract(() => {
    const input = { grid, asset: aPv() };
    return { operator: inMarket('street'), input, output: input };
  });

  it('lets the assets in a market through, however deep', () => {
    expect(assetsIn('home')).to.deep.equal(['load', 'pv']);
    expect(assetsIn('street')).to.deep.equal(['load', 'pv', 'storage']);
    expect(assetsIn('farm')).to.deep.equal(['roof']);
    expect(assetsIn('grid')).to.have.length(4);
    expect(assetsIn('storage')).to.deep.equal([]);
  });

  it('lets the markets within a market through, and not itself', () => {
    const found: string[] = [];
    of(slot)
      .pipe(
        eachMarket(),
        inMarket('street'),
        map(({ market }) => market.uuid),
      )
      .subscribe((uuid) => found.push(uuid));
    expect(found).to.deep.equal(['home']);
  });

  it(
    'errors at a market that the grid does not have',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot('-f-s-|', { f: aFirstSlot(), s: aSlot({ grid: aGrid([aLoad()]) }) });
      expectObservable(event$.pipe(eachAsset(), inMarket('home'))).toBe(
        '---#',
        {},
        new GsyError(
          'ERR_GSY_UNKNOWN_AREA',
          'No area has the name or uuid "home". The grid has "grid", "load".',
        ),
      );
      expectSubscriptions(event$.subscriptions).toBe('^--!');
    }),
  );
});
