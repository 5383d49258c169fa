import type { Area, AssetArea, Grid, MarketArea } from './areas.ts';
import { assetInfo, figuresOf } from './assetInfo.ts';
import { billJson } from './events.ts';
import type { JsonObject } from './json.ts';
import { statisticsJson, totalsJson } from './marketCommands.ts';

/** The grid as events tell it. */
export interface GridText {
  readonly grid: Grid;
  /**
   * The fields that come with an aggregator's market, tick and trade events, as JSON without the braces; without a
   * finished slot there is nothing to tell.
   */
  surroundings(aggregatorUuid: string): string;
}

/** The text of an area by itself, and what it was written for. */
interface Kept {
  /** Made anew with each slot. */
  past: unknown;
  pastText: string;
  /** What it told last. */
  readonly figures: unknown[];
  text: string;
}

/** The text of a market with all below it, and the texts that it was joined from. */
interface Joined {
  readonly parts: string[];
  text: string;
}

/**
 * The text of a grid. A tick changes little in it, and the grid of a thousand homes is more than a megabyte: what is
 * written once is kept until it changes.
 */
export const openGridText = (grid: Grid): GridText => {
  const kept = new Map<Area, Kept>();
  const joined = new Map<MarketArea, Joined>();

  /** What is kept of an area; a new slot begins with nothing. */
  const keptOf = (area: Area, past: unknown): Kept => {
    const known = kept.get(area);
    if (known !== undefined && known.past === past) return known;
    const anew = { past, pastText: fieldsText(pastOf(area)), figures: [], text: '' };
    kept.set(area, anew);
    return anew;
  };

  const node = (area: Area, aggregatorUuid: string): string =>
    area.kind === 'market' ? marketNode(area, aggregatorUuid) : assetNode(area, aggregatorUuid);

  const marketNode = (market: MarketArea, aggregatorUuid: string): string => {
    const known = joined.get(market) ?? { parts: [], text: '' };
    let isSame = isPut(known.parts, 0, headOf(market));
    let at = 1;
    for (const child of market.children)
      isSame = isPut(known.parts, at++, node(child, aggregatorUuid)) && isSame;
    if (isSame) return known.text;
    const [itself = '', ...children] = known.parts;
    known.text = `${itself}${children.join()}}}`;
    joined.set(market, known);
    return known.text;
  };

  /** Up to where its children stand. */
  const headOf = (market: MarketArea): string => {
    const known = keptOf(market, market.last);
    const { fee = null } = market;
    if (!isPut(known.figures, 0, fee))
      known.text = `"${market.uuid}":{${known.pastText},"current_market_fee":${JSON.stringify(fee)},${nameText(market)},"children":{`;
    return known.text;
  };

  const assetNode = (asset: AssetArea, aggregatorUuid: string): string => {
    if (asset.aggregatorUuid !== aggregatorUuid || !asset.external)
      return `"${asset.uuid}":{${nameText(asset)}}`;
    const known = keptOf(asset, asset.lastSlot);
    // What is to be settled is an object by slots, and told by few communities: it is written each time.
    let isSame = asset.deliveries === undefined;
    let at = 0;
    for (const { of } of figuresOf(asset)) isSame = isPut(known.figures, at++, of(asset)) && isSame;
    if (!isSame)
      known.text = `"${asset.uuid}":{"asset_info":${JSON.stringify(assetInfo(asset))},${known.pastText},${nameText(asset)}}`;
    return known.text;
  };

  return {
    grid,
    surroundings: (aggregatorUuid) => {
      const { root, lastRates } = grid;
      const tree = root.last === undefined ? '' : node(root, aggregatorUuid);
      const { buyRate, sellRate } = lastRates;
      return `"grid_tree":{${tree}},"feed_in_tariff_rate":${buyRate},"market_maker_rate":${sellRate}`;
    },
  };
};

/** Puts a value into its place; whether it stood there already. */
const isPut = <T>(values: T[], at: number, value: T): boolean => {
  if (values[at] === value) return true;
  values[at] = value;
  return false;
};

const nameText = ({ name }: Area): string => `"area_name":${JSON.stringify(name)}`;

/** What the last finished slots have left behind. */
const pastOf = (area: Area): JsonObject =>
  area.kind === 'market'
    ? {
        last_market_bill: {
          accumulated_trades: totalsJson(area.accumulated),
          external_trades: totalsJson(area.beyond),
        },
        last_market_stats: statisticsJson(area),
        last_market_fee: area.last?.fee ?? 0,
      }
    : {
        last_slot_asset_info: { energy_traded: area.lastSlot.energyKWh, total_cost: area.lastSlot.costCents },
        asset_bill: billJson(area),
      };

/** The fields of an object as JSON, without the braces. */
export const fieldsText = (object: JsonObject): string => JSON.stringify(object).slice(1, -1);
