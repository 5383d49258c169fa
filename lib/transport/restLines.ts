import { BehaviorSubject, filter, firstValueFrom, type Observable, Subject, Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import { GsyError } from '../errors.ts';
import type { Frame } from '../wire/messages.ts';
import { wayTo } from './restAgent.ts';
import type { ToFrames } from './restFrames.ts';
import type { RestSession } from './restSession.ts';
import { restSocket, type SocketSignal } from './restSocket.ts';

/** One websocket that stands for some channels. */
export interface Line {
  /** Resolves when it is open; rejects with a `GsyError` while it is lost. */
  opened(): Promise<void>;
  close(): void;
}

/** A loss of one or more lines. */
export interface LineTrouble {
  readonly sinceMs: number;
  readonly reason: string;
}

/** All websockets of a client. */
export interface RestLines {
  /** The messages of all lines, in order of arrival. */
  readonly frame$: Observable<Frame>;
  /** The oldest trouble of any line; undefined when there is none. */
  readonly trouble$: Observable<LineTrouble | undefined>;
  /** Opens a line, which comes back by itself whenever it is lost; where the server refuses it then, at a new path. */
  open(path: string, toFrames: ToFrames, pathAnew?: () => Promise<string>): Line;
  /** Resolves when the sockets are gone. */
  close(): Promise<void>;
}

/** What the lines need. */
export interface RestLinesOptions {
  readonly webSocketDomainName: string;
  readonly session: RestSession;
  readonly silenceMs: number;
}

type State = 'opening' | 'open' | LineTrouble;

/**
 * No line yet.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the environment names a proxy that is none
 */
export const restLines = ({ webSocketDomainName, session, silenceMs }: RestLinesOptions): RestLines => {
  const frameSubject = new Subject<Frame>();
  const troubleSubject = new BehaviorSubject<LineTrouble | undefined>(undefined);
  const sockets = new Set<WebSocket>();
  const { agent } = wayTo(webSocketDomainName);
  const states = new Set<BehaviorSubject<State>>();
  const connections = new Subscription();

  const survey = () => {
    const troubles = [...states].flatMap(({ value }) => (typeof value === 'string' ? [] : [value]));
    troubleSubject.next(troubles.sort((one, other) => one.sinceMs - other.sinceMs)[0]);
  };
  const become = (state: BehaviorSubject<State>, next: State) => {
    state.next(next);
    survey();
  };
  const lost = (
    before: State,
    { reason, quietMs }: Extract<SocketSignal, { kind: 'lost' }>,
  ): LineTrouble => ({
    sinceMs: typeof before === 'string' ? Date.now() - quietMs : before.sinceMs,
    reason: session.redacted(reason),
  });
  return {
    frame$: frameSubject.asObservable(),
    trouble$: troubleSubject.asObservable(),
    open: (path, toFrames, pathAnew) => {
      const state = new BehaviorSubject<State>('opening');
      const leave = () => {
        state.complete();
        states.delete(state);
        survey();
      };
      states.add(state);
      const urlOf = (at: string) => `${webSocketDomainName}/${at}`;
      const url = urlOf(path);
      const token = (refused?: string) => session.token(refused);
      const connection = restSocket(url, {
        silenceMs,
        agent,
        sockets,
        token,
        ...(pathAnew !== undefined && { urlAnew: async () => urlOf(await pathAnew()) }),
      });
      const hearing = connection.subscribe((signal) => {
        if (signal.kind === 'open') become(state, 'open');
        else if (signal.kind === 'lost') become(state, lost(state.value, signal));
        else for (const frame of toFrames(signal.data)) frameSubject.next(frame);
      });
      hearing.add(leave);
      connections.add(hearing);
      return lineOf(url, state, () => hearing.unsubscribe());
    },
    close: async () => {
      connections.unsubscribe();
      agent.destroy();
      await Promise.all(
        [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    },
  };
};

const lineOf = (url: string, state: BehaviorSubject<State>, close: () => void): Line => ({
  opened: async () => {
    if (state.value === 'open') return;
    const settled = await firstValueFrom(state.pipe(filter((value) => value !== 'opening')), {
      defaultValue: { reason: 'closed by this client' },
    });
    if (settled !== 'open')
      throw new GsyError('ERR_GSY_TRANSPORT', `The websocket ${url} is not open: ${settled.reason}`);
  },
  close,
});
