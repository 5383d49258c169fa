import type { AreaSpec, AssetSpec, Community } from './community.ts';
import type { ShapeName } from './shapes.ts';

/** A home by the figures that make it: energies in kWh for this June day, capacities in kWh. */
interface Home {
  readonly name: string;
  readonly shape: ShapeName;
  readonly loadKWh: number;
  readonly pvKWh?: number;
  readonly batteryKWh?: number;
  readonly heatPumpKWh?: number;
  readonly carKWh?: number;
}

/*
 * Made by us, after well-known orders of magnitude: a home uses 1,500 to 4,500 kWh a year (4 to 13 kWh a day); a PV
 * of 1 kWp yields some 5 kWh on a clear June day at 48° N, so 4 to 10 kWp give 20 to 50 kWh; home batteries hold 5
 * to 14 kWh and charge at about a half of that in an hour; a heat pump makes hot water in summer (2 to 4 kWh); an
 * electric car takes 6 to 10 kWh a day.
 */
const HOMES: readonly Home[] = [
  { name: 'Home 01', shape: 'household', loadKWh: 9.6, pvKWh: 30, batteryKWh: 10 },
  { name: 'Home 02', shape: 'evening', loadKWh: 6.2, pvKWh: 20 },
  { name: 'Home 03', shape: 'home-office', loadKWh: 11.4, heatPumpKWh: 3.2 },
  { name: 'Home 04', shape: 'early-bird', loadKWh: 5.1 },
  { name: 'Home 05', shape: 'household', loadKWh: 12.8, pvKWh: 48, batteryKWh: 14, carKWh: 9 },
  { name: 'Home 06', shape: 'evening', loadKWh: 4.4 },
  { name: 'Home 07', shape: 'home-office', loadKWh: 8.3, pvKWh: 25, batteryKWh: 7 },
  { name: 'Home 08', shape: 'household', loadKWh: 10.1, carKWh: 6.5 },
  { name: 'Home 09', shape: 'evening', loadKWh: 7.7, pvKWh: 35 },
  { name: 'Home 10', shape: 'early-bird', loadKWh: 6.9, heatPumpKWh: 2.4 },
  { name: 'Home 11', shape: 'household', loadKWh: 8.9, pvKWh: 22, batteryKWh: 5 },
  { name: 'Home 12', shape: 'evening', loadKWh: 5.6 },
  { name: 'Home 13', shape: 'home-office', loadKWh: 9.2, batteryKWh: 12 },
  { name: 'Home 14', shape: 'household', loadKWh: 11.9, pvKWh: 40 },
];

const load = (name: string, shape: ShapeName, energyKWhPerDay: number | undefined): readonly AssetSpec[] =>
  energyKWhPerDay === undefined ? [] : [{ type: 'load', name, shape, energyKWhPerDay }];

const battery = (name: string, capacityKWh: number | undefined): readonly AssetSpec[] =>
  capacityKWh === undefined
    ? []
    : [{ type: 'storage', name, capacityKWh, maxPowerKW: capacityKWh / 2, initialSocPercent: 40 }];

const home = ({ name, shape, loadKWh, pvKWh, batteryKWh, heatPumpKWh, carKWh }: Home): AreaSpec => ({
  name,
  assets: [
    ...load(`${name} Load`, shape, loadKWh),
    ...load(`${name} Heat pump`, 'heat-pump', heatPumpKWh),
    ...load(`${name} Car`, 'night-charging', carKWh),
    ...(pvKWh === undefined
      ? []
      : [{ type: 'pv', name: `${name} PV`, shape: 'solar', energyKWhPerDay: pvKWh } as const]),
    ...battery(`${name} Battery`, batteryKWh),
  ],
});

/**
 * Fourteen homes with thirty assets on a clear day in June, a market maker that pays 8 and asks 30 cents/kWh, and
 * grid fees: 96 slots of 15 minutes, 60 ticks of 15 seconds each. Every asset of the homes can be controlled.
 */
export const defaultCommunity: Community = {
  startDate: '2026-06-21',
  slots: 96,
  slotLengthMinutes: 15,
  tickLengthSeconds: 15,
  grid: {
    name: 'Grid',
    gridFee: 2,
    areas: [{ name: 'Community', gridFee: 1, areas: HOMES.map(home) }],
    assets: [{ type: 'market-maker', name: 'Market Maker', buyRate: 8, sellRate: 30 }],
  },
};
