import { expect } from 'chai';
import { from, map } from 'rxjs';
import { clockTime, type Strategy } from 'gsy-rx';
import { aGrid, aMarket, aMarketArea, aSlot, marbles } from 'gsy-rx/testing';
import timeOfUseFees from '../../strategies/time-of-use-fees.ts';
import { aDayOf, expectConservation, expectOrder } from './day.ts';
import { feeOf, street, tradesIn } from './street.ts';
import { told } from './told.ts';

const clockAt = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** A file in which each fee is the minute of the day at which it begins, in hundredths. */
const fileOf = (market: string, stepMinutes: number): string =>
  [
    `time;${market}`,
    ...Array.from({ length: 1440 / stepMinutes }, (_, i) => {
      const minutes = i * stepMinutes;
      return `${clockAt(minutes)};${(minutes / 100).toFixed(2).replace('.', ',')}`;
    }),
  ].join('\n');

const grid = aGrid([aMarketArea('home', []), aMarketArea('farm', [])]);
const slotsFrom = (start: string, count: number, lengthMinutes: number) =>
  Array.from({ length: count }, (_, i) => {
    const time = new Date(Date.parse(`${start}Z`) + i * lengthMinutes * 60_000).toISOString();
    return aSlot({ slot: time.slice(0, 16), grid });
  });

/** The fees that are set, in order. */
const feesSet = (strategy: Strategy, slots: ReturnType<typeof slotsFrom>): readonly number[] => {
  const fees: number[] = [];
  strategy(aMarket(from(slots))).subscribe((command) => {
    if (command.kind === 'grid-fees' && 'centsPerKWh' in command.fee) fees.push(command.fee.centsPerKWh);
  });
  return fees;
};

describe('the time-of-use fees strategy', () => {
  it(
    'asks for the figures, and sets in each slot the fee of the next',
    marbles(({ hot, expectObservable }) => {
      const [a, b, c] = slotsFrom('2026-06-21T11:30', 3, 15);
      const event$ = hot('  a---b---c---|', { a: a!, b: b!, c: c! });
      const expected = '    q---(qx)(qy)|';
      const strategy = timeOfUseFees.with({ fees: fileOf('home', 15) });
      expectObservable(strategy(aMarket(event$)).pipe(map(told))).toBe(expected, {
        q: 'home dso-market-stats',
        x: 'home grid-fees 7.2',
        y: 'home grid-fees 7.35',
      });
    }),
  );

  it('gives each market its own fee', () => {
    const fees = 'time;farm;home\n00:00;1;2\n12:00;3;4';
    const found: string[] = [];
    const [, second, third] = slotsFrom('2026-06-21T11:30', 3, 15);
    timeOfUseFees
      .with({ fees })(aMarket(from([second!, third!])))
      .subscribe((command) => command.kind === 'grid-fees' && found.push(told(command)));
    expect(found).to.deep.equal(['home grid-fees 4', 'farm grid-fees 3']);
  });

  it('holds a fee until the next time in the file, however long slots are', () => {
    const hourly = timeOfUseFees.with({ fees: fileOf('home', 60) });
    expect(feesSet(hourly, slotsFrom('2026-06-21T09:30', 5, 15))).to.deep.equal([6, 6, 6, 6]);
    const fine = timeOfUseFees.with({ fees: fileOf('home', 5) });
    expect(feesSet(fine, slotsFrom('2026-06-21T08:00', 4, 60))).to.deep.equal([6, 6.6, 7.2]);
  });

  const quarters = Array.from({ length: 96 }, (_, i) => i * 15);
  const days: readonly (readonly [string, string, readonly number[]])[] = [
    ['has every time once on an ordinary day', '2026-06-20T21:30', quarters],
    ['skips the hour that the clock skips', '2026-03-28T22:30', quarters.toSpliced(8, 4)],
    [
      'has the hour twice that the clock repeats',
      '2026-10-24T21:30',
      [...quarters.slice(0, 12), ...quarters.slice(8)],
    ],
  ];
  for (const [what, start, minutes] of days)
    it(`${what}, in ${minutes.length} slots`, () => {
      const strategy = timeOfUseFees.with({ fees: fileOf('home', 15), zone: 'Europe/Berlin' });
      // The first slot tells nothing but the length, the second sets the fee of midnight.
      expect(feesSet(strategy, slotsFrom(start, minutes.length + 1, 15))).to.deep.equal(
        minutes.map((minute) => minute / 100),
      );
    });

  it('refuses a file in which a time is missing before anything runs, and names the line', () => {
    const holey = fileOf('home', 15).replace('06:15;3,75\n', '');
    expect(() => timeOfUseFees.with({ fees: holey })).to.throw(
      /the parameter fees .* line 27, column 1: expected 06:15, found 06:30/,
    );
    expect(() => timeOfUseFees.with({ fees: fileOf('home', 60), zone: 'Berlin' })).to.throw(/parameter zone/);
  });

  it('is charged on every trade of a day at the time in which it falls', async () => {
    const strategy = timeOfUseFees.with({
      fees: 'time;Street\n00:00;1\n06:00;2,5\n12:00;0,5\n18:00;4',
      zone: 'Europe/Berlin',
    });
    const day = await aDayOf(strategy, street, ['Grid', 'Street']);
    expectOrder(day);
    expectConservation(day);
    const feeAt = (slot: string): number => {
      const hour = Number(clockTime(slot, 'Europe/Berlin').slice(0, 2));
      return [1, 2.5, 0.5, 4][Math.floor(hour / 6)] ?? NaN;
    };
    const trades = tradesIn(day, 'Street');
    expect(new Set(trades.map(({ slot }) => feeAt(slot))).size).to.equal(4);
    for (const trade of trades) expect(feeOf(trade), trade.slot).to.be.closeTo(feeAt(trade.slot), 1e-9);
    // It is set when it changes and not else.
    expect(day.outcomes.filter(({ command }) => command.kind === 'grid-fees')).to.have.length(4);
  });
});
