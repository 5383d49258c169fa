import {
  defaultCommunity,
  type AreaSpec,
  type AssetSpec,
  type Community,
  type TradeResult,
} from 'gsy-rx/sandbox';
import type { Day } from './day.ts';

const load = (name: string, energyKWhPerDay: number): AssetSpec => ({
  type: 'load',
  name,
  shape: 'household',
  energyKWhPerDay,
});
const pv = (name: string, energyKWhPerDay: number): AssetSpec => ({
  type: 'pv',
  name,
  shape: 'solar',
  energyKWhPerDay,
});
/** It holds 4 kWh when the day begins, and never less than 1 kWh. */
const battery: AssetSpec = {
  type: 'storage',
  name: 'A Battery',
  capacityKWh: 10,
  maxPowerKW: 5,
  initialSocPercent: 40,
};
const home = (name: string, ...assets: readonly AssetSpec[]): AreaSpec => ({ name, assets });

/** A summer day in three homes, one without panels; the grid pays 8 and asks 30, and the fees to it are 3. */
export const street: Community = {
  ...defaultCommunity,
  grid: {
    ...defaultCommunity.grid,
    areas: [
      {
        name: 'Street',
        gridFee: 1,
        areas: [
          home('A', load('A Load', 8), pv('A PV', 20), battery),
          home('B', load('B Load', 10)),
          home('C', load('C Load', 6), pv('C PV', 15)),
        ],
      },
    ],
  },
};

/** The same day for a load and a PV that have no energy but what is forecast; what deviates can be settled for an hour. */
export const forecastOnly: Community = {
  ...street,
  settlementHours: 1,
  grid: {
    ...street.grid,
    areas: [
      home(
        'Told',
        { type: 'load', name: 'Load', forecast: true },
        { type: 'pv', name: 'PV', forecast: true },
      ),
    ],
  },
};

/** What was traded in one market, by the end of its path. */
export const tradesIn = ({ results }: Day, market: string): readonly TradeResult[] =>
  results.markets.filter(({ path }) => path.endsWith(market)).flatMap(({ trades }) => trades);

/** The grid fee of a trade in its market, cents/kWh. */
export const feeOf = ({ feeCents, energyKWh }: TradeResult): number => feeCents / energyKWh;

/** What an area bought from a market in the same slots in which it sold there, kWh. */
export const bothWaysKWh = (day: Day, market: string, area: string): number => {
  const slots = new Map<string, { in: number; out: number }>();
  for (const { slot, buyer, seller, energyKWh } of tradesIn(day, market)) {
    const sums = slots.get(slot) ?? { in: 0, out: 0 };
    slots.set(slot, sums);
    if (buyer === area) sums.in += energyKWh;
    if (seller === area) sums.out += energyKWh;
  }
  return [...slots.values()].reduce((sum, sums) => sum + Math.min(sums.in, sums.out), 0);
};
