import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { GsyError } from '../../lib/errors.ts';
import {
  defaultCommunity,
  parseCommunity,
  type AreaSpec,
  type AssetSpec,
} from '../../lib/sandbox/sandbox.ts';
import { recordedCommunity } from './recorded.ts';

const plain = {
  startDate: '2026-06-21',
  slots: 1,
  slotLengthMinutes: 15,
  tickLengthSeconds: 15,
  grid: { name: 'Grid' },
};

const mistakes = (community: unknown): readonly string[] => {
  try {
    parseCommunity(typeof community === 'string' ? community : JSON.stringify(community));
  } catch (error) {
    expect(error).to.be.instanceOf(GsyError).and.to.have.property('code', 'ERR_GSY_COMMUNITY');
    return (error as GsyError).message.split('\n').slice(1);
  }
  return [];
};
const mistakesOf = (asset: object): readonly string[] =>
  mistakes({ ...plain, grid: { name: 'Grid', assets: [asset] } }).map((line) =>
    line.replace('$.grid.assets[0]', '…'),
  );

describe('parseCommunity', () => {
  it('gives back the default community, the recorded one, and the smallest', () => {
    expect(parseCommunity(JSON.stringify(defaultCommunity))).to.deep.equal(
      JSON.parse(JSON.stringify(defaultCommunity)),
    );
    expect(mistakes(recordedCommunity())).to.deep.equal([]);
    expect(mistakes(plain)).to.deep.equal([]);
  });

  it('reads the community that the documentation shows', () => {
    const page = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
    const [, example] = /```json\n([\s\S]*?)```/.exec(page)!;
    expect(mistakes(example)).to.deep.equal([]);
  });

  it('lists every mistake with its path, one a line', () => {
    expect(
      mistakes({
        startDate: '2026-02-30',
        slots: 0.5,
        slotLengthMinutes: 15,
        grid: { name: '', gridFee: -1, colour: 'red', areas: {}, assets: [{ type: 'wind', name: 'W' }] },
      }),
    ).to.deep.equal([
      '$.tickLengthSeconds: is missing',
      '$.startDate: expected a date YYYY-MM-DD, found "2026-02-30"',
      '$.slots: expected a whole number from 1 to 100000, found 0.5',
      '$.grid.name: expected a name of 1 to 200 characters, found ""',
      '$.grid.gridFee: expected a number from 0 to 1000000, found -1',
      '$.grid.colour: is not known here',
      '$.grid.areas: expected an array, found {}',
      '$.grid.assets[0].type: expected one of load, pv, storage, smart-meter, market-maker, found "wind"',
    ]);
  });

  it('says so when the text is no JSON', () => {
    expect(mistakes('{"slots": ')).to.deep.equal(['$: this is no JSON']);
  });

  it('wants slots that divide the day, and ten whole ticks in each at least', () => {
    expect(mistakes({ ...plain, slotLengthMinutes: 7 })[0]).to.equal(
      '$.slotLengthMinutes: 7 does not divide a day',
    );
    expect(mistakes({ ...plain, tickLengthSeconds: 100 })).to.deep.equal([
      '$.tickLengthSeconds: expected 10 to 3600 whole ticks in a slot, found 9',
    ]);
    expect(mistakes({ ...plain, tickLengthSeconds: 7 })[0]).to.match(/whole ticks/);
  });

  it('refuses two children of one name in an area, but not in two', () => {
    const home = { name: 'Home', assets: [{ type: 'load', name: 'Load', powerW: [1] }] };
    expect(
      mistakes({ ...plain, grid: { name: 'Grid', areas: [home, { ...home, name: 'Other' }] } }),
    ).to.deep.equal([]);
    expect(
      mistakes({
        ...plain,
        grid: { name: 'Grid', areas: [home, home], assets: [{ ...home.assets[0], name: 'Home' }] },
      }),
    ).to.deep.equal([
      '$.grid.areas[1].name: "Home" stands twice in one area',
      '$.grid.assets[0].name: "Home" stands twice in one area',
    ]);
  });

  it('wants either powers, or a shape with its energy', () => {
    const either = ['…: expected either powerW, or shape with energyKWhPerDay'];
    expect(mistakesOf({ type: 'load', name: 'L' })).to.deep.equal(either);
    expect(mistakesOf({ type: 'pv', name: 'P', shape: 'solar' })).to.deep.equal(either);
    expect(
      mistakesOf({ type: 'pv', name: 'P', powerW: [1], shape: 'solar', energyKWhPerDay: 1 }),
    ).to.deep.equal(either);
    expect(mistakesOf({ type: 'pv', name: 'P', powerW: [1, -1, null] })).to.have.length(2);
    expect(mistakesOf({ type: 'pv', name: 'P', powerW: [] })).to.have.length(1);
  });

  it('wants a storage to start between its limits, and to sell for no less than it pays', () => {
    const storage = { type: 'storage', name: 'B', capacityKWh: 10, maxPowerKW: 5 };
    expect(mistakesOf(storage)).to.deep.equal([]);
    expect(mistakesOf({ ...storage, initialSocPercent: 5 })).to.deep.equal([
      '…: initialSocPercent 5 is not from 10 to 100',
    ]);
    expect(mistakesOf({ ...storage, capacityKWh: 0 })).to.have.length(1);
    expect(mistakesOf({ ...storage, finalBuyRate: 21, finalSellRate: 20 })[0]).to.equal(
      '…: finalBuyRate is above finalSellRate',
    );
  });

  it('refuses a market maker that pays more than it asks', () => {
    expect(mistakesOf({ type: 'market-maker', name: 'M', buyRate: 31, sellRate: 30 })).to.deep.equal([
      '…: buyRate is above sellRate',
    ]);
  });

  it('throws nothing but its own error, whatever stands in the text', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom('startDate', 'slots', 'slotLengthMinutes', 'grid'),
        (text, key) => {
          mistakes(text);
          mistakes({ ...plain, [key]: JSON.parse(text) as unknown });
          mistakes({ ...plain, grid: { name: 'Grid', assets: [JSON.parse(text) as unknown] } });
        },
      ),
    );
  });

  it('finds nests that are too deep before they do harm', () => {
    const nest = (depth: number): AreaSpec => ({ name: 'A', areas: depth === 0 ? [] : [nest(depth - 1)] });
    expect(mistakes({ ...plain, grid: nest(60) })).to.have.length(1);
  });
});

describe('the default community', () => {
  const assetsIn = ({ areas = [], assets = [] }: AreaSpec): readonly AssetSpec[] => [
    ...assets,
    ...areas.flatMap(assetsIn),
  ];

  it('has fourteen homes, thirty assets in them and a market maker', () => {
    const assets = assetsIn(defaultCommunity.grid);
    expect(defaultCommunity.grid.areas![0]!.areas).to.have.length(14);
    expect(assets.filter(({ type }) => type !== 'market-maker')).to.have.length(30);
    expect(assets.filter(({ type }) => type === 'market-maker')).to.have.length(1);
  });
});
