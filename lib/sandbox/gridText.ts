import type { Area, AssetArea, Grid, MarketArea } from './areas.ts';
import { assetInfo, figuresOf } from './assetInfo.ts';
import { billJson } from './events.ts';
import type { JsonObject } from './json.ts';
import { statisticsJson, totalsJson } from './marketCommands.ts';

/** The grid as events tell it. */
export interface GridText {
  readonly grid: Grid;
  /**
   * The fields that come with an aggregator's market, tick and trade events, as JSON without the braces, each with the
   * comma behind it; without a finished slot there is nothing to tell. They are in pieces, to be joined once: the text
   * can be megabytes long.
   */
  surroundings(aggregatorUuid: string): readonly string[];
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

/**
 * The text of a grid. A tick changes little in it, and the grid of a thousand homes is more than a megabyte: what is
 * written once is kept until it changes.
 */
export const openGridText = (grid: Grid): GridText => {
  const kept = new Map<Area, Kept>();

  /** What is kept of an area; a new slot begins with nothing. */
  const keptOf = (area: Area, past: unknown): Kept => {
    const known = kept.get(area);
    if (known !== undefined && known.past === past) return known;
    const anew = { past, pastText: fieldsText(pastOf(area)), figures: [], text: '' };
    kept.set(area, anew);
    return anew;
  };

  /** Adds the text of an area and all below it. */
  const write = (pieces: string[], area: Area, aggregatorUuid: string): void => {
    if (area.kind === 'asset') {
      pieces.push(assetNode(area, aggregatorUuid));
      return;
    }
    pieces.push(headOf(area));
    let isFirst = true;
    for (const child of area.children) {
      if (!isFirst) pieces.push(',');
      isFirst = false;
      write(pieces, child, aggregatorUuid);
    }
    pieces.push('}}');
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
      // Joined, for a text that is added up is put together again whenever it is read.
      known.text = [
        `"${asset.uuid}":{"asset_info":`,
        JSON.stringify(assetInfo(asset)),
        `,${known.pastText},${nameText(asset)}}`,
      ].join('');
    return known.text;
  };

  return {
    grid,
    surroundings: (aggregatorUuid) => {
      const { root, lastRates } = grid;
      const pieces = ['"grid_tree":{'];
      if (root.last !== undefined) write(pieces, root, aggregatorUuid);
      pieces.push(`},"feed_in_tariff_rate":${lastRates.buyRate},"market_maker_rate":${lastRates.sellRate},`);
      return pieces;
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
