import { expect } from 'chai';
import { seededRandom } from '../../lib/sandbox/random.ts';
import { resultsOf } from '../../lib/sandbox/results.ts';
import { parseCommunity, type AreaSpec, type Community, type Results } from '../../lib/sandbox/sandbox.ts';
import { openTrading } from '../../lib/sandbox/trading.ts';

/** Homes of the same names and assets in two streets, four levels deep, with every kind of asset and profile. */
const street = (name: string, gridFee: number): AreaSpec => ({
  name,
  gridFee,
  areas: [
    {
      name: 'Home',
      gridFee: 0.25,
      areas: [{ name: 'Annexe', assets: [{ type: 'load', name: 'Load', powerW: [150] }] }],
      assets: [
        { type: 'load', name: 'Load', averagePowerW: 400, hoursOfDay: [6, 7, 18, 19, 20], hoursPerDay: 4 },
        { type: 'pv', name: 'PV', peakPowerKW: 2.5, panelCount: 2 },
        { type: 'storage', name: 'Battery', capacityKWh: 8, maxPowerKW: 2, efficiencyPercent: 90 },
      ],
    },
    {
      name: 'Workshop',
      external: false,
      assets: [
        {
          type: 'smart-meter',
          name: 'Meter',
          profile: { powerW: { '00:00': 100, '07:00': 900, '11:00': -700 } },
        },
        { type: 'load', name: 'Fridge', shape: 'heat-pump', energyKWhPerDay: 2 },
        { type: 'load', name: 'Told', forecast: true },
      ],
    },
  ],
});

const communityOf = (slotLengthMinutes: number, ticks: number): Community => ({
  startDate: '2027-02-28',
  slots: (2 * 1440) / slotLengthMinutes,
  slotLengthMinutes,
  tickLengthSeconds: (slotLengthMinutes * 60) / ticks,
  grid: {
    name: 'Grid',
    gridFee: 2,
    areas: [{ name: 'Town', areas: [street('North', 1), street('South', 0.5)] }],
    assets: [{ type: 'market-maker', name: 'Bus', buyRate: { '00:00': 8, '12:00': 6 }, sellRate: 30 }],
  },
});

const dayOf = (community: Community): Results => {
  const trading = openTrading(parseCommunity(JSON.stringify(community)), seededRandom(3), () => undefined);
  while (!trading.finished()) {
    trading.beginTick();
    trading.endTick();
  }
  return resultsOf(trading, 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('communities of other kinds', () => {
  for (const [slotLengthMinutes, ticks] of [
    ...([
      [15, 10],
      [15, 25],
      [15, 100],
    ] as const),
    ...([
      [5, 20],
      [30, 30],
      [60, 60],
      [120, 120],
      [1440, 1440],
    ] as const),
  ])
    it(`trade two days of slots of ${slotLengthMinutes} minutes with ${ticks} ticks, and lose neither energy nor money`, () => {
      const { assets, markets } = dayOf(communityOf(slotLengthMinutes, ticks));
      const total = (figure: 'boughtKWh' | 'soldKWh' | 'paidCents' | 'earnedCents'): number =>
        sum(assets.map((asset) => asset[figure]));
      expect(total('boughtKWh')).to.be.above(1);
      expect(total('boughtKWh')).to.be.closeTo(total('soldKWh'), 1e-6);
      const feesCents = sum(markets.map((market) => market.feesCents));
      expect(total('paidCents')).to.be.closeTo(total('earnedCents') + feesCents, 1e-4);
      for (const { boughtKWh, demandKWh, soldKWh, productionKWh, type, path } of assets) {
        if (type !== 'load' && type !== 'pv') continue;
        expect(boughtKWh, path).to.be.at.most(demandKWh + 1e-9);
        expect(soldKWh, path).to.be.at.most(productionKWh + 1e-9);
      }
    });

  it('tell areas of one name apart by their paths', () => {
    const { assets } = dayOf(communityOf(60, 10));
    const loads = assets.filter(({ name }) => name === 'Load');
    expect(loads.map(({ path }) => path)).to.deep.equal([
      'Grid/Town/North/Home/Annexe/Load',
      'Grid/Town/North/Home/Load',
      'Grid/Town/South/Home/Annexe/Load',
      'Grid/Town/South/Home/Load',
    ]);
    expect(new Set(assets.map(({ uuid }) => uuid)).size).to.equal(assets.length);
  });

  it('let a load by hours buy no more than its hours of each day', () => {
    const { assets } = dayOf(communityOf(60, 60));
    const load = assets.find(({ path }) => path === 'Grid/Town/North/Home/Load')!;
    expect(load.boughtKWh).to.be.closeTo(2 * 4 * 0.4, 1e-6);
  });

  it('trade nothing for an asset whose energies nobody has told', () => {
    const { assets } = dayOf(communityOf(60, 10));
    expect(assets.filter(({ name }) => name === 'Told').map(({ boughtKWh }) => boughtKWh)).to.deep.equal([
      0, 0,
    ]);
  });
});
