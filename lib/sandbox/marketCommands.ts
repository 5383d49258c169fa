import type { MarketArea, Totals } from './areas.ts';
import { unsupported, type CommandReply } from './assetCommands.ts';
import { isObject, rounded, type JsonObject } from './json.ts';
import { statistics } from './ledger.ts';

/** Does one command for a market and answers as the exchange does (exchange protocol, grid fees, statistics). */
export const runMarketCommand = (market: MarketArea, command: JsonObject): CommandReply => {
  const { type, data } = command;
  if (type !== 'grid_fees' && type !== 'dso_market_stats') return unsupported(market.uuid, type);
  if (!isObject(data)) return failed(market, type, 'data is missing', true);
  return type === 'grid_fees' ? gridFees(market, data) : marketStatistics(market);
};

const failed = (market: MarketArea, command: string, reason: string, fatal: boolean): CommandReply => ({
  reply: { area_uuid: market.uuid, command, status: 'error', error_message: reason },
  fatal,
});

/** A negative fee is answered as if it were taken, but the old one stays. */
const gridFees = (market: MarketArea, { fee_const: fee }: JsonObject): CommandReply => {
  if (fee === undefined || fee === null) {
    return failed(market, 'grid_fees', 'GridFee parameter conflicting with GlobalConfigFeeType', false);
  }
  if (typeof fee !== 'number') return failed(market, 'grid_fees', 'fee_const is no number', true);
  if (fee >= 0 && Number.isFinite(fee)) market.fee = fee;
  return {
    reply: {
      area_uuid: market.uuid,
      command: 'grid_fees',
      status: 'ready',
      market_fee_const: market.fee === undefined ? 'None' : String(market.fee),
      market_fee_percent: 'None',
    },
    fatal: false,
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
  fatal: false,
});

const operatorFigures = (
  market: MarketArea,
  { trades, fee }: NonNullable<MarketArea['last']>,
): JsonObject => {
  const sum = (kept: readonly { energyKWh: number }[]): number =>
    kept.reduce((kWh, trade) => kWh + trade.energyKWh, 0);
  return {
    ...statisticsJson(market),
    market_bill: { 'Accumulated Trades': totalsJson(market.accumulated) },
    market_fee_revenue: sum(trades) * fee,
    area_throughput: {
      import: sum(trades.filter((trade) => trade.seller === market)),
      export: sum(trades.filter((trade) => trade.buyer === market)),
    },
    self_sufficiency: null,
    self_consumption: null,
    market_energy_deviance: null,
  };
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
