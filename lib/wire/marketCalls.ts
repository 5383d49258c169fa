import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { ChangeGridFees } from '../model/commands.ts';
import { chosenBy, strict } from './combinators.ts';
import type { MarketCall } from './messages.ts';
import { Finite } from './scalars.ts';

// What a registered market is asked without an aggregator (exchange protocol, direct asset commands).

/** What the exchange calls the questions; they end the channels of a market. */
const VERBS = { 'grid-fees': 'grid_fees', 'dso-market-stats': 'dso_market_stats' } as const;
export type MarketVerb = (typeof VERBS)[MarketCall['kind']];

/** What the exchange calls this question. */
export const verbOf = ({ kind }: Pick<MarketCall, 'kind'>): MarketVerb => VERBS[kind];

const ConstantFee = strict({ fee_const: Finite }, 'a constant fee');
const PercentFee = strict({ fee_percent: Finite }, 'a fee in percent');

/** A grid fee, in a batch or directly. */
export const WireFee = chosenBy('either a fee_const or a fee_percent', (fee) => {
  const isConstant = (fee.fee_const ?? null) !== null;
  const isPercent = (fee.fee_percent ?? null) !== null;
  if (isConstant === isPercent) return undefined;
  return isConstant ? ConstantFee : PercentFee;
});
type WireFee = t.TypeOf<typeof WireFee>;

export const toFee = (fee: WireFee): ChangeGridFees['fee'] =>
  'fee_const' in fee ? { centsPerKWh: fee.fee_const } : { percent: fee.fee_percent };

export const encodeFee = (fee: ChangeGridFees['fee']): WireFee =>
  'percent' in fee ? { fee_percent: fee.percent } : { fee_const: fee.centsPerKWh };

/** Everything of the question but its channel. */
export const encodeMarketCall = (call: MarketCall): object => ({
  transaction_id: call.transactionId,
  ...(call.kind === 'grid-fees' && encodeFee(call.fee)),
});

const Transaction = strict({ transaction_id: t.string }, 'a question to a market');

/** A question to a market as the exchange hears it. */
export const readMarketCall = (
  content: unknown,
  { channelName, verb }: { readonly channelName: string; readonly verb: MarketVerb },
): t.Validation<MarketCall> =>
  pipe(
    Transaction.decode(content),
    E.chain(({ transaction_id }): t.Validation<MarketCall> => {
      const asked = { channelName, transactionId: transaction_id };
      return verb === 'grid_fees'
        ? pipe(
            WireFee.decode(content),
            E.map((fee) => ({ kind: 'grid-fees', ...asked, fee: toFee(fee) })),
          )
        : E.right({ kind: 'dso-market-stats', ...asked });
    }),
  );
