import { expect } from 'chai';
import {
  indexGrid,
  isConsumer,
  isLoad,
  isMarketArea,
  isProducer,
  isPv,
  isSmartMeter,
  isStorage,
} from '../../lib/grid/grid.ts';
import { gridFee } from '../../lib/grid/fees.ts';
import type { Area } from '../../lib/model/grid.ts';
import { collectNextTurn } from '../collectGarbage.ts';
import { answerOf, decoded } from '../wire/recorded.ts';

const { areas } = decoded('market-slot', answerOf('aggregator-events', 'market'));
const grid = indexGrid(areas, 'cents/kWh');

const namesOf = (found: readonly Area[]) => found.map(({ name }) => name);

describe('indexGrid', () => {
  it('finds areas by uuid', () => {
    expect(grid.byUuid('989aa233-839e-445a-ad56-46daed9ddedd')).to.include({ name: 'House 1' });
    expect(grid.byUuid('nobody')).to.equal(undefined);
  });

  it('finds all areas of a name', () => {
    expect(grid.byName('Load 1 L13').map(({ uuid }) => uuid)).to.deep.equal([
      'b2e5eed4-236b-4c90-87e4-0278c1005c41',
      '3d139717-5c3e-4674-8ff1-38aedfa8a8d4',
    ]);
    expect(grid.byName('nobody')).to.deep.equal([]);
  });

  it('finds the one area of a name or uuid', () => {
    expect(grid.area('House 2')).to.equal(grid.area('71ee07c0-c451-4f76-87ac-cc676420611d'));
  });

  it('refuses a name that several areas bear, and lists them', () => {
    expect(() => grid.area('Load 1 L13'))
      .to.throw('b2e5eed4-236b-4c90-87e4-0278c1005c41, 3d139717-5c3e-4674-8ff1-38aedfa8a8d4')
      .with.property('code', 'ERR_GSY_AMBIGUOUS_NAME');
  });

  it('refuses a name that no area bears, and says what there is', () => {
    expect(() => grid.area('House 3'))
      .to.throw('No area has the name or uuid "House 3". The grid has "Grid", "Community Ünit/1", "House 1"')
      .with.property('code', 'ERR_GSY_UNKNOWN_AREA');
  });

  it('says that nothing is known during the first slot', () => {
    const empty = indexGrid([], 'cents/kWh');
    expect(empty.root).to.equal(undefined);
    expect(empty.assets).to.deep.equal([]);
    expect(() => empty.area('House 1')).to.throw(
      'The grid is not known yet: it is empty during the first slot.',
    );
  });

  it('knows children in the exchange’s order, and none of an asset', () => {
    expect(namesOf(grid.children('House 1'))).to.deep.equal([
      'Load 1 L13',
      'PV 1 (4kW)',
      'Tesla Powerwall 3',
      'Plain load',
    ]);
    expect(grid.children('Meter')).to.deep.equal([]);
  });

  it('knows the way up to the root', () => {
    expect(namesOf(grid.pathToRoot('Meter'))).to.deep.equal(['Meter', 'House 2', 'Community Ünit/1', 'Grid']);
    expect(namesOf(grid.pathToRoot('Grid'))).to.deep.equal(['Grid']);
    expect(grid.root).to.include({ name: 'Grid' });
  });

  it('sorts markets from own assets, and leaves foreign ones out', () => {
    expect(namesOf(grid.markets)).to.deep.equal(['Grid', 'Community Ünit/1', 'House 1', 'House 2']);
    expect(namesOf(grid.assets)).to.deep.equal(['Load 1 L13', 'PV 1 (4kW)', 'Tesla Powerwall 3', 'Meter']);
  });

  it('answers the same question with the same objects', () => {
    expect(grid.assets).to.equal(grid.assets);
    expect(grid.area('Meter')).to.equal(grid.assets[3]);
  });

  it('keeps the markets where none has changed, and tells of those that have', () => {
    const [root, ...others] = areas;
    if (root?.kind !== 'market') throw new Error('the root is a market');
    const anew = others.map((area) => (area.kind === 'market' ? area : { ...area }));
    const second = indexGrid([root, ...anew], 'cents/kWh', grid);
    expect(second.markets).to.equal(grid.markets);
    const dearer = { ...root, currentFee: 7 };
    const third = indexGrid([dearer, ...anew], 'cents/kWh', second);
    expect(third.markets).to.deep.equal([dearer, ...grid.markets.slice(1)]);
    expect([second, third].map((each) => gridFee(each, root.uuid))).to.deep.equal([
      gridFee(grid, root.uuid),
      7,
    ]);
  });

  it('keeps nothing of the figures of former events', async () => {
    const copies = () => areas.map((area) => ({ ...area }));
    const follow = () => {
      const former = copies();
      const grid = indexGrid(copies(), 'cents/kWh', indexGrid(former, 'cents/kWh'));
      return { newest: grid, gone: new WeakRef(former[0] ?? {}) };
    };
    const { newest, gone } = follow();
    await collectNextTurn();
    expect(gone.deref()).to.equal(undefined);
    expect(newest.byUuid(areas[0]?.uuid ?? '')).to.deep.equal(areas[0]);
  });

  it('takes areas named like members of Object.prototype for areas', () => {
    const odd: readonly Area[] = [
      { kind: 'market', uuid: '__proto__', name: 'constructor', childUuids: ['toString'] },
      { kind: 'foreign', uuid: 'toString', name: '__proto__', parentUuid: '__proto__' },
    ];
    const oddGrid = indexGrid(odd, 'percent');
    expect(oddGrid.byUuid('hasOwnProperty')).to.equal(undefined);
    expect(oddGrid.byName('valueOf')).to.deep.equal([]);
    expect(oddGrid.pathToRoot('toString')).to.deep.equal([odd[1], odd[0]]);
    expect(oddGrid.area('constructor')).to.equal(odd[0]);
  });

  it('ends the way up in a broken tree that names one uuid twice', () => {
    const broken: readonly Area[] = [
      { kind: 'market', uuid: 'a', name: 'A', childUuids: ['b'] },
      { kind: 'market', uuid: 'b', name: 'B', childUuids: ['a'], parentUuid: 'a' },
      { kind: 'market', uuid: 'a', name: 'A again', childUuids: [], parentUuid: 'b' },
    ];
    expect(namesOf(indexGrid(broken, 'percent').pathToRoot('b'))).to.deep.equal(['B', 'A']);
  });
});

describe('the guards', () => {
  it('each accept their own kind', () => {
    expect(namesOf(areas.filter(isLoad))).to.deep.equal(['Load 1 L13']);
    expect(namesOf(areas.filter(isPv))).to.deep.equal(['PV 1 (4kW)']);
    expect(namesOf(areas.filter(isStorage))).to.deep.equal(['Tesla Powerwall 3']);
    expect(namesOf(areas.filter(isSmartMeter))).to.deep.equal(['Meter']);
    expect(areas.filter(isConsumer)).to.have.members([
      ...areas.filter(isLoad),
      ...areas.filter(isSmartMeter),
    ]);
    expect(areas.filter(isProducer)).to.have.members([...areas.filter(isPv), ...areas.filter(isSmartMeter)]);
    expect(areas.filter(isMarketArea)).to.deep.equal(grid.markets);
  });
});
