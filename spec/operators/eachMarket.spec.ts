import { expect } from 'chai';
import { catchError, map, of, type Observable } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { eachMarket, type MarketMoment } from '../../lib/operators/eachMarket.ts';
import * as kit from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const { aFirstSlot, aGrid, aLoad, aMarketArea, aPv, aSlot, aStorage, aTick, marbles } = kit;

const home = aMarketArea('home', [aLoad(), aPv(), { kind: 'foreign', uuid: 'guest', name: 'guest' }]);
const street = aMarketArea('street', [home, aStorage()], { currentFee: 1 });
const grid = aGrid([street]);

const told = (moment$: Observable<MarketMoment>): readonly (readonly [string, readonly string[]])[] => {
  const found: (readonly [string, readonly string[]])[] = [];
  moment$.subscribe(({ market, assets }) => found.push([market.uuid, assets.map(({ uuid }) => uuid)]));
  return found;
};

describe('eachMarket', () => {
  keepsTheOperatorContract(() => {
    const input = aTick({ grid: aGrid([]) });
    const [market] = input.grid.markets;
    return { operator: eachMarket(), input, output: { ...input, market: market!, assets: [] } };
  });

  it('gives one moment per market, parents first, with the own assets directly in it', () => {
    expect(told(of(aSlot({ grid })).pipe(eachMarket()))).to.deep.equal([
      ['grid', []],
      ['street', ['storage']],
      ['home', ['load', 'pv']],
    ]);
  });

  it(
    'keeps what earlier operators have added',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('-t-|', { t: { ...aTick({ grid: aGrid([]) }), tradeRate: 7 } });
      const rate$ = event$.pipe(
        eachMarket(),
        map(({ market, tradeRate }) => `${market.uuid} ${tradeRate}`),
      );
      expectObservable(rate$).toBe('-r-|', { r: 'grid 7' });
    }),
  );

  it(
    "gives nothing in a run's first slot, where the grid is empty",
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-f-|', { f: aFirstSlot() }).pipe(eachMarket())).toBe('---|');
    }),
  );

  it('gives those of these names or uuids alone, where some are named', () => {
    const named$ = of(aSlot({ grid })).pipe(eachMarket('home', 'grid'));
    expect(told(named$).map(([uuid]) => uuid)).to.deep.equal(['grid', 'home']);
  });

  it(
    'fails at a name that the grid does not have, but not while the grid is not known',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('-f-s', { f: aFirstSlot(), s: aSlot({ grid }) });
      const failure$ = event$.pipe(
        eachMarket('alley'),
        catchError((error: unknown) => [error instanceof GsyError && error.code]),
      );
      expectObservable(failure$).toBe('---(e|)', { e: 'ERR_GSY_UNKNOWN_AREA' });
    }),
  );

  it('finds the markets of two thousand homes', () => {
    const homes = Array.from({ length: 2000 }, (_, i) =>
      aMarketArea(`home ${i}`, [aLoad({ uuid: `load ${i}` }), aPv({ uuid: `pv ${i}` })]),
    );
    expect(told(of(aSlot({ grid: aGrid(homes) })).pipe(eachMarket()))).to.have.length(2001);
  });
});
