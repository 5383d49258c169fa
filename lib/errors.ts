/** What went wrong, for programs to tell apart; the message is for people. */
export type GsyErrorCode =
  | 'ERR_GSY_AMBIGUOUS_NAME'
  | 'ERR_GSY_AREA_HELD'
  | 'ERR_GSY_COMMUNITY'
  | 'ERR_GSY_CONFIG'
  | 'ERR_GSY_LOGIN'
  | 'ERR_GSY_EXCHANGE_DIED'
  | 'ERR_GSY_NO_EXCHANGE'
  | 'ERR_GSY_OPTIONS'
  | 'ERR_GSY_REFUSED'
  | 'ERR_GSY_STRATEGY'
  | 'ERR_GSY_TRANSPORT'
  | 'ERR_GSY_UNKNOWN_AGGREGATOR'
  | 'ERR_GSY_UNKNOWN_AREA'
  | 'ERR_GSY_UNKNOWN_SIMULATION';

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * The one error this library throws, for set-up and programmer mistakes only: everything that happens while trading
 * is a value on `outcome$` or `failure$`. The message names the asset or option and says what to do; secrets never
 * stand in it.
 */
export class GsyError extends Error {
  override readonly name = 'GsyError';
  readonly code: GsyErrorCode;
  /** The HTTP status, where a server's answer is the reason. */
  readonly status: number | undefined;

  constructor(code: GsyErrorCode, message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.code = code;
    this.status = options?.status;
  }
}
