import type { AssetBill, FeeUnit, MarketStats, TradeTotals } from '../model/grid.ts';
import { finite, finiteOrNull, type Form } from './checked.ts';
import { present } from './present.ts';
import { hundredfold, type JsonObject } from './scalars.ts';

/** What a market's bill sums up; on the wire its money is in hundreds of cents (exchange protocol, bills). */
export const tradeTotals: Form<TradeTotals> = {
  name: 'trade totals',
  read: (totals) => ({
    boughtKWh: finite(totals.bought, 'bought'),
    soldKWh: finite(totals.sold, 'sold'),
    spentCents: hundredfold(finite(totals.spent, 'spent')),
    earnedCents: hundredfold(finite(totals.earned, 'earned')),
  }),
};

/** An asset's bill; on the wire its money is in hundreds of cents. */
export const assetBill: Form<AssetBill> = {
  name: 'an asset bill',
  read: (bill) => ({
    boughtKWh: finite(bill.bought, 'bought'),
    soldKWh: finite(bill.sold, 'sold'),
    spentCents: hundredfold(finite(bill.spent, 'spent')),
    earnedCents: hundredfold(finite(bill.earned, 'earned')),
    totalEnergyKWh: finite(bill.total_energy, 'total_energy'),
    totalCostCents: hundredfold(finite(bill.total_cost, 'total_cost')),
    marketFeeCents: hundredfold(finite(bill.market_fee, 'market_fee')),
  }),
};

/** The figures of a market's last finished slot: all null when nothing was traded. */
export const marketStats: Form<MarketStats> = {
  name: 'market statistics',
  read: (stats: JsonObject) =>
    present({
      minRate: finiteOrNull(stats.min_trade_rate, 'min_trade_rate'),
      maxRate: finiteOrNull(stats.max_trade_rate, 'max_trade_rate'),
      averageRate: finiteOrNull(stats.avg_trade_rate, 'avg_trade_rate'),
      medianRate: finiteOrNull(stats.median_trade_rate, 'median_trade_rate'),
      tradedEnergyKWh: finiteOrNull(stats.total_traded_energy_kWh, 'total_traded_energy_kWh'),
    }),
};

/** The fee of a finished market in the run's unit: where fees are percentages the exchange tells it as a fraction. */
export const finishedFee = (fee: number | undefined, feeUnit: FeeUnit): number | undefined =>
  feeUnit === 'percent' && fee !== undefined ? hundredfold(fee) : fee;
