/** A message of the exchange that could not be understood; the streams go on without it. */
export interface DecodeFailure {
  readonly kind: 'decode-failure';
  readonly channel: string;
  /** The JSON path of the trouble, `$` for the whole message. */
  readonly at: string;
  readonly expected: string;
  /** What stood there, at most 200 characters. */
  readonly sample: string;
}

/** A reply on our own channel that no waiting batch asked for: late, doubled, or meant for somebody else. */
export interface UnexpectedReply {
  readonly kind: 'unexpected-reply';
  readonly transactionId: string;
  readonly reason: string;
}

/** A strategy threw or errored; it has stopped, the others go on. */
export interface StrategyFailure {
  readonly kind: 'strategy-failure';
  readonly strategy: string;
  readonly reason: string;
}

/** Something that went wrong and did not end the streams. */
export type Failure = DecodeFailure | UnexpectedReply | StrategyFailure;
