import { expect } from 'chai';
import { map, of, timer } from 'rxjs';
import { bidEnergy } from '../lib/commands.ts';
import { GsyError } from '../lib/errors.ts';
import { gridFee } from '../lib/grid/fees.ts';
import type { BatchResponse } from '../lib/model/events.ts';
import type { Outcome } from '../lib/model/outcomes.ts';
import { combineStrategies, type Strategy } from '../lib/strategy.ts';
import * as kit from '../lib/testing.ts';

const { aFirstSlot, aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aSmartMeter, aStorage, aTick, aTrade } =
  kit;
const { finished, marbles } = kit;

describe('marbles', () => {
  it('makes a test that passes when what happens is what the diagram shows', () => {
    expect(
      marbles(({ cold, expectObservable }) => {
        expectObservable(cold('-a|')).toBe('-a|');
      }),
    ).not.to.throw();
  });

  it('makes a test that fails when a value, its time or its type differs', () => {
    const showing = (diagram: string, value: unknown) =>
      marbles(({ cold, expectObservable }) => {
        expectObservable(cold<unknown>('-a|', { a: { kWh: 1 } })).toBe(diagram, { a: value });
      });
    expect(showing('-a|', { kWh: 1 })).not.to.throw();
    expect(showing('-a|', { kWh: 2 })).to.throw();
    expect(showing('-a|', { kWh: '1' })).to.throw();
    expect(showing('--a|', { kWh: 1 })).to.throw();
  });

  it(
    'lets a day pass at once',
    marbles(({ expectObservable }) => {
      expectObservable(timer(24 * 60 * 60 * 1000).pipe(map(() => 'a'))).toBe('1440m (a|)');
    }),
  );
});

describe('aMarket', () => {
  it(
    'sorts events into the streams of their kind',
    marbles(({ hot, expectObservable }) => {
      const response: BatchResponse = {
        kind: 'batch-response',
        grid: aGrid(),
        transactionId: 'transaction',
        aggregatorUuid: 'aggregator',
        replies: new Map(),
      };
      const events = { s: aSlot(), t: aTick(), b: aTrade(), f: finished, r: response };
      const market = aMarket(hot('-s-t-r-b-f-|', events));
      expectObservable(market.event$).toBe('-s-t-r-b-f-|', events);
      expectObservable(market.marketSlot$).toBe('-s---------|', events);
      expectObservable(market.tick$).toBe('---t-------|', events);
      expectObservable(market.response$).toBe('-----r-----|', events);
      expectObservable(market.trade$).toBe('-------b---|', events);
      expectObservable(market.finished$).toBe('---------f-|', events);
      expectObservable(market.outcome$).toBe('------------');
    }),
  );

  it(
    'is silent unless it is told otherwise, and has the outcomes it is given',
    marbles(({ cold, expectObservable }) => {
      const refused: Outcome = { kind: 'refused', command: bidEnergy('load', 0, 0), reason: 'no energy' };
      expectObservable(aMarket().event$).toBe('---');
      expectObservable(aMarket(undefined, { outcome$: cold('-o|', { o: refused }) }).outcome$).toBe('-o|', {
        o: refused,
      });
    }),
  );

  const faulty: Strategy = function faulty() {
    throw new Error('no idea');
  };

  it('lets a strategy that fails among others fail the test', () => {
    const errors: unknown[] = [];
    combineStrategies(faulty)(aMarket(of(aSlot()))).subscribe({ error: (error) => errors.push(error) });
    expect(errors).to.have.length(1);
    expect(errors[0]).to.be.instanceOf(GsyError).with.property('message', 'faulty failed: no idea');
  });

  it('gives failures to whoever wants to look at them', () => {
    const strategies: string[] = [];
    const market = aMarket(of(aSlot()), { report: ({ strategy }) => strategies.push(strategy) });
    combineStrategies(faulty)(market).subscribe();
    expect(strategies).to.deep.equal(['faulty']);
  });
});

describe('the builders', () => {
  it('build an event of one summer noon with tariffs, a home and its assets', () => {
    const { slot, progress, feedInTariffRate, marketMakerRate, grid } = aSlot();
    expect({ slot, progress, feedInTariffRate, marketMakerRate }).to.deep.equal({
      slot: '2026-06-21T12:00',
      progress: 0,
      feedInTariffRate: 10,
      marketMakerRate: 30,
    });
    expect(grid.pathToRoot('load').map(({ uuid }) => uuid)).to.deep.equal(['load', 'home', 'grid']);
    expect(grid.assets.map(({ kind }) => kind)).to.deep.equal(['load', 'pv', 'storage']);
    expect(aTick()).to.include({ slot, progress: 0.5, feedInTariffRate, marketMakerRate });
  });

  it('build a first slot as the exchange tells it, without tariffs and with an empty grid', () => {
    expect(aFirstSlot()).to.have.all.keys('kind', 'slot', 'progress', 'grid');
    expect(aFirstSlot().grid.areas).to.deep.equal([]);
  });

  it('take any field', () => {
    expect(aSlot({ slot: '2026-06-21T12:15' }).slot).to.equal('2026-06-21T12:15');
    expect(aTick({ progress: 0.8, marketMakerRate: 50 })).to.include({ progress: 0.8, marketMakerRate: 50 });
    expect(aTrade({ side: 'sold', assetUuid: 'pv' })).to.include({ side: 'sold', assetUuid: 'pv' });
    expect(aLoad({ energyRequirementKWh: 2 }).energyRequirementKWh).to.equal(2);
    expect(aPv({ name: 'roof' })).to.include({ uuid: 'pv', name: 'roof' });
    expect(aSmartMeter({ uuid: 'meter 1' })).to.include({ uuid: 'meter 1', name: 'meter 1' });
  });

  it("add a storage's open orders to what it can trade", () => {
    const storage = aStorage({ energyToBuyKWh: 1, energyActiveInBidsKWh: 2, energyActiveInOffersKWh: 4 });
    expect(storage).to.include({ tradableToBuyKWh: 3, tradableToSellKWh: 5 });
  });

  it('build grids of any depth, with fees', () => {
    const flat = aMarketArea('flat', [aLoad()], { currentFee: 1 });
    const house = aMarketArea('house', [flat, aPv()], { currentFee: 2 });
    const grid = aGrid([house, aStorage()], { currentFee: 4, lastFee: 8 });
    expect(grid.areas.map(({ uuid }) => uuid)).to.deep.equal([
      'grid',
      'house',
      'flat',
      'load',
      'pv',
      'storage',
    ]);
    expect(grid.children('house').map(({ uuid }) => uuid)).to.deep.equal(['flat', 'pv']);
    expect(grid.root?.parentUuid).to.equal(undefined);
    expect(grid.feeUnit).to.equal('cents/kWh');
    expect(gridFee(grid, 'load')).to.equal(7);
    expect(gridFee(grid, 'load', 'pv')).to.equal(3);
  });

  it('build a grid with fees in percent', () => {
    expect(aGrid([], { feeUnit: 'percent' }).feeUnit).to.equal('percent');
  });

  it('refuse two areas of one uuid', () => {
    expect(() => aGrid([aLoad(), aLoad()]))
      .to.throw(GsyError, 'Two areas have the uuid "load"')
      .with.property('code', 'ERR_GSY_OPTIONS');
  });
});
