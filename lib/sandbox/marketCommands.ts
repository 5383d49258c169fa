import type { FeeUnit } from '../model/grid.ts';
import type { MarketArea, Totals, Trade } from './areas.ts';
import { unsupported, type CommandReply } from './assetCommands.ts';
import { isObject, rounded, type JsonObject } from './json.ts';
import type { Danger } from './dangers.ts';
import { statistics } from './ledger.ts';
import type { CommandContext } from './orders.ts';
import { deviationOf } from './settlement.ts';

/** Does one command for a market and answers as the exchange does (exchange protocol, grid fees, statistics). */
export const runMarketCommand = (
  market: MarketArea,
  command: JsonObject,
  { community }: Pick<CommandContext, 'community'>,
): CommandReply => {
  const { type, data } = command;
  if (type !== 'grid_fees' && type !== 'dso_market_stats') return unsupported(market.uuid, type);
  if (!isObject(data)) return failed(market, type, 'data is missing', 'dies');
  return type === 'grid_fees'
    ? gridFees(market, data, community.gridFeeUnit ?? 'cents/kWh')
    : marketStatistics(market);
};

const failed = (market: MarketArea, command: string, reason: string, danger?: Danger): CommandReply => ({
  reply: { area_uuid: market.uuid, command, status: 'error', error_message: reason },
  danger,
});

/**
 * Of a fee in cents/kWh and one in percent the one counts that the community has. A negative one is answered as if it
 * were taken, but the old one stays.
 */
const gridFees = (market: MarketArea, data: JsonObject, unit: FeeUnit): CommandReply => {
  const key = unit === 'percent' ? 'fee_percent' : 'fee_const';
  const fee = data[key];
  if (fee === undefined || fee === null) {
    return failed(market, 'grid_fees', 'GridFee parameter conflicting with GlobalConfigFeeType');
  }
  if (typeof fee !== 'number') return failed(market, 'grid_fees', `${key} is no number`, 'dies');
  if (fee >= 0 && Number.isFinite(fee)) market.fee = fee;
  const told = market.fee === undefined ? 'None' : String(market.fee);
  return {
    reply: {
      area_uuid: market.uuid,
      command: 'grid_fees',
      status: 'ready',
      market_fee_const: unit === 'percent' ? 'None' : told,
      market_fee_percent: unit === 'percent' ? told : 'None',
    },
    danger: undefined,
  };
};

const marketStatistics = (market: MarketArea): CommandReply => ({
  reply: {
    status: 'ready',
    name: market.name,
    area_uuid: market.uuid,
    command: 'dso_market_stats',
    market_stats: market.last === undefined ? {} : operatorFigures(market, market.last),
  },
  danger: undefined,
});

const operatorFigures = (market: MarketArea, { trades }: NonNullable<MarketArea['last']>): JsonObject => {
  const sum = (kept: readonly Trade[], amount: (trade: Trade) => number): number =>
    kept.reduce((total, trade) => total + amount(trade), 0);
  const energyOf = ({ energyKWh }: Trade): number => energyKWh;
  return {
    ...statisticsJson(market),
    market_bill: { 'Accumulated Trades': totalsJson(market.accumulated) },
    market_fee_revenue: sum(trades, ({ feeRate, energyKWh }) => feeRate * energyKWh),
    area_throughput: {
      import: sum(
        trades.filter((trade) => trade.seller === market),
        energyOf,
      ),
      export: sum(
        trades.filter((trade) => trade.buyer === market),
        energyOf,
      ),
    },
    self_sufficiency: null,
    self_consumption: null,
    market_energy_deviance: devianceJson(market),
  };
};

/** By how much the market's assets missed in the last slot what they traded, kWh; null where nothing is settled. */
const devianceJson = (market: MarketArea): JsonObject | null => {
  const deviations = market.children.flatMap((child) => {
    const slot = child.kind === 'asset' ? [...(child.deliveries?.keys() ?? [])].at(-1) : undefined;
    return child.kind === 'asset' && slot !== undefined
      ? [[child.uuid, deviationOf(child, slot) ?? null] as const]
      : [];
  });
  return deviations.length === 0 ? null : Object.fromEntries(deviations);
};

/** The statistics of a market's last finished slot; all null when nothing was traded. */
export const statisticsJson = (market: MarketArea): JsonObject => {
  const figures = statistics(market.last?.trades ?? []);
  return {
    min_trade_rate: figures === undefined ? null : rounded(figures.minRate),
    max_trade_rate: figures === undefined ? null : rounded(figures.maxRate),
    avg_trade_rate: figures === undefined ? null : rounded(figures.averageRate),
    median_trade_rate: figures === undefined ? null : rounded(figures.medianRate),
    total_traded_energy_kWh: figures === undefined ? null : rounded(figures.energyKWh),
  };
};

/** Money in bills is told in hundreds of cents. */
export const totalsJson = ({ earnedCents, spentCents, boughtKWh, soldKWh }: Totals): JsonObject => ({
  earned: earnedCents / 100,
  spent: spentCents / 100,
  bought: boughtKWh,
  sold: soldKWh,
});
