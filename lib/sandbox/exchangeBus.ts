import type { Observable } from 'rxjs';
import type { Frame } from '../wire/messages.ts';

/** What an exchange needs of publish/subscribe; a bus in memory has it, and `redisBus`. */
export interface ExchangeBus {
  /** Hands a message to whoever listens now; what becomes of it is not the exchange's affair. */
  publish(channel: string, data: string): unknown;
  /** Every message on these channels from the moment of subscription. */
  frames(channels: readonly string[]): Observable<Frame>;
}
