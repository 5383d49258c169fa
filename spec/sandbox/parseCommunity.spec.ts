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

  it('knows the kinds of markets and fees, and wants room for a slot where other slots are traded', () => {
    const rules = {
      spotMarketType: 'one-sided-pay-as-offer',
      gridFeeUnit: 'percent',
      degreesOfFreedom: false,
    };
    expect(mistakes({ ...plain, ...rules, settlementHours: 0.25, futureHours: 0 })).to.deep.equal([]);
    expect(
      mistakes({
        ...plain,
        spotMarketType: 'three-sided',
        gridFeeUnit: '€',
        settlementHours: 0.2,
        futureHours: 0.1,
      }),
    ).to.deep.equal([
      '$.spotMarketType: expected one of two-sided-pay-as-bid, two-sided-pay-as-clear, one-sided-pay-as-offer, found "three-sided"',
      '$.gridFeeUnit: expected one of cents/kWh, percent, found "€"',
      '$.settlementHours: 0.2 is less than a slot',
      '$.futureHours: 0.1 is less than a slot',
    ]);
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

  it('wants exactly one kind of profile, with all that belongs to it', () => {
    const one = '…: expected exactly one of powerW, profile, profileFile, shape, forecast';
    expect(mistakesOf({ type: 'load', name: 'L' })).to.deep.equal([`${one}, averagePowerW, found none`]);
    expect(mistakesOf({ type: 'pv', name: 'P', shape: 'solar' })).to.deep.equal([
      '….shape: needs energyKWhPerDay beside it',
    ]);
    expect(
      mistakesOf({ type: 'pv', name: 'P', powerW: [1], shape: 'solar', energyKWhPerDay: 1 }),
    ).to.deep.equal([`${one}, peakPowerKW, found powerW and shape`]);
    expect(mistakesOf({ type: 'load', name: 'L', powerW: [1], hoursOfDay: [7] })).to.deep.equal([
      '….hoursOfDay: needs averagePowerW beside it',
    ]);
    expect(mistakesOf({ type: 'pv', name: 'P', powerW: [1, -1, null] })).to.have.length(2);
    expect(mistakesOf({ type: 'pv', name: 'P', powerW: [] })).to.have.length(1);
    expect(mistakesOf({ type: 'load', name: 'L', forecast: false })).to.deep.equal([
      '….forecast: expected true, found false',
    ]);
  });

  it('wants no more hours of a load than it may run in', () => {
    const load = { type: 'load', name: 'L', averagePowerW: 100, hoursOfDay: [7, 8] };
    expect(mistakesOf({ ...load, hoursPerDay: 2 })).to.deep.equal([]);
    expect(mistakesOf({ ...load, hoursPerDay: 3 })).to.deep.equal([
      '…: hoursPerDay is more than hoursOfDay has',
    ]);
    expect(mistakesOf({ ...load, hoursOfDay: [24] })).to.have.length(1);
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

  it('wants rates and profiles by time to rise, to begin at midnight, or to cover the run', () => {
    const maker = { type: 'market-maker', name: 'M', buyRate: 8 };
    expect(mistakesOf({ ...maker, sellRate: { '00:00': 30, '18:00': 40 } })).to.deep.equal([]);
    expect(mistakesOf({ ...maker, sellRate: { '06:00': 30 } })).to.deep.equal([
      '….sellRate["06:00"]: times of the day begin at 00:00',
    ]);
    const pv = { type: 'pv', name: 'P' };
    expect(mistakesOf({ ...pv, profile: { powerW: { '00:00': 1, '01:00': 1, '00:30': 1 } } })).to.deep.equal([
      '….profile.powerW["00:30"]: 00:30 does not come after 01:00',
    ]);
    expect(mistakesOf({ ...pv, profile: { powerW: { '2026-06-21T00:15': 1 } } })).to.deep.equal([
      '….profile.powerW: covers 2026-06-21T00:15 to 2026-06-22T00:00, but the run goes from 2026-06-21T00:00 to 2026-06-21T00:15',
    ]);
    expect(
      mistakesOf({ ...pv, profile: { powerW: { '2026-06-20T12:00': 1, '2026-06-21T00:00': 1 } } }),
    ).to.deep.equal([]);
    expect(mistakesOf({ ...pv, profile: { powerW: { '2026-02-30T00:00': 1 } } })).to.deep.equal([
      '….profile.powerW["2026-02-30T00:00"]: there is no such day',
    ]);
  });

  describe('with profiles in files', () => {
    const withFile = (...assets: readonly object[]): string =>
      JSON.stringify({ $schema: 'community.schema.json', ...plain, grid: { name: 'Grid', assets } });
    const files: Readonly<Record<string, string>> = {
      'pv.csv': 'time;power W\n00:00;0\n12:00;1500,5\n',
      'meter.json': '{"energyKWh": {"00:00": -1}}',
      'broken.csv': 'time;power W\n00:00;x\n',
      'tomorrow.csv': '2026-06-22T00:00;1',
    };
    const read = (name: string): string => {
      const text = files[name];
      if (text === undefined) throw new Error('no such file');
      return text;
    };
    const told = (text: string): readonly string[] => {
      try {
        parseCommunity(text, read);
      } catch (error) {
        return (error as GsyError).message.split('\n').slice(1);
      }
      return [];
    };

    it('puts them where they were named', () => {
      const community = parseCommunity(
        withFile(
          { type: 'pv', name: 'P', profileFile: 'pv.csv' },
          { type: 'smart-meter', name: 'M', profileFile: 'meter.json' },
        ),
        read,
      );
      expect(community).not.to.have.property('$schema');
      expect(community.grid.assets).to.deep.equal([
        { type: 'pv', name: 'P', profile: { powerW: { '00:00': 0, '12:00': 1500.5 } } },
        { type: 'smart-meter', name: 'M', profile: { energyKWh: { '00:00': -1 } } },
      ]);
    });

    it('tells what is wrong in them, with their lines, and which are not there', () => {
      expect(
        told(
          withFile(
            { type: 'pv', name: 'A', profileFile: 'broken.csv' },
            { type: 'load', name: 'B', profileFile: 'meter.json' },
            { type: 'load', name: 'C', profileFile: 'none.csv' },
            { type: 'load', name: 'D', profileFile: 'tomorrow.csv' },
          ),
        ),
      ).to.deep.equal([
        '$.grid.assets[0].profileFile: broken.csv: line 2: expected a number of W from 0, found "x"',
        '$.grid.assets[1].profileFile: meter.json: $.energyKWh["00:00"]: expected a number from 0 to 1000000000, found -1',
        '$.grid.assets[2].profileFile: none.csv: could not be read: no such file',
        '$.grid.assets[3].profileFile: tomorrow.csv: $.powerW: covers 2026-06-22T00:00 to 2026-06-23T00:00, but the run goes from 2026-06-21T00:00 to 2026-06-21T00:15',
      ]);
    });

    it('reads none unless it is told how', () => {
      expect(mistakesOf({ type: 'pv', name: 'P', profileFile: 'pv.csv' })).to.deep.equal([
        '….profileFile: pv.csv: could not be read: files are not read here',
      ]);
    });
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
