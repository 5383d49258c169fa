import { expect } from 'chai';
import fc from 'fast-check';
import { gridFee } from '../../lib/grid/fees.ts';
import { indexGrid } from '../../lib/grid/grid.ts';
import type { Area } from '../../lib/model/grid.ts';

const market = (
  name: string,
  parentUuid: string | undefined,
  fees: { currentFee?: number; lastFee?: number },
): Area => ({
  kind: 'market',
  uuid: `${name}-uuid`,
  name,
  childUuids: [],
  ...(parentUuid === undefined ? {} : { parentUuid: `${parentUuid}-uuid` }),
  ...fees,
});

const asset = (uuid: string, name: string, parent: string): Area => ({
  kind: 'foreign',
  uuid,
  name,
  parentUuid: `${parent}-uuid`,
});

const grid = indexGrid(
  [
    market('Grid', undefined, { currentFee: 4, lastFee: 0.5 }),
    market('Community', 'Grid', { currentFee: 2, lastFee: 0.25 }),
    market('House 1', 'Community', { currentFee: 1, lastFee: 1 }),
    asset('load-1', 'Load', 'House 1'),
    asset('pv-1', 'PV', 'House 1'),
    market('House 2', 'Community', {}),
    asset('load-2', 'Load', 'House 2'),
    asset('meter', 'Meter', 'Community'),
    asset('market-maker', 'Market Maker', 'Grid'),
  ],
  'cents/kWh',
);

describe('gridFee', () => {
  it('adds up every market up to the root, where the market maker trades', () => {
    expect(gridFee(grid, 'PV')).to.equal(7);
    expect(gridFee(grid, 'House 2')).to.equal(6);
    expect(gridFee(grid, 'Market Maker')).to.equal(4);
    expect(gridFee(grid, 'Grid')).to.equal(4);
  });

  it('counts the market in which two ways meet once', () => {
    expect(gridFee(grid, 'load-1', 'load-2')).to.equal(1 + 2 + 0);
    expect(gridFee(grid, 'load-1', 'Meter')).to.equal(1 + 2);
    expect(gridFee(grid, 'load-1', 'Market Maker')).to.equal(1 + 2 + 4);
  });

  it('counts only their own market for two assets of one house', () => {
    expect(gridFee(grid, 'load-1', 'PV')).to.equal(1);
    expect(gridFee(grid, 'load-1', 'load-1')).to.equal(1);
  });

  it('leads to a market as well as to an asset', () => {
    expect(gridFee(grid, 'load-1', 'House 1')).to.equal(1);
    expect(gridFee(grid, 'House 1', 'Community')).to.equal(1 + 2);
    expect(gridFee(grid, 'Grid', 'PV')).to.equal(4 + 2 + 1);
  });

  it('takes a market without a fee for free', () => {
    expect(gridFee(grid, 'load-2')).to.equal(6);
  });

  it('adds up the fees of the last slot when asked', () => {
    expect(gridFee(grid, 'PV', undefined, 'last')).to.equal(1.75);
    expect(gridFee(grid, 'load-2', 'load-1', 'last')).to.equal(1.25);
  });

  it('is the same both ways', () => {
    const anyArea = fc.constantFrom(...grid.areas.map(({ uuid }) => uuid));
    fc.assert(
      fc.property(anyArea, anyArea, (a, b) => {
        expect(gridFee(grid, a, b)).to.equal(gridFee(grid, b, a));
      }),
    );
  });

  it('refuses names that no area or several areas bear', () => {
    expect(() => gridFee(grid, 'Nobody'))
      .to.throw()
      .with.property('code', 'ERR_GSY_UNKNOWN_AREA');
    expect(() => gridFee(grid, 'PV', 'Load'))
      .to.throw()
      .with.property('code', 'ERR_GSY_AMBIGUOUS_NAME');
  });
});
