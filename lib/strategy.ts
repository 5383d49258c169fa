import { catchError, defer, EMPTY, isObservable, merge, type Observable } from 'rxjs';
import { GsyError, messageOf } from './errors.ts';
import type { Market } from './events.ts';
import type { Command } from './model/commands.ts';

/**
 * A pure function from what a market does to what to do about it.
 *
 * It subscribes to nothing and keeps time by `market.scheduler` alone; so the same function trades on the embedded
 * exchange, on a real one and in a marble test.
 *
 * @example
 * const lastChance: Strategy = ({ tick$ }) =>
 *   tick$.pipe(
 *     fromProgress(0.8),
 *     eachAsset(isLoad),
 *     map(({ asset }) => bidEnergyRate(asset.uuid, asset.energyRequirementKWh, 30)),
 *   );
 */
export type Strategy = (market: Market) => Observable<Command>;

/** What a strategy file may say of itself, as its named export `options`. */
export interface StrategyOptions {
  /** One line for `gsy-rx list`. */
  readonly description?: string;
  /** The aggregator's name; that of the file unless said otherwise. */
  readonly aggregator?: string;
  /** Names or uuids of the assets to control; without assets and markets, every area of the grid. */
  readonly assets?: readonly string[];
  readonly markets?: readonly string[];
  /**
   * Whether it has commands for markets alone. The runner then asks for their names, for assets that an aggregator takes
   * and does not use trade no more.
   */
  readonly operatesMarkets?: boolean;
}

/**
 * Runs strategies beside each other as one. Each is isolated: one that throws, while it is built or while it runs, is
 * reported by its name and stops, and the others go on.
 *
 * @param strategies named functions; the name stands in the failure
 * @example export default combineStrategies(basic, lastMinute);
 */
export const combineStrategies = (...strategies: readonly Strategy[]): Strategy => {
  const combined: Strategy = (market) =>
    merge(
      ...strategies.map((strategy) => {
        const name = strategy.name === '' ? 'anonymous strategy' : strategy.name;
        return defer(() => commandsOf(strategy, name, market)).pipe(
          catchError((error: unknown) => {
            market.report({ kind: 'strategy-failure', strategy: name, reason: messageOf(error) });
            return EMPTY;
          }),
        );
      }),
    );
  const name = `combineStrategies(${strategies.map((strategy) => strategy.name).join(', ')})`;
  return Object.defineProperty(combined, 'name', { value: name });
};

const commandsOf = (strategy: Strategy, name: string, market: Market): Observable<Command> => {
  const command$: unknown = strategy(market);
  if (isObservable(command$)) return command$ as Observable<Command>;
  throw new GsyError(
    'ERR_GSY_STRATEGY',
    `${name} does not return a stream of commands; is a return statement missing?`,
  );
};
