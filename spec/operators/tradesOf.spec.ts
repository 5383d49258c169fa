import { isLoad, isStorage } from '../../lib/grid/grid.ts';
import type { OwnedAsset } from '../../lib/model/grid.ts';
import { tradesOf } from '../../lib/operators/tradesOf.ts';
import { aGrid, aLoad, aStorage, aTrade, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const grid = aGrid([aLoad(), aStorage(), { kind: 'foreign', uuid: 'guest', name: 'guest' }]);
const [load, storage] = [aLoad({ parentUuid: 'grid' }), aStorage({ parentUuid: 'grid' })];
const trades = {
  l: aTrade({ grid }),
  s: aTrade({ grid, assetUuid: 'storage', side: 'sold' }),
  g: aTrade({ grid, assetUuid: 'guest' }),
  f: aTrade({ grid: aGrid([]) }),
};

describe('tradesOf', () => {
  keepsTheOperatorContract(() => ({
    operator: tradesOf(isLoad),
    input: trades.l,
    output: { ...trades.l, asset: load },
  }));

  it(
    'adds the asset, and skips trades of assets of which nothing is known',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-l-s-g-f-|', trades).pipe(tradesOf())).toBe('-l-s-----|', {
        l: { ...trades.l, asset: load },
        s: { ...trades.s, asset: storage },
      });
    }),
  );

  it(
    'takes the trades of one kind of asset',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-l-s-|', trades).pipe(tradesOf(isStorage))).toBe('---s-|', {
        s: { ...trades.s, asset: storage },
      });
    }),
  );

  it(
    'hands on what a guard throws and lets go of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const trade$ = hot(' -l-l-|', trades);
      const guard = (asset: OwnedAsset): asset is OwnedAsset => {
        throw new Error(`no ${asset.uuid}`);
      };
      expectObservable(trade$.pipe(tradesOf(guard))).toBe('-#', {}, new Error('no load'));
      expectSubscriptions(trade$.subscriptions).toBe('^!');
    }),
  );
});
