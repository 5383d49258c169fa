import { expect } from 'chai';
import { map, of, type Observable } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { eachAsset } from '../../lib/operators/eachAsset.ts';
import { eachMarket } from '../../lib/operators/eachMarket.ts';
import { named } from '../../lib/operators/named.ts';
import { aFirstSlot, aGrid, aLoad, aMarketArea, aPv, aSlot, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const grid = aGrid([
  aMarketArea('home 1', [aLoad({ uuid: '1', name: 'Load' }), aPv({ uuid: '2', name: 'PV' })]),
  aMarketArea('home 2', [aLoad({ uuid: '3', name: 'Load' }), { kind: 'foreign', uuid: '4', name: 'Guest' }]),
]);
const slot = aSlot({ grid });

const all = <T>(value$: Observable<T>): readonly T[] => {
  const found: T[] = [];
  value$.subscribe((value) => found.push(value));
  return found;
};
const assets = (...names: readonly string[]) =>
  all(
    of(slot).pipe(
      eachAsset(),
      named(...names),
      map(({ asset }) => asset.uuid),
    ),
  );

describe('named', () => {
  keepsTheOperatorContract(() => {
    const input = { grid, asset: aPv({ uuid: '2', name: 'PV' }) };
    return { operator: named('PV'), input, output: input };
  });

  it('lets assets of these names or uuids through, and all of a name', () => {
    expect(assets('Load')).to.deep.equal(['1', '3']);
    expect(assets('PV', '3')).to.deep.equal(['2', '3']);
    expect(assets('Guest')).to.deep.equal([]);
    expect(assets()).to.deep.equal([]);
  });

  it('lets markets of these names through', () => {
    const markets$ = of(slot).pipe(
      eachMarket(),
      named('home 2', 'grid'),
      map(({ market }) => market.uuid),
    );
    expect(all(markets$)).to.deep.equal(['grid', 'home 2']);
  });

  it(
    'errors at a name that the grid does not have, and says what it has',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const event$ = hot('-f-s-|', { f: aFirstSlot(), s: slot });
      expectObservable(event$.pipe(eachAsset(), named('Lod'))).toBe(
        '---#',
        {},
        new GsyError(
          'ERR_GSY_UNKNOWN_AREA',
          'No area has the name or uuid "Lod". The grid has "grid", "home 1", "Load", "PV", "home 2", "Load", "Guest".',
        ),
      );
      expectSubscriptions(event$.subscriptions).toBe('^--!');
    }),
  );
});
