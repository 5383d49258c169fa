import { expect } from 'chai';
import {
  combineStrategies,
  guard,
  killSwitch,
  limitOrderRate,
  limitSpend,
  retryWithLess,
  supersede,
  type Strategy,
} from 'gsy-rx';
import { defaultCommunity } from 'gsy-rx/sandbox';
import { map } from 'rxjs';
import basic from '../../strategies/basic.ts';
import lastMinute from '../../strategies/last-minute.ts';
import { aDayOf, expectOrder, kindsOf, type Day } from '../strategies/day.ts';

/** From midnight to eight in the morning. */
const morning = { ...defaultCommunity, slots: 32 };

const paid = ({ results }: Day): number =>
  results.assets
    .filter(({ type }) => type !== 'market-maker')
    .reduce((sum, { paidCents }) => sum + paidCents, 0);

/** The reasons of the refusals, each once. */
const reasons = ({ outcomes }: Day): readonly string[] => [
  ...new Set(outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.reason] : []))),
];

describe('a guarded morning on the embedded exchange', () => {
  it('never spends more than allowed, and ends what would have as refused', async () => {
    const limits = { perDayCents: 90, perSlotCents: 25 };
    const thrifty: Strategy = (market) => basic(market).pipe(limitSpend(market, limits));
    const day = await aDayOf(thrifty, morning);
    expectOrder(day);
    expect(day.commands).to.be.above(1000);
    expect(paid(day)).to.be.within(60, limits.perDayCents + 1e-6);
    expect(reasons(day)).to.have.members([
      'more than 25 cents would be spent in this slot',
      'more than 90 cents would be spent in this day',
    ]);
  });

  it('trades nothing while the kill switch is on, and goes on afterwards', async () => {
    const night = (slot: string) => slot < '2026-06-21T04:00';
    const switched: Strategy = (market) =>
      basic(market).pipe(killSwitch(market, market.tick$.pipe(map(({ slot }) => night(slot)))));
    const day = await aDayOf(switched, morning);
    expectOrder(day);
    expect(day.commands).to.be.above(1000);
    expect(reasons(day)).to.deep.equal(['the kill switch is on']);
    const own = new Set(day.results.assets.map(({ name }) => name));
    const early = day.results.markets.flatMap(({ trades }) =>
      trades.filter(({ slot, buyerOrigin }) => night(slot) && own.has(buyerOrigin)),
    );
    // The first orders of a run come with its second slot, and a tick says at once that it is night.
    expect(early).to.deep.equal([]);
    expect(kindsOf(day).accepted).to.be.above(1000);
  });

  it('has one outcome per command whatever stands before the sink', async () => {
    const crowded: Strategy = (market) =>
      combineStrategies(
        basic,
        lastMinute,
        retryWithLess({ times: 2, keep: 0.5 }),
      )(market).pipe(
        supersede(market.scheduler),
        limitOrderRate({ orders: 20, withinMs: 60_000, scheduler: market.scheduler }),
        guard(({ kind }) => {
          if (kind === 'offer') throw new Error('out of order');
          return undefined;
        }),
      );
    const day = await aDayOf(crowded, morning);
    expectOrder(day);
    expect(day.commands).to.be.above(1000);
    expect(kindsOf(day)).to.include.all.keys('accepted', 'refused', 'superseded');
    expect(reasons(day)).to.have.members([
      'more than 20 orders within 60000 ms',
      'a guard failed: out of order',
    ]);
  });
});
