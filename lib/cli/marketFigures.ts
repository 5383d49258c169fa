import { defer, map, mergeMap, of, type Observable } from 'rxjs';
import type { MarketEvent } from '../model/events.ts';
import type { DsoMarketStats } from '../model/replies.ts';
import { eachMarketStats } from '../operators/eachMarketStats.ts';

/** One line for each market and slot whose figures a strategy has asked for. */
export const marketFigures = (event$: Observable<MarketEvent>): Observable<string> =>
  defer(() => {
    let slot: string | undefined;
    /** The figures are of the last finished slot. */
    let last: string | undefined;
    return event$.pipe(
      mergeMap((event) => {
        if ((event.kind === 'market-slot' || event.kind === 'tick') && event.slot !== slot)
          [last, slot] = [slot, event.slot];
        if (event.kind !== 'batch-response' || last === undefined) return [];
        return of(event).pipe(
          eachMarketStats(),
          map(({ market, stats }) => `${market.name} in ${last}: ${figuresOf(stats)}`),
        );
      }),
    );
  });

const figuresOf = (stats: DsoMarketStats): string => {
  const { tradedEnergyKWh, averageRate, minRate, maxRate } = stats;
  const rates =
    averageRate === undefined
      ? ''
      : ` at ${fixed(averageRate, 2)} cents/kWh (${fixed(minRate, 2)} to ${fixed(maxRate, 2)})`;
  return [
    `${fixed(tradedEnergyKWh, 3)} kWh traded${rates}`,
    `${fixed(stats.importKWh, 3)} kWh imported`,
    `${fixed(stats.exportKWh, 3)} kWh exported`,
    `${fixed(stats.feeRevenueCents, 2)} cents of fees`,
  ].join(', ');
};

const fixed = (value: number | undefined, digits: number): string => (value ?? 0).toFixed(digits);
