import { map } from 'rxjs';
import { assetInfo, bidEnergy, lastMarketDsoStats, listBids } from '../../lib/commands.ts';
import type { Outcome } from '../../lib/model/outcomes.ts';
import { granted } from '../../lib/operators/granted.ts';
import { marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const transactionId = 'batch';
const listed = { command: 'list-bids', orders: [{ id: '1', energyKWh: 1, priceCents: 20 }] } as const;
const stats = { command: 'dso-market-stats', areaName: 'Grid', stats: { importKWh: 3 } } as const;
const outcomes: Readonly<Record<string, Outcome>> = {
  l: { kind: 'accepted', command: listBids('load'), transactionId, granted: listed },
  s: { kind: 'accepted', command: lastMarketDsoStats('grid'), transactionId, granted: stats },
  r: {
    kind: 'rejected',
    command: listBids('load'),
    transactionId,
    reason: 'no',
    formerOrderMayBeGone: false,
  },
  u: { kind: 'unanswered', command: assetInfo('load'), transactionId, reason: 'late' },
  x: { kind: 'refused', command: bidEnergy('load', 1, 20), reason: 'no' },
};

describe('granted', () => {
  keepsTheOperatorContract<Outcome, unknown>(() => ({
    operator: granted('list-bids'),
    input: outcomes.l!,
    output: { command: listBids('load'), granted: listed },
  }));

  it(
    'takes the answers to one kind of command, with their type',
    marbles(({ hot, expectObservable }) => {
      const outcome$ = hot('-l-s-r-u-x-|', outcomes);
      const imports$ = outcome$.pipe(
        granted('dso-market-stats'),
        map(({ command, granted: { stats } }) => `${command.areaUuid} imports ${stats.importKWh ?? 0}`),
      );
      const ids$ = outcome$.pipe(
        granted('list-bids'),
        map(({ granted: { orders } }) => orders.map(({ id }) => id)),
      );
      expectObservable(imports$).toBe('---s-------|', { s: 'grid imports 3' });
      expectObservable(ids$).toBe('-l---------|', { l: ['1'] });
    }),
  );
});
