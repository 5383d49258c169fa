import { expect } from 'chai';
import { of } from 'rxjs';
import type { BatchResponse } from '../../lib/model/events.ts';
import type { CommandReply, DsoMarketStats } from '../../lib/model/replies.ts';
import { eachMarketStats } from '../../lib/operators/eachMarketStats.ts';
import { aFirstSlot, aGrid, aMarketArea } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const [home] = aMarketArea('home', []);
const grid = aGrid([aMarketArea('home', []), aMarketArea('farm', [])]);

const figures = (stats: DsoMarketStats): CommandReply => ({
  status: 'ready',
  granted: { command: 'dso-market-stats', areaName: 'any', stats },
});
const responseOf = (replies: Readonly<Record<string, readonly CommandReply[]>>): BatchResponse => ({
  kind: 'batch-response',
  transactionId: 'batch',
  aggregatorUuid: 'me',
  replies: new Map(Object.entries(replies)),
  grid,
});

const told = (response: BatchResponse): readonly (readonly [string, DsoMarketStats])[] => {
  const found: (readonly [string, DsoMarketStats])[] = [];
  of(response)
    .pipe(eachMarketStats())
    .subscribe(({ market, stats }) => found.push([market.uuid, stats]));
  return found;
};

describe('eachMarketStats', () => {
  keepsTheOperatorContract(() => {
    const input = responseOf({ home: [figures({ importKWh: 1 })] });
    const market = { ...home, parentUuid: 'grid' };
    return { operator: eachMarketStats(), input, output: { ...input, market, stats: { importKWh: 1 } } };
  });

  it('gives one moment per market that told its figures, whatever else was asked of it', () => {
    const fee: CommandReply = { status: 'ready', granted: { command: 'grid-fees', feeConstant: 2 } };
    const response = responseOf({
      home: [fee, figures({ importKWh: 1 })],
      farm: [figures({ exportKWh: 2 })],
      grid: [fee],
    });
    expect(told(response)).to.deep.equal([
      ['home', { importKWh: 1 }],
      ['farm', { exportKWh: 2 }],
    ]);
  });

  it('gives one moment where two strategies have asked the same', () => {
    const once = figures({ importKWh: 1 });
    expect(told(responseOf({ home: [once, once] }))).to.deep.equal([['home', { importKWh: 1 }]]);
  });

  it('leaves out errors, and markets that the grid does not know', () => {
    const error: CommandReply = { status: 'error', reason: 'no' };
    expect(told(responseOf({ home: [error], away: [figures({})] }))).to.be.empty;
    expect(told({ ...responseOf({ home: [figures({})] }), grid: aFirstSlot().grid })).to.be.empty;
  });
});
