import { expect } from 'chai';
import { of } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import { isLoad } from '../../lib/grid/grid.ts';
import type { SlotEvent } from '../../lib/model/events.ts';
import { eachAsset, type AssetMoment } from '../../lib/operators/eachAsset.ts';
import {
  feesToGrid,
  feesToPartner,
  gridAsks,
  gridPays,
  tariffMiddle,
} from '../../lib/operators/gridRates.ts';
import { aGrid, aLoad, aMarketArea, aPv, aSlot, type MarketFields } from '../../lib/testing.ts';

const momentOf = (event: SlotEvent): AssetMoment => {
  const found: AssetMoment[] = [];
  of(event)
    .pipe(eachAsset(isLoad))
    .subscribe((moment) => found.push(moment));
  return found[0]!;
};

const gridWith = (homeFee: MarketFields, gridFee: Parameters<typeof aGrid>[1]) =>
  aGrid(
    [aMarketArea('home', [aLoad()], homeFee), aMarketArea('farm', [aPv()], { currentFee: 100 })],
    gridFee,
  );

describe('the rates of the grid at an asset', () => {
  it('are the tariffs where no market takes a fee', () => {
    const moment = momentOf(aSlot({ grid: gridWith({}, {}) }));
    expect(gridPays(moment)).to.equal(10);
    expect(gridAsks(moment)).to.equal(30);
  });

  it('have their middle, which fees do not move, where both are known', () => {
    const grid = gridWith({ currentFee: 0.5 }, { currentFee: 4 });
    expect(tariffMiddle(aSlot({ grid }))).to.equal(20);
    const { kind, slot, progress } = aSlot();
    expect(tariffMiddle({ kind, slot, progress, grid, marketMakerRate: 30 })).to.equal(undefined);
    expect(tariffMiddle({ kind, slot, progress, grid, feedInTariffRate: 10 })).to.equal(undefined);
  });

  it('have the fees of the markets on the way taken off and put on, and of no others', () => {
    const moment = momentOf(aSlot({ grid: gridWith({ currentFee: 0.5 }, { currentFee: 4 }) }));
    expect(feesToGrid(moment, 20)).to.equal(4.5);
    expect(gridPays(moment)).to.equal(5.5);
    expect(gridAsks(moment)).to.equal(34.5);
  });

  it('can be below zero', () => {
    expect(gridPays(momentOf(aSlot({ grid: gridWith({ currentFee: 8 }, { currentFee: 4 }) })))).to.equal(-2);
  });

  it('have percentages reckoned from the rate itself', () => {
    const grid = gridWith({ currentFee: 5 }, { currentFee: 15, feeUnit: 'percent' });
    const moment = momentOf(aSlot({ grid }));
    expect(feesToGrid(moment, 20)).to.equal(4);
    expect(gridPays(moment)).to.equal(8);
    expect(gridAsks(moment)).to.equal(36);
  });

  it('have the fees to a partner reckoned over the way to it, the market where both meet counted once', () => {
    const moment = momentOf(aSlot({ grid: gridWith({ currentFee: 0.5 }, { currentFee: 4 }) }));
    expect(feesToPartner(moment, 'pv', 20)).to.equal(104.5);
    expect(feesToPartner(moment, 'home', 20)).to.equal(0.5);
    const inPercent = gridWith({ currentFee: 5 }, { currentFee: 15, feeUnit: 'percent' });
    expect(feesToPartner(momentOf(aSlot({ grid: inPercent })), 'pv', 20)).to.equal(24);
    expect(() => feesToPartner(moment, 'nobody', 20)).to.throw(GsyError, 'nobody');
  });

  it('are not known where the tariffs are not', () => {
    const moment = momentOf({ kind: 'tick', slot: '2026-06-21T12:00', progress: 0.5, grid: aGrid() });
    expect(gridPays(moment)).to.equal(undefined);
    expect(gridAsks(moment)).to.equal(undefined);
  });
});
