import { EMPTY, mergeMap, Observable, of, ReplaySubject, type SchedulerLike, type Subscriber } from 'rxjs';
import { channelsOf } from '../wire/channels.ts';
import { encodeRequest } from '../wire/requests.ts';
import type { Frame } from '../wire/messages.ts';
import type { Transport } from './transport.ts';

/** Publish/subscribe in memory, as Redis does it: nothing is stored, order is kept, and whoever listens hears. */
export interface Bus {
  /** Hands the text to everybody who listens now, on the bus's scheduler; returns how many they are. */
  publish(channel: string, data: string): number;
  /** How many listen there now. */
  listeners(channel: string): number;
  /** Every message on these channels from the moment of subscription. */
  frames(channels: readonly string[]): Observable<Frame>;
}

/** A message on its way, to those who listened when it was published. */
interface Delivered {
  readonly receivers: readonly Subscriber<Frame>[];
  readonly frame: Frame;
}

/** A bus whose messages arrive on `scheduler`, never inside `publish`. */
export const memoryBus = (scheduler: SchedulerLike): Bus => {
  const listeners = new Map<string, Set<Subscriber<Frame>>>();
  let underWay: Delivered[] = [];
  /** All that was published since the last time, so that a burst of thousands is one action of the scheduler. */
  const arrive = (): void => {
    const arriving = underWay;
    underWay = [];
    for (const { receivers, frame } of arriving) for (const receiver of receivers) receiver.next(frame);
  };
  return {
    publish: (channel, data) => {
      const receivers = [...(listeners.get(channel) ?? [])];
      if (underWay.length === 0) scheduler.schedule(arrive);
      underWay.push({ receivers, frame: { channel, data } });
      return receivers.length;
    },
    listeners: (channel) => listeners.get(channel)?.size ?? 0,
    frames: (channels) =>
      new Observable((subscriber) => {
        for (const channel of channels) {
          const there = listeners.get(channel) ?? new Set();
          listeners.set(channel, there.add(subscriber));
        }
        return () => {
          for (const channel of channels) {
            const there = listeners.get(channel);
            there?.delete(subscriber);
            if (there?.size === 0) listeners.delete(channel);
          }
        };
      }),
  };
};

/** What a connection in memory may know of its exchange. */
export interface MemoryTransportOptions {
  /** The exchange's configuration id; none unless said otherwise. */
  readonly configurationId?: string;
}

/** A connection over a bus in memory, for the embedded exchange and for tests; the texts are those of Redis. */
export const memoryTransport = (
  bus: Bus,
  { configurationId = '' }: MemoryTransportOptions = {},
): Transport => {
  const channelSubject = new ReplaySubject<string>();
  const heard = new Set<string>();
  return {
    configurationId,
    frame$: channelSubject.pipe(mergeMap((channel) => bus.frames([channel]))),
    status$: of({ state: 'open' }),
    send: (request) => {
      for (const channel of channelsOf(request, configurationId)) {
        // What is replayed to a late subscriber is each channel, and not each request.
        if (!heard.has(channel)) channelSubject.next(channel);
        heard.add(channel);
      }
      const { channel, data } = encodeRequest(request, configurationId);
      return of({ receivers: bus.publish(channel, data) });
    },
    listeners: (channels) => of(channels.map((channel) => bus.listeners(channel))),
    close: () => EMPTY,
  };
};
