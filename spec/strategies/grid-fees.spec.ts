import { expect } from 'chai';
import { map, of } from 'rxjs';
import type { Command } from 'gsy-rx';
import { aGrid, aMarket, aMarketArea, aSlot, aTick, marbles } from 'gsy-rx/testing';
import gridFees from '../../strategies/grid-fees.ts';
import { aDayOf, expectConservation, expectOrder } from './day.ts';
import { feeOf, street, tradesIn } from './street.ts';
import { told } from './told.ts';

const slotAt = (time: string, currentFee: number) =>
  aSlot({ slot: `2026-06-21T${time}`, grid: aGrid([aMarketArea('home', [], { currentFee })]) });

describe('the grid fees strategy', () => {
  it(
    'asks for the figures once per slot, and sets the fee where it is not so already',
    marbles(({ hot, expectObservable }) => {
      const a = slotAt('12:00', 1);
      const event$ = hot('  a---t-b---c---|', {
        a,
        t: aTick({ slot: a.slot, grid: a.grid }),
        b: slotAt('12:15', 4),
        c: slotAt('12:30', 2),
      });
      const expected = '    (qf)--q---(qf)|';
      const strategy = gridFees.with({ markets: ['home'], fee: 4 });
      expectObservable(strategy(aMarket(event$)).pipe(map(told))).toBe(expected, {
        q: 'home dso-market-stats',
        f: 'home grid-fees 4',
      });
    }),
  );

  it('sets no fees where it is not told whose', () => {
    expect(() => gridFees(aMarket())).to.throw('the parameter markets has to be given');
    const commands: Command[] = [];
    const market = aMarket(of(slotAt('12:00', 1)));
    gridFees
      .with({ markets: [] })(market)
      .subscribe((command) => commands.push(command));
    expect(commands).to.be.empty;
  });

  it('is charged on every trade of the market from the third slot of a day on, and on none elsewhere', async () => {
    const strategy = gridFees.with({ markets: ['Street'], fee: 5 });
    const day = await aDayOf(strategy, street, ['Grid', 'Street']);
    expectOrder(day);
    expectConservation(day);
    expect(day.outcomes.filter(({ command }) => command.kind === 'grid-fees')).to.have.length(1);
    const trades = tradesIn(day, 'Street');
    expect(trades.length).to.be.above(200);
    for (const trade of trades)
      expect(feeOf(trade), trade.slot).to.be.closeTo(trade.slot < '2026-06-21T00:30' ? 1 : 5, 1e-9);
    for (const trade of tradesIn(day, 'Grid')) expect(feeOf(trade)).to.be.closeTo(2, 1e-9);
  });

  it('is a percentage where fees are', async () => {
    const day = await aDayOf(
      gridFees.with({ markets: ['Street'], fee: 5 }),
      { ...street, slots: 4, gridFeeUnit: 'percent' },
      ['Street'],
    );
    expectOrder(day);
    const granted = day.outcomes.flatMap((outcome) =>
      outcome.kind === 'accepted' && outcome.granted.command === 'grid-fees' ? [outcome.granted] : [],
    );
    expect(granted).to.deep.equal([{ command: 'grid-fees', feePercent: 5 }]);
  });
});
