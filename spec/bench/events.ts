/** Events as the exchange writes them, of a grid with so many assets of ours, for measuring. */

const SLOT = '2026-06-21T12:00';

/** One asset's node; `state` is how often its figures have changed. */
const assetNode = (index: number, state: number): readonly [string, object] => {
  const figure = (base: number) => Number((base + index * 0.001 + state * 0.0137).toFixed(9));
  const traded = { energy_traded: figure(0.1), total_cost: figure(2) };
  const infos = [
    { energy_requirement_kWh: figure(0.4), energy_active_in_bids: 0, ...traded },
    { available_energy_kWh: figure(0.7), energy_active_in_offers: 0.0, ...traded },
    {
      energy_to_buy: figure(1),
      energy_to_sell: figure(2),
      energy_active_in_bids: 0,
      energy_active_in_offers: 0,
      free_storage: figure(5),
      used_storage: figure(3),
      ...traded,
    },
  ];
  const node = {
    area_name: `${['Load', 'PV', 'Storage'][index % 3]} ${index}`,
    asset_info: infos[index % 3],
    last_slot_asset_info: { energy_traded: figure(0.05), total_cost: figure(1) },
    asset_bill: {
      bought: figure(10),
      sold: figure(5),
      spent: figure(2),
      earned: figure(1),
      total_energy: figure(15),
      total_cost: figure(3),
      market_fee: figure(0.2),
      type: 'Load',
    },
  };
  return [uuid(1, index), node];
};

const uuid = (kind: number, index: number): string =>
  `${String(kind).padStart(8, '0')}-1b3c-4d5e-8f70-${String(index).padStart(12, '0')}`;

const marketNode = (name: string, children: object): object => ({
  area_name: name,
  last_market_bill: {
    accumulated_trades: { bought: 1.2, sold: 2.3, spent: 0.4, earned: 0.5 },
    external_trades: { bought: 1.2, sold: 2.3, spent: 0.4, earned: 0.5 },
  },
  last_market_stats: {
    min_trade_rate: 26.25423729,
    max_trade_rate: 26.44067797,
    avg_trade_rate: 26.37834842,
    median_trade_rate: 26.3,
    total_traded_energy_kWh: 12.5,
  },
  last_market_fee: 0.5,
  current_market_fee: 0.5,
  children,
});

const ASSETS_PER_HOUSE = 3;

/** The text of a tick event; `states` says of each asset how often its figures have changed. */
export const eventText = (states: readonly number[], percent: number): string => {
  const houses: Record<string, object> = {};
  for (let first = 0; first < states.length; first += ASSETS_PER_HOUSE) {
    const assets = states
      .slice(first, first + ASSETS_PER_HOUSE)
      .map((state, i) => assetNode(first + i, state));
    houses[uuid(2, first)] = marketNode(`House ${first / ASSETS_PER_HOUSE}`, Object.fromEntries(assets));
  }
  const text = JSON.stringify({
    slot_completion: `${percent}%`,
    market_slot: SLOT,
    grid_tree: { [uuid(3, 0)]: marketNode('Grid', houses) },
    feed_in_tariff_rate: 8,
    market_maker_rate: 30,
    event: 'tick',
    simulation_id: null,
    num_ticks: 10,
  });
  // As Python writes it: a blank after each comma and colon; no text in it has one.
  return text.replaceAll('":', '": ').replaceAll(/,(?=["{])/g, ', ');
};

/** A series of tick events; in each, this share of the assets has other figures than in the one before. */
export const eventTexts = (assets: number, churn: number, count: number): readonly string[] => {
  const states = Array<number>(assets).fill(0);
  const changing = Math.round(assets * churn);
  let next = 0;
  return Array.from({ length: count }, (_, i) => {
    for (let n = 0; n < changing; n += 1) {
      // Spread over the grid, and another part of it each time.
      const index = (next * 7919) % assets;
      states[index] = (states[index] ?? 0) + 1;
      next += 1;
    }
    return eventText(states, (i * 10) % 100);
  });
};
