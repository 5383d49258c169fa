import { expect } from 'chai';
import { of } from 'rxjs';
import { changeGridFeesPercent, gridFees } from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import type { FeeUnit, Grid, MarketArea } from '../../lib/model/grid.ts';
import { chargeFee } from '../../lib/operators/chargeFee.ts';
import { aGrid, aMarketArea, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

interface Moment {
  readonly grid: Grid;
  readonly market: MarketArea;
}

const momentOf = (currentFee?: number, feeUnit: FeeUnit = 'cents/kWh'): Moment => {
  const [market, ...below] = aMarketArea('home', [], currentFee === undefined ? {} : { currentFee });
  return { grid: aGrid([[market, ...below]], { feeUnit }), market };
};

const commandsFor = (moment: Moment, fee: number | ((moment: Moment) => number | undefined)): Command[] => {
  const found: Command[] = [];
  of(moment)
    .pipe(chargeFee(fee))
    .subscribe((command) => found.push(command));
  return found;
};

describe('chargeFee', () => {
  keepsTheOperatorContract(() => ({
    operator: chargeFee<Moment>(2),
    input: momentOf(1),
    output: gridFees('home', 2),
  }));

  it(
    'sets a fee where it is not so already',
    marbles(({ hot, expectObservable }) => {
      const moment$ = hot('  -a-b-n-|', { a: momentOf(1), b: momentOf(2), n: momentOf() });
      const expected = '     -s---s-|';
      expectObservable(moment$.pipe(chargeFee(2))).toBe(expected, { s: gridFees('home', 2) });
    }),
  );

  it('takes a fee of nothing for one where the market has none yet', () => {
    expect(commandsFor(momentOf(), 0)).to.deep.equal([gridFees('home', 0)]);
    expect(commandsFor(momentOf(0), 0)).to.be.empty;
  });

  it('takes a fee by moment, and skips moments without one', () => {
    expect(commandsFor(momentOf(3), ({ market }) => (market.currentFee ?? 0) + 1)).to.deep.equal([
      gridFees('home', 4),
    ]);
    expect(commandsFor(momentOf(3), () => undefined)).to.be.empty;
  });

  it("is in the unit of the run's fees", () => {
    expect(commandsFor(momentOf(3, 'percent'), 5)).to.deep.equal([changeGridFeesPercent('home', 5)]);
  });

  it(
    'hands on what a throwing callback throws',
    marbles(({ hot, expectObservable }) => {
      const fee = () => {
        throw new Error('no fee');
      };
      expectObservable(hot('-a-|', { a: momentOf() }).pipe(chargeFee(fee))).toBe(
        '-#',
        {},
        new Error('no fee'),
      );
    }),
  );
});
