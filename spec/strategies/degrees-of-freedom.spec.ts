import { aDayOf, assetOf, expectConservation, expectOrder, kindsOf } from './day.ts';
import { street, tradesIn } from './street.ts';
import { expect } from 'chai';
import { catchError } from 'rxjs';
import { bidEnergyRate, offerEnergyRate } from 'gsy-rx';
import { aGrid, aLoad, aMarket, aMarketArea, aPv, aSlot, aStorage, aTick, marbles } from 'gsy-rx/testing';
import degreesOfFreedom from '../../strategies/degrees-of-freedom.ts';

const grid = aGrid([
  aMarketArea('home', [aLoad(), aLoad({ uuid: 'pump' })], { currentFee: 1 }),
  aMarketArea('farm', [aPv({ uuid: 'a-uuid', name: 'sun' }), aStorage()]),
]);
const events = { s: aSlot({ grid }), t: aTick({ grid }) };
const withFile = (preferences: unknown) =>
  degreesOfFreedom.with({ preferences: JSON.stringify(preferences) });

describe('the degrees of freedom strategy', () => {
  it(
    'orders once per slot for the assets of the file, at the rates of the grid, with partners by uuid',
    marbles(({ hot, expectObservable }) => {
      const strategy = withFile({
        load: [{ tradingPartners: ['sun', 'storage'], energyTypes: ['PV'], energyKWh: 0.25, rate: 20 }, {}],
        sun: [{ rate: 12 }],
      });
      const event$ = hot('  s---t-|', events);
      const expected = '    (bo)--|';
      expectObservable(strategy(aMarket(event$))).toBe(expected, {
        b: bidEnergyRate('load', 1, 31, {
          requirements: [
            { tradingPartners: ['a-uuid', 'storage'], energyTypes: ['PV'], energyKWh: 0.25, rate: 20 },
            { energyKWh: 1 },
          ],
        }),
        o: offerEnergyRate('a-uuid', 1, 10, { requirements: [{ rate: 12, energyKWh: 1 }] }),
      });
    }),
  );

  it(
    'wishes for no more energy than there is',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('  s-|', events);
      expectObservable(withFile({ load: [{ energyKWh: 5 }] })(aMarket(event$))).toBe('b-|', {
        b: bidEnergyRate('load', 1, 31, { requirements: [{ energyKWh: 1 }] }),
      });
    }),
  );

  for (const [what, preferences] of [
    ['an asset', { windmill: [] }],
    ['a partner', { load: [{ tradingPartners: ['windmill'] }] }],
  ] as const)
    it(
      `ends with an error for ${what} that the grid does not have`,
      marbles(({ hot, expectObservable }) => {
        const command$ = withFile(preferences)(aMarket(hot('s-|', events)));
        const reason$ = command$.pipe(catchError((error: Error) => [error.message.slice(0, 40)]));
        expectObservable(reason$).toBe('(e|)', { e: 'No area has the name or uuid "windmill".' });
      }),
    );

  it('is refused at the start, with the place, for a file that is wrong', () => {
    expect(() => withFile({ load: [{ partner: ['sun'] }] })).to.throw(
      /parameter preferences .* is wrong: \$\.load\[0\]\.partner: expected no such key/,
    );
  });

  it('trades through a day with the chosen partners alone, at the chosen rate', async () => {
    const strategy = withFile({
      'A PV': [{}],
      'C PV': [{}],
      'B Load': [{ tradingPartners: ['A PV'], rate: 15 }],
      'C Load': [{ energyTypes: ['Grid'] }],
    });
    const day = await aDayOf(strategy, { ...street, degreesOfFreedom: true });
    expectOrder(day);
    expectConservation(day);
    expect(kindsOf(day)).not.to.have.any.keys('refused', 'rejected');
    for (const { sellerOrigin, rate } of tradesIn(day, '/B')) {
      expect(sellerOrigin).to.equal('A PV');
      expect(rate).to.be.closeTo(15, 1e-6);
    }
    expect(assetOf(day, 'B Load').boughtKWh).to.be.above(3);
    const { boughtKWh, demandKWh, paidCents } = assetOf(day, 'C Load');
    expect(boughtKWh / demandKWh).to.be.above(0.98);
    expect(paidCents / boughtKWh).to.be.closeTo(33, 1e-6);
    expect(assetOf(day, 'A Load').boughtKWh).to.equal(0);
  });

  it('is refused before it is sent where the exchange has none', async () => {
    const day = await aDayOf(withFile({ 'B Load': [{ rate: 15 }] }), { ...street, slots: 4 });
    expectOrder(day);
    expect(kindsOf(day)).to.deep.equal({ refused: 3 });
  });
});
