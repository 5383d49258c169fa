import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import type { Command } from '../model/commands.ts';

/**
 * Drops orders for nothing, or for less than the exchange trades: what is left once an asset has traded all it needs.
 *
 * Dust is what the exchange's sums leave over: energies within 0.00002 kWh of zero, on either side. One that is more
 * negative, or no number, is a mistake, and passes, so that the sink refuses it with its reason.
 *
 * ```
 * command     -a-b-c-|      a: bid for 1 kWh, b: bid for 0 kWh, c: a delete
 * skipDust()  -a---c-|
 * ```
 *
 * @example bid$.pipe(skipDust())
 */
export const skipDust = (): MonoTypeOperatorFunction<Command> => filter((command) => !isDust(command));

const isDust = (command: Command): boolean =>
  (command.kind === 'bid' || command.kind === 'offer') && Math.abs(command.energyKWh) <= SMALLEST_ENERGY_KWH;
