/** Events as the exchange writes them, of a grid with so many assets of ours, for measuring. */

const ASSETS_PER_HOUSE = 3;
const KINDS = ['Load', 'PV', 'Storage'];
const FIRST_SLOT_MS = Date.UTC(2026, 5, 21);
const SLOT_MS = 15 * 60_000;

const uuid = (kind: number, index: number): string =>
  `${String(kind).padStart(8, '0')}-1b3c-4d5e-8f70-${String(index).padStart(12, '0')}`;

/** The names of this many assets, by uuid. */
export const assetNames = (assets: number): ReadonlyMap<string, string> =>
  new Map(
    Array.from({ length: assets }, (_, index) => [uuid(1, index), `${KINDS[index % KINDS.length]} ${index}`]),
  );

/** How many commands the basic strategy gives on an event of this many assets: a storage gets two. */
export const commandsPerEvent = (assets: number): number => assets + Math.floor(assets / KINDS.length);

/** One asset's node; `state` is how often its figures have changed. */
const assetNode = (index: number, state: number): object => {
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
  return {
    area_name: `${KINDS[index % KINDS.length]} ${index}`,
    asset_info: infos[index % KINDS.length],
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
};

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

/** The text of a grid tree; `states` says of each asset how often its figures have changed. */
const treeText = (states: readonly number[]): string => {
  const houses: Record<string, object> = {};
  for (let first = 0; first < states.length; first += ASSETS_PER_HOUSE) {
    const assets = states
      .slice(first, first + ASSETS_PER_HOUSE)
      .map((state, i) => [uuid(1, first + i), assetNode(first + i, state)] as const);
    houses[uuid(2, first)] = marketNode(`House ${first / ASSETS_PER_HOUSE}`, Object.fromEntries(assets));
  }
  const text = JSON.stringify({ [uuid(3, 0)]: marketNode('Grid', houses) });
  // As Python writes it: a blank after each comma and colon; no text in it has one.
  return text.replaceAll('":', '": ').replaceAll(/,(?=["{])/g, ', ');
};

/** A series of grid trees; in each, this share of the assets has other figures than in the one before. */
export const treeTexts = (assets: number, churn: number, count: number): readonly string[] => {
  const states = Array<number>(assets).fill(0);
  const changing = Math.round(assets * churn);
  let next = 0;
  return Array.from({ length: count }, (_, i) => {
    for (let n = 0; i > 0 && n < changing; n += 1) {
      // Spread over the grid, and another part of it each time.
      const index = (next * 7919) % assets;
      states[index] = (states[index] ?? 0) + 1;
      next += 1;
    }
    return treeText(states);
  });
};

/** The text of the event number `index` of a run: of ten of a slot the first opens it, the others are ticks. */
export const eventText = (tree: string, index: number): string => {
  const slot = new Date(FIRST_SLOT_MS + Math.floor(index / 10) * SLOT_MS).toISOString().slice(0, 16);
  const event = index % 10 === 0 ? 'market' : 'tick';
  return (
    `{"slot_completion": "${(index % 10) * 10}%", "market_slot": "${slot}", "grid_tree": ${tree}, ` +
    `"feed_in_tariff_rate": 8, "market_maker_rate": 30, "event": "${event}", "simulation_id": null, "num_ticks": 10.0}`
  );
};

/** A slot's first events, or some of them; in each, this share of the assets has other figures than in the one before. */
export const eventTexts = (assets: number, churn: number, count: number): readonly string[] =>
  treeTexts(assets, churn, count).map(eventText);

/**
 * An endless series of events out of a few trees: it goes through them to the last and back to the first, so that
 * every event differs from the one before as much as its tree's neighbour does.
 */
export function* eventSeries(trees: readonly string[]): Generator<string, never> {
  const last = trees.length - 1;
  for (let index = 0; ; index += 1) {
    const step = last === 0 ? 0 : index % (2 * last);
    yield eventText(trees[step <= last ? step : 2 * last - step] ?? '', index);
  }
}
