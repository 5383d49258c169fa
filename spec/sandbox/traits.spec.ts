import { expect } from 'chai';
import { defaultCommunity } from '../../lib/sandbox/defaultCommunity.ts';
import { traitsOf } from '../../lib/sandbox/traits.ts';

describe('the traits of a community', () => {
  it('are those of the exchange unless it says otherwise', () => {
    expect(traitsOf(defaultCommunity)).to.deep.equal({
      marketType: 'two-sided',
      feeUnit: 'cents/kWh',
      degreesOfFreedom: false,
    });
  });

  it('tell clients what no message does', () => {
    const other = { gridFeeUnit: 'percent', degreesOfFreedom: true } as const;
    expect(
      traitsOf({ ...defaultCommunity, ...other, spotMarketType: 'one-sided-pay-as-offer' }),
    ).to.deep.equal({ marketType: 'one-sided', feeUnit: 'percent', degreesOfFreedom: true });
    expect(traitsOf({ ...defaultCommunity, spotMarketType: 'two-sided-pay-as-clear' }).marketType).to.equal(
      'two-sided',
    );
  });
});
