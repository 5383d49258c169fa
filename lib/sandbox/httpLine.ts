import { randomUUID } from 'node:crypto';
import {
  catchError,
  filter,
  firstValueFrom,
  map,
  Subject,
  Subscription,
  timeout,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { AGGREGATOR_COMMANDS, AGGREGATOR_RESPONSE } from '../wire/channels.ts';
import type { ExchangeBus } from './exchangeBus.ts';
import { problem } from './httpProblem.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';

/** What the exchange said, or the door itself said to its clients. */
export interface Said {
  readonly channel: string;
  readonly message: JsonObject;
}

/** The HTTP door's line to the exchange: it is a client of the exchange's bus. */
export interface Line {
  /** Everything said on the channels that are heard, each message once. */
  readonly said$: Observable<Said>;
  /** Hears these channels, of which none is heard yet, until the subscription or the line ends. */
  hear(channels: readonly string[]): Subscription;
  /** Says something to the exchange. */
  tell(channel: string, message: JsonObject): void;
  /** Says something to the door's own clients, as if the exchange had. */
  say(channel: string, message: JsonObject): void;
  /** Gives an aggregator command, unless told otherwise under a transaction id of its own; rejects with a problem 504 without an answer. */
  ask(command: JsonObject, transactionId?: string): Promise<JsonObject>;
  close(): void;
}

/** How long the exchange may take to answer an aggregator command, ms; it does so at once. */
const PATIENCE_MS = 10_000;

/** A line over this bus. */
export const openLine = (bus: ExchangeBus, scheduler: SchedulerLike): Line => {
  const said = new Subject<Said>();
  const listening = new Subscription();
  const hear = (channels: readonly string[]): Subscription => {
    const hearing = bus.frames(channels).subscribe(({ channel, data }) => {
      const message = parseJson(data);
      if (isObject(message)) said.next({ channel, message });
    });
    listening.add(hearing);
    return hearing;
  };
  const tell = (channel: string, message: JsonObject): void => {
    bus.publish(channel, JSON.stringify(message));
  };
  hear([AGGREGATOR_RESPONSE]);
  return {
    said$: said.asObservable(),
    hear,
    tell,
    say: (channel, message) => said.next({ channel, message }),
    ask: (command, transactionId = randomUUID()) => {
      const answer = firstValueFrom(
        said.pipe(
          filter(({ channel }) => channel === AGGREGATOR_RESPONSE),
          map(({ message }) => message),
          filter((message) => message.transaction_id === transactionId),
          timeout({ first: PATIENCE_MS, scheduler }),
          catchError(() => {
            throw problem(504, 'The exchange does not answer.');
          }),
        ),
      );
      tell(AGGREGATOR_COMMANDS, { ...command, transaction_id: transactionId });
      return answer;
    },
    close: () => {
      listening.unsubscribe();
      said.complete();
    },
  };
};
