import type { Observable } from 'rxjs';
import type { Frame, Request } from '../wire/messages.ts';

/** Whether messages get through. */
export type TransportStatus =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** Messages since then are lost; the connection is being restored. */
  | { readonly state: 'gap'; readonly sinceMs: number; readonly reason: string }
  | { readonly state: 'closed'; readonly reason: string };

/** What the connection knows of a message it has taken. */
export interface Delivery {
  /** How many heard it, where the connection can tell: 0 means that nobody did. */
  readonly receivers?: number;
}

/** A connection to an exchange, as small as it can be: whatever the way, frames come in and requests go out. */
export interface Transport {
  /** The exchange's configuration id, where it has one: it stands in its channels. */
  readonly configurationId?: string;
  /** Every frame, in order. Cold: to subscribe opens the connection, to unsubscribe begins to close it. */
  readonly frame$: Observable<Frame>;
  readonly status$: Observable<TransportStatus>;
  /**
   * Sends the request at once, once; the Observable replays what became of it, and subscribing again never sends
   * again. Errors with a `GsyError` `ERR_GSY_TRANSPORT` when it could not be sent.
   */
  send(request: Request): Observable<Delivery>;
  /** How many listen on each of these channels just now; undefined where the connection cannot tell. */
  listeners(channels: readonly string[]): Observable<readonly number[] | undefined>;
  /** Closes the connection when it is called; the Observable completes when it is closed. */
  close(): Observable<never>;
}
