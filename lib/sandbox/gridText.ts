import type { Area, AssetArea, Grid, MarketArea } from './areas.ts';
import { assetInfo } from './assetInfo.ts';
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
  readonly past: unknown;
  readonly pastText: string;
  readonly figures: JsonObject;
  readonly text: string;
}

/** The text of a market with all below it, and the texts that it was joined from. */
interface Joined {
  readonly parts: readonly string[];
  readonly text: string;
}

/**
 * The text of a grid. A tick changes little in it, and the grid of a thousand homes is more than a megabyte: what is
 * written once is kept until it changes.
 */
export const openGridText = (grid: Grid): GridText => {
  const kept = new Map<Area, Kept>();
  const joined = new Map<MarketArea, Joined>();

  /** The past and the present of an area, the past first or last. */
  const written = (area: Area, past: unknown, figures: JsonObject, write: Write): string => {
    const known = kept.get(area);
    const isPast = known !== undefined && known.past === past;
    if (isPast && isSame(figures, known.figures)) return known.text;
    const pastText = isPast ? known.pastText : fieldsText(pastOf(area));
    const text = write(pastText, JSON.stringify(figures));
    kept.set(area, { past, pastText, figures, text });
    return text;
  };

  const node = (area: Area, aggregatorUuid: string): string =>
    area.kind === 'market' ? marketNode(area, aggregatorUuid) : assetNode(area, aggregatorUuid);

  const marketNode = (market: MarketArea, aggregatorUuid: string): string => {
    const now = { current_market_fee: market.fee ?? null, area_name: market.name };
    const parts = [
      written(
        market,
        market.last,
        now,
        (past, present) => `"${market.uuid}":{${past},${present.slice(1, -1)},"children":{`,
      ),
    ];
    for (const child of market.children) parts.push(node(child, aggregatorUuid));
    const known = joined.get(market);
    if (known !== undefined && parts.every((part, at) => part === known.parts[at])) return known.text;
    const [itself = '', ...children] = parts;
    const text = `${itself}${children.join()}}}`;
    joined.set(market, { parts, text });
    return text;
  };

  const assetNode = (asset: AssetArea, aggregatorUuid: string): string => {
    if (asset.aggregatorUuid !== aggregatorUuid || !asset.external)
      return `"${asset.uuid}":{${nameText(asset)}}`;
    return written(
      asset,
      asset.lastSlot,
      assetInfo(asset),
      (past, present) => `"${asset.uuid}":{"asset_info":${present},${past},${nameText(asset)}}`,
    );
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

/** Puts the texts of an area's past and present together. */
type Write = (past: string, present: string) => string;

/** Whether two objects of the same keys have the same values; objects in them are never the same. */
const isSame = (one: JsonObject, other: JsonObject): boolean => {
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
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
