import type { AreaSpec, Community } from '../../lib/sandbox/sandbox.ts';

const home = (index: number): AreaSpec => ({
  name: `Home ${index}`,
  assets: [
    { type: 'load', name: `Load ${index}`, shape: 'household', energyKWhPerDay: 6 + (index % 7) },
    { type: 'pv', name: `PV ${index}`, shape: 'solar', energyKWhPerDay: 10 + (index % 11) },
    { type: 'storage', name: `Battery ${index}`, capacityKWh: 5 + (index % 5), maxPowerKW: 3 },
  ],
});

/** A day of so many homes with three assets each, as long and as finely ticked as that of the default community. */
export const communityOf = (homes: number): Community => ({
  startDate: '2026-06-21',
  slots: 96,
  slotLengthMinutes: 15,
  tickLengthSeconds: 15,
  grid: {
    name: 'Grid',
    gridFee: 2,
    areas: [
      { name: 'Community', gridFee: 1, areas: Array.from({ length: homes }, (_, index) => home(index)) },
    ],
    assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 8, sellRate: 30 }],
  },
});
