import type * as t from 'io-ts';
import type { AssetBill, FeeUnit, MarketStats, TradeTotals } from '../model/grid.ts';
import { strict } from './combinators.ts';
import { present } from './present.ts';
import { Finite, hundredfold, optional } from './scalars.ts';

/** Energy in kWh, money in hundreds of cents (exchange protocol, bills). */
const tradeTotals = { bought: Finite, sold: Finite, spent: Finite, earned: Finite };

/** What a market's bill sums up. */
export const WireTradeTotals = strict(tradeTotals, 'trade totals');
export type WireTradeTotals = t.TypeOf<typeof WireTradeTotals>;

/** The totals with money in cents. */
export const toTradeTotals = ({ bought, sold, spent, earned }: WireTradeTotals): TradeTotals => ({
  boughtKWh: bought,
  soldKWh: sold,
  spentCents: hundredfold(spent),
  earnedCents: hundredfold(earned),
});

/** An asset's bill. */
export const WireAssetBill = strict(
  { ...tradeTotals, total_energy: Finite, total_cost: Finite, market_fee: Finite },
  'an asset bill',
);
export type WireAssetBill = t.TypeOf<typeof WireAssetBill>;

/** The bill with money in cents. */
export const toAssetBill = (bill: WireAssetBill): AssetBill => ({
  ...toTradeTotals(bill),
  totalEnergyKWh: bill.total_energy,
  totalCostCents: hundredfold(bill.total_cost),
  marketFeeCents: hundredfold(bill.market_fee),
});

/** The keys of the figures of a market's last finished slot: all null when nothing was traded. */
export const marketStats = {
  min_trade_rate: optional(Finite),
  max_trade_rate: optional(Finite),
  avg_trade_rate: optional(Finite),
  median_trade_rate: optional(Finite),
  total_traded_energy_kWh: optional(Finite),
};

/** The figures of a market's last finished slot. */
export const WireMarketStats = strict(marketStats, 'market statistics');
export type WireMarketStats = t.TypeOf<typeof WireMarketStats>;

/** The figures that there are. */
export const toMarketStats = (stats: WireMarketStats): MarketStats =>
  present({
    minRate: stats.min_trade_rate,
    maxRate: stats.max_trade_rate,
    averageRate: stats.avg_trade_rate,
    medianRate: stats.median_trade_rate,
    tradedEnergyKWh: stats.total_traded_energy_kWh,
  });

/** The fee of a finished market in the run's unit: where fees are percentages the exchange tells it as a fraction. */
export const finishedFee = (fee: number | undefined, feeUnit: FeeUnit): number | undefined =>
  feeUnit === 'percent' && fee !== undefined ? hundredfold(fee) : fee;
