import {
  atRate,
  eachAsset,
  eachSide,
  gridAsks,
  gridPays,
  named,
  oncePerSlot,
  parameter,
  parametrised,
  placeOrder,
  type Grid,
  type OrderRequirement,
  type StrategyOptions,
} from 'gsy-rx';
import { merge } from 'rxjs';

const parameters = {
  preferences: parameter.requirements({
    about: 'requirements by asset, JSON like {"Load": [{"tradingPartners": ["PV"], "rate": 20}]}',
  }),
};

/**
 * Lets assets choose with whom they trade, which energy, how much of it and at which rate.
 *
 * Each asset that the file names bids for all it needs at what the grid asks and offers all it has at what the grid
 * pays, once per slot, and trades only under one of its requirements: `tradingPartners` (names or uuids), `energyTypes`
 * (PV, Grid, Load, Storage), `energyKWh` (at most that), `rate` (cents/kWh, never worse than the order's). What is left
 * out does not matter. So a home can buy its neighbour's sun at a rate of theirs and the rest from the grid; a
 * requirement without a rate is met at the grid's. Assets that the file does not name are left alone, and a name that
 * the grid does not have ends it with a failure. It needs an exchange with degrees of freedom: elsewhere its orders are
 * refused before they are sent.
 */
const degreesOfFreedom = parametrised(
  parameters,
  ({ preferences }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachAsset(),
        named(...preferences.keys()),
        eachSide(),
        atRate((moment) => (moment.side === 'bid' ? gridAsks(moment) : gridPays(moment))),
        placeOrder(({ asset, energyKWh, grid }) => {
          const wishes = preferences.get(asset.name) ?? preferences.get(asset.uuid) ?? [];
          return { requirements: wishes.map(sendable(grid, energyKWh)) };
        }),
      ),
);

export default degreesOfFreedom;

export const options: StrategyOptions = {
  description: 'lets assets choose with whom they trade, where the exchange has degrees of freedom',
};

/** The requirement with partners by uuid, and for no more energy than is ordered. */
const sendable =
  (grid: Grid, orderedKWh: number) =>
  ({ tradingPartners, energyKWh = orderedKWh, ...wish }: OrderRequirement): OrderRequirement => ({
    ...wish,
    ...(tradingPartners && { tradingPartners: tradingPartners.map((partner) => grid.area(partner).uuid) }),
    energyKWh: Math.min(energyKWh, orderedKWh),
  });
