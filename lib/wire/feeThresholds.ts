import * as t from 'io-ts';
import { closed, listOf, mapOf } from './combinators.ts';
import { errorsLine } from './report.ts';
import { NotNegative } from './scalars.ts';

const FeeThreshold = closed({ threshold: NotNegative, fee: NotNegative }, 'a threshold and a fee');

const Rising = t.refinement(
  listOf(FeeThreshold),
  (levels) => levels.every(({ threshold }, i) => i === 0 || threshold > (levels[i - 1]?.threshold ?? 0)),
  'a list with rising thresholds',
);

const FeeThresholds = t.refinement(mapOf(Rising), (markets) => markets.size > 0, 'at least one market');

/** A fee, and up to which mean balance it holds, kWh per slot. */
export interface FeeThreshold {
  readonly threshold: number;
  readonly fee: number;
}

/** Fees by the names or uuids of markets, thresholds rising. */
export type FeeThresholds = ReadonlyMap<string, readonly FeeThreshold[]>;

/**
 * Thresholds as a file has them: `{"Home 1": [{"threshold": 1, "fee": 0.5}, {"threshold": 3, "fee": 4}]}`.
 * @throws Error that names the first thing that is wrong with its JSON path
 */
export const readFeeThresholds = (json: string): FeeThresholds => {
  const result = FeeThresholds.decode(JSON.parse(json));
  if (result._tag === 'Left') throw new Error(errorsLine(result.left));
  return result.right;
};

/** Whether these are such thresholds. */
export const areFeeThresholds = (u: unknown): u is FeeThresholds => FeeThresholds.is(u);
