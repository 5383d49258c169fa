import { defaultCommunity, type AreaSpec, type Community } from 'gsy-rx/sandbox';

const home = (index: number): AreaSpec => ({
  name: `Home ${index}`,
  assets: [
    { type: 'load', name: `Load ${index}`, shape: 'household', energyKWhPerDay: 6 + (index % 7) },
    { type: 'pv', name: `PV ${index}`, shape: 'solar', energyKWhPerDay: 10 + (index % 11) },
    { type: 'storage', name: `Battery ${index}`, capacityKWh: 5 + (index % 5), maxPowerKW: 3 },
  ],
});

/** A day of so many homes with three assets each, in place of those of the default community. */
export const communityOf = (homes: number): Community => ({
  ...defaultCommunity,
  grid: {
    ...defaultCommunity.grid,
    areas: [
      { name: 'Community', gridFee: 1, areas: Array.from({ length: homes }, (_, index) => home(index)) },
    ],
  },
});
