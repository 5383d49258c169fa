import type { Observable, SchedulerLike } from 'rxjs';
import type { MarketEvent } from '../model/events.ts';
import type { UnexpectedReply } from '../model/failures.ts';
import type { ReconciliationCause } from '../model/reconciliation.ts';
import type { Delivery } from '../transport/transport.ts';
import type { Request } from '../wire/messages.ts';
import type { ExchangeTraits } from './refusal.ts';

/** How commands are gathered into batches and how long their replies are waited for. */
export interface BatchingOptions {
  /** A batch goes out when the commands have been quiet for so long, ms; 0, the default, is the end of the turn. */
  readonly quietMs?: number;
  /** It goes out at the latest when its oldest command has waited so long, ms; 250 unless said otherwise. */
  readonly maxWaitMs?: number;
  /** It goes out at once when it holds so many commands; 50,000 unless said otherwise. */
  readonly maxCommands?: number;
  /** When so many commands wait for their replies, new ones are refused; 1,000,000 unless said otherwise. */
  readonly maxUnderWay?: number;
  /** How long a reply is waited for, ms; unless said otherwise three ticks as measured, at least 10 s. */
  readonly patienceMs?: number;
}

/** What the sink needs to know and to reach. */
export interface SinkOptions extends BatchingOptions, ExchangeTraits {
  readonly aggregatorUuid: string;
  /** The market's events, subscribed before any strategy subscribes. */
  readonly event$: Observable<MarketEvent>;
  /** Sends when it is called, once. */
  readonly send: (request: Request) => Observable<Delivery>;
  /** Whether the area is under this aggregator's control. */
  readonly holds: (areaUuid: string) => boolean;
  readonly scheduler: SchedulerLike;
  /** The moments from which on things may have happened unheard, and why; none unless said otherwise. */
  readonly missed$?: Observable<ReconciliationCause>;
  /** From its first value on, which says why, replies are waited for no longer; replayed to whoever comes later. */
  readonly giveUp$?: Observable<string>;
  /** Hears of replies that nobody waits for. */
  readonly report: (failure: UnexpectedReply) => void;
}
