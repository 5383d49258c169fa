import { expect } from 'chai';
import basic from '../../strategies/basic.ts';
import fixedPrice from '../../strategies/fixed-price.ts';
import lastMinute from '../../strategies/last-minute.ts';
import { aDayOf, expectConservation, expectOrder, kindsOf, total, type Day } from './day.ts';

// The grid of the default community pays 8 and asks 30; the ways to it cost at least 3 in fees.
const GRID_PAYS = 8;
const GRID_ASKS = 30;
// In the first slot of 96 nobody trades, because nobody knows the grid yet.
const ALL_BUT_FIRST_SLOT = 0.98;

const strategies = { basic, lastMinute, fixedPrice };
const days = new Map<string, Day>();
const dayOf = (name: string): Day => days.get(name)!;

describe('a day on the embedded exchange', () => {
  before(async () => {
    for (const [name, strategy] of Object.entries(strategies)) days.set(name, await aDayOf(strategy));
  });

  for (const name of Object.keys(strategies))
    describe(`with ${name}`, () => {
      it('ends with the simulation, every command in one outcome, and energy and money are conserved', () => {
        expect(dayOf(name).commands).to.be.above(1000);
        expectOrder(dayOf(name));
        expectConservation(dayOf(name));
      });

      it('sends nothing that is wrong, late or pointless', () => {
        expect(kindsOf(dayOf(name))).to.have.any.keys('accepted');
        expect(kindsOf(dayOf(name))).not.to.have.any.keys(
          'refused',
          'expired',
          'unanswered',
          'unsent',
          'superseded',
        );
      });

      it('has no more than one order in a hundred rejected, where a trade came between', () => {
        const { rejected = 0 } = kindsOf(dayOf(name));
        expect(rejected / dayOf(name).commands).to.be.below(0.01);
      });
    });

  describe('basic', () => {
    it('serves the loads and sells what the PVs produce', () => {
      const day = dayOf('basic');
      expect(total(day, 'load', 'boughtKWh') / total(day, 'load', 'demandKWh')).to.be.above(
        ALL_BUT_FIRST_SLOT,
      );
      expect(total(day, 'pv', 'soldKWh') / total(day, 'pv', 'productionKWh')).to.be.above(ALL_BUT_FIRST_SLOT);
    });

    it('is better for both sides than trading with the grid alone', () => {
      const day = dayOf('basic');
      expect(total(day, 'load', 'paidCents') / total(day, 'load', 'boughtKWh')).to.be.below(GRID_ASKS);
      expect(total(day, 'pv', 'earnedCents') / total(day, 'pv', 'soldKWh')).to.be.above(GRID_PAYS);
    });

    it('lets storages earn by moving energy through the day', () => {
      const day = dayOf('basic');
      expect(total(day, 'storage', 'soldKWh')).to.be.above(0);
      expect(total(day, 'storage', 'earnedCents')).to.be.above(total(day, 'storage', 'paidCents'));
    });
  });

  describe('lastMinute', () => {
    it('serves the loads, from the grid alone, since nobody else sells', () => {
      const day = dayOf('lastMinute');
      const bought = total(day, 'load', 'boughtKWh');
      expect(bought / total(day, 'load', 'demandKWh')).to.be.above(ALL_BUT_FIRST_SLOT);
      expect(total(day, 'market-maker', 'soldKWh')).to.be.closeTo(bought, 1e-6);
      expect(total(day, 'market-maker', 'earnedCents') / bought).to.be.closeTo(GRID_ASKS, 1e-6);
    });

    it('touches neither PVs nor storages', () => {
      const day = dayOf('lastMinute');
      for (const type of ['pv', 'storage'] as const)
        expect(total(day, type, 'boughtKWh') + total(day, type, 'soldKWh')).to.equal(0);
    });
  });

  describe('fixedPrice', () => {
    it('lets the neighbours trade among themselves and nothing with the grid', () => {
      const day = dayOf('fixedPrice');
      expect(total(day, 'load', 'boughtKWh')).to.be.above(total(day, 'load', 'demandKWh') / 2);
      expect(total(day, 'market-maker', 'boughtKWh') + total(day, 'market-maker', 'soldKWh')).to.equal(0);
    });

    it('gives every seller at least its price', () => {
      const day = dayOf('fixedPrice');
      for (const { name, soldKWh, earnedCents } of day.results.assets)
        if (soldKWh > 0) expect(earnedCents / soldKWh, name).to.be.at.least(20 - 1e-6);
    });
  });
});
