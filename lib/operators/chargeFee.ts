import type { OperatorFunction } from 'rxjs';
import { changeGridFeesPercent, gridFees } from '../commands.ts';
import type { ChangeGridFees } from '../model/commands.ts';
import type { Grid, MarketArea } from '../model/grid.ts';
import { mapDefined } from './mapDefined.ts';

/** Which market of which grid. */
interface Charging {
  readonly grid: Grid;
  readonly market: MarketArea;
}

/**
 * Sets the grid fee of each moment's market, from the next slot on, where it is not so already.
 *
 * The fee is in the unit of the run's fees: cents/kWh or percent. A moment for which it is undefined is skipped. Because
 * a fee that the market has is not sent again, it can be asked for in every slot; one that got lost is set in the next.
 *
 * ```
 * moment        -a-b-|      of a market with a fee of 1, and one with a fee of 2
 * chargeFee(2)  -A---|      a command
 * ```
 *
 * @example marketSlot$.pipe(eachMarket('Community'), chargeFee(2))
 */
export const chargeFee = <M extends Charging>(
  fee: number | ((moment: M) => number | undefined),
): OperatorFunction<M, ChangeGridFees> =>
  mapDefined((moment) => {
    const { grid, market } = moment;
    const wanted = typeof fee === 'number' ? fee : fee(moment);
    if (wanted === undefined || wanted === market.currentFee) return undefined;
    const change = grid.feeUnit === 'percent' ? changeGridFeesPercent : gridFees;
    return change(market.uuid, wanted);
  });
