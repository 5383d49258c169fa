import { expect } from 'chai';
import { map } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import type { MarketEvent } from '../../lib/model/events.ts';
import { withTradeRate } from '../../lib/operators/withTradeRate.ts';
import { aGrid, aSlot, aTick, aTrade, finished, marbles } from '../../lib/testing.ts';
import { keepsTheOperatorContract } from './contract.ts';

const grid = aGrid([]);
const trade = (energyKWh: number, rate: number) =>
  aTrade({ grid, energyKWh, rate, priceCents: energyKWh * rate });
const events: Readonly<Record<string, MarketEvent>> = {
  s: aSlot({ grid }),
  t: aTick({ grid }),
  a: trade(1, 10),
  b: trade(3, 20),
  c: trade(1, 40),
  f: finished,
};
const rate = map(({ kind, tradeRate }: { readonly kind: string; readonly tradeRate: number | undefined }) => [
  kind,
  tradeRate,
]);

describe('withTradeRate', () => {
  keepsTheOperatorContract<MarketEvent, unknown>(() => ({
    operator: withTradeRate({ over: 2 }),
    input: events.t!,
    output: { ...events.t, tradeRate: undefined },
  }));

  it(
    'adds the mean rate of the newest trades, weighted by energy, to slots and ticks',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot(' -s-a-t-b-t-c-t-s-f-|', events);
      const expected = '   -0---1---2---3-4---|';
      expectObservable(event$.pipe(withTradeRate({ over: 2 }), rate)).toBe(expected, {
        0: ['market-slot', undefined],
        1: ['tick', 10],
        2: ['tick', 17.5],
        3: ['tick', 25],
        4: ['market-slot', 25],
      });
    }),
  );

  it(
    'counts a trade that comes in the same frame before the tick',
    marbles(({ hot, expectObservable }) => {
      const event$ = hot('(at)-(bt)|', events);
      const expected = '  1----2---|';
      expectObservable(event$.pipe(withTradeRate({ over: 9 }), rate)).toBe(expected, {
        1: ['tick', 10],
        2: ['tick', 17.5],
      });
    }),
  );

  for (const over of [0, 0.5, NaN])
    it(`refuses a mean over ${over} trades when it is built`, () => {
      expect(() => withTradeRate({ over }))
        .to.throw(GsyError, 'withTradeRate: over')
        .with.property('code', 'ERR_GSY_OPTIONS');
    });
});
