import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { marketFigures } from '../../lib/cli/marketFigures.ts';
import type { BatchResponse, DsoMarketStats } from '../../lib/index.ts';
import { aGrid, aMarketArea, aSlot, aTick, aTrade, marbles } from '../../lib/testing.ts';
import { gsyRx, lines } from './terminal.ts';

const grid = aGrid([aMarketArea('home', [])]);
const told = (stats: DsoMarketStats): BatchResponse => ({
  kind: 'batch-response',
  transactionId: 'batch',
  aggregatorUuid: 'me',
  grid,
  replies: new Map([
    ['home', [{ status: 'ready', granted: { command: 'dso-market-stats', areaName: 'home', stats } }]],
  ]),
});

describe('the lines of market figures', () => {
  it(
    'name the market and the slot that has ended',
    marbles(({ hot, expectObservable }) => {
      const traded = { tradedEnergyKWh: 1.25, averageRate: 20, minRate: 8, maxRate: 30, importKWh: 0.5 };
      const event$ = hot('  a-f-t-x-b-r-s-|', {
        a: aSlot({ slot: '2026-06-21T12:00' }),
        f: told({}),
        t: aTick({ slot: '2026-06-21T12:00' }),
        x: aTrade(),
        b: aSlot({ slot: '2026-06-21T12:15' }),
        r: told({ ...traded, exportKWh: 0.25, feeRevenueCents: 2.5 }),
        s: told({ tradedEnergyKWh: 0, importKWh: 0, exportKWh: 0, feeRevenueCents: 0 }),
      });
      expectObservable(marketFigures(event$)).toBe('----------r-s-|', {
        r: 'home in 2026-06-21T12:00: 1.250 kWh traded at 20.00 cents/kWh (8.00 to 30.00), 0.500 kWh imported, 0.250 kWh exported, 2.50 cents of fees',
        s: 'home in 2026-06-21T12:00: 0.000 kWh traded, 0.000 kWh imported, 0.000 kWh exported, 0.00 cents of fees',
      });
    }),
  );

  it('stand in the log of a run that asks for them', async () => {
    const small = fileURLToPath(new URL('../fixtures/communities/small.json', import.meta.url));
    const { code, err } = await gsyRx('run', 'market-statistics', '--sandbox', small, '--markets', 'House');
    expect(code).to.equal(0);
    const figures = lines(err).filter((line) => line.startsWith('info: House in 2026-06-21T'));
    expect(figures).to.have.length(3);
    expect(figures[0]).to.match(/T00:00: 0\.\d+ kWh traded at .* kWh imported, .* cents of fees$/);
  });
});
