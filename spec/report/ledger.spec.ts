import { expect } from 'chai';
import { of, Subject } from 'rxjs';
import { bidEnergy, offerEnergy } from '../../lib/commands.ts';
import type { MarketEvent } from '../../lib/model/events.ts';
import type { Outcome } from '../../lib/model/outcomes.ts';
import { ledger, type Ledger } from '../../lib/report/ledger.ts';
import { summary } from '../../lib/report/table.ts';
import { aGrid, aLoad, aMarketArea, aPv, aSlot, aTick, aTrade, finished } from '../../lib/testing.ts';

const grid = aGrid([
  aMarketArea('house', [aLoad({ uuid: 'load', name: 'Load' }), aPv({ uuid: 'pv', name: 'PV' })]),
]);
const accepted = (command: Outcome['command']): Outcome => ({
  kind: 'accepted',
  command,
  transactionId: 't',
  granted: { command: 'set-energy-forecast' },
});

/** The books after these events and outcomes. */
const booksOf = (events: readonly MarketEvent[], outcomes: readonly Outcome[] = []): Ledger => {
  const eventSubject = new Subject<MarketEvent>();
  const outcomeSubject = new Subject<Outcome>();
  let books: Ledger | undefined;
  ledger(eventSubject, outcomeSubject).subscribe((closed) => (books = closed));
  for (const event of events) eventSubject.next(event);
  for (const outcome of outcomes) outcomeSubject.next(outcome);
  expect(books).to.equal(undefined);
  outcomeSubject.complete();
  return books!;
};

const trades = [
  aTrade({
    grid,
    energyKWh: 0.5,
    priceCents: 10,
    sellerOrigin: 'PV',
    buyerOrigin: 'Load',
    assetName: 'Load',
  }),
  aTrade({
    grid,
    side: 'sold',
    assetUuid: 'pv',
    assetName: 'PV',
    energyKWh: 0.5,
    priceCents: 9,
    sellerOrigin: 'PV',
    buyerOrigin: 'Load',
  }),
  aTrade({ grid, energyKWh: 0.25, priceCents: 8, sellerOrigin: 'Market Maker', assetName: 'Load' }),
];

describe('ledger', () => {
  it('adds up energy and money per asset', () => {
    const { accounts } = booksOf([aSlot({ grid }), ...trades]);
    expect(accounts).to.deep.include({
      areaUuid: 'load',
      name: 'Load',
      kind: 'load',
      bought: { energyKWh: 0.75, moneyCents: 18 },
      sold: { energyKWh: 0, moneyCents: 0 },
      outcomes: {},
    });
    expect(accounts.find(({ name }) => name === 'PV')?.sold).to.deep.equal({ energyKWh: 0.5, moneyCents: 9 });
  });

  it('counts demand and production once per slot, what is traded already included', () => {
    const later = aGrid([
      aMarketArea('house', [
        aLoad({ uuid: 'load', energyRequirementKWh: 0.4, energyTradedKWh: 0.1 }),
        aPv({ uuid: 'pv', availableEnergyKWh: 0.2 }),
      ]),
    ]);
    const books = booksOf([
      aSlot({ grid }),
      aTick({ grid }),
      aTick({ grid: later, slot: '2026-06-21T12:15' }),
      aTick({ grid, slot: '2026-06-21T12:15' }),
    ]);
    expect(books).to.include({ slots: 2, demandKWh: 1.5, productionKWh: 1.2 });
  });

  it('tells what came from inside the community from what the market maker sold', () => {
    const withMarketMaker = booksOf([aSlot({ grid }), ...trades]);
    expect(withMarketMaker.boughtLocallyKWh).to.equal(0.5);
  });

  it('counts outcomes by area and kind, also those of what is no command', () => {
    const { accounts } = booksOf(
      [aSlot({ grid })],
      [
        accepted(bidEnergy('load', 1, 1)),
        accepted(bidEnergy('load', 1, 1)),
        { kind: 'refused', command: offerEnergy('pv', NaN, 1), reason: 'NaN' },
        { kind: 'refused', command: 42 as never, reason: 'no command' },
      ],
    );
    const outcomes = Object.fromEntries(accounts.map((account) => [account.name, account.outcomes]));
    expect(outcomes).to.deep.include({
      Load: { accepted: 2 },
      PV: { refused: 1 },
      '(no area)': { refused: 1 },
    });
  });

  it('averages the tariffs over the slots that tell them', () => {
    const books = booksOf([
      aSlot({ grid, feedInTariffRate: 8, marketMakerRate: 30 }),
      aSlot({ grid, slot: '2026-06-21T12:15', feedInTariffRate: 10, marketMakerRate: 30 }),
    ]);
    expect(books).to.include({ feedInTariffRate: 9, marketMakerRate: 30 });
    expect(booksOf([finished])).not.to.have.property('feedInTariffRate');
  });

  it('closes when there is nothing', () => {
    let books: Ledger | undefined;
    ledger(of(), of()).subscribe((closed) => (books = closed));
    expect(books).to.deep.include({ accounts: [], slots: 0 });
  });
});

describe('summary', () => {
  it('shows one row per asset, a total, and the figures of the community', () => {
    const text = summary(booksOf([aSlot({ grid }), ...trades], [accepted(bidEnergy('load', 1, 1))]));
    const row = (name: string) =>
      text
        .split('\n')
        .find((line) => line.includes(name))
        ?.split('│')
        .map((cell) => cell.trim())
        .slice(1, -1);
    expect(row('Load')).to.deep.equal([
      'Load',
      'load',
      '0.750',
      '0',
      '18.00',
      '0',
      '24.00',
      '–',
      '1',
      '0',
      '0',
    ]);
    expect(row('total')).to.deep.equal([
      'total',
      '',
      '0.750',
      '0.500',
      '18.00',
      '9.00',
      '24.00',
      '18.00',
      '1',
      '0',
      '0',
    ]);
    expect(text)
      .to.match(/self-sufficiency +50\.0 %/)
      .and.to.match(/feed-in tariff +10\.00 ct\/kWh/);
  });

  it('names the other outcomes', () => {
    const refused: Outcome = { kind: 'refused', command: bidEnergy('load', 1, 1), reason: 'no' };
    expect(summary(booksOf([aSlot({ grid })], [refused, refused]))).to.include('2 refused');
  });
});
