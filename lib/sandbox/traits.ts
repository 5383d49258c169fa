import type { FeeUnit } from '../model/grid.ts';
import type { ExchangeTraits } from '../sink/refusal.ts';
import type { Community } from './community.ts';

/**
 * What no message tells of a community's exchange, and its clients have to be told.
 * @example run({ ...traitsOf(community), transport: memoryTransport(bus), strategy, aggregator: 'me' })
 */
export const traitsOf = ({
  spotMarketType,
  gridFeeUnit = 'cents/kWh',
  degreesOfFreedom = false,
}: Community): ExchangeTraits & { readonly feeUnit: FeeUnit } => ({
  marketType: spotMarketType === 'one-sided-pay-as-offer' ? 'one-sided' : 'two-sided',
  feeUnit: gridFeeUnit,
  degreesOfFreedom,
});
