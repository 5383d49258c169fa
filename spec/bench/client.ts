import { fork } from 'node:child_process';
import { openExchange, type BenchExchange } from './exchange.ts';
import type { Told, Usage } from './duties.ts';

/** A client in a process of its own. */
export interface Client {
  readonly aggregatorUuid: string;
  /** What the process has used when it is done with so many events, replies included. */
  usageAfter(events: number): Promise<Usage>;
  stop(): void;
}

/** The library, or the floor. */
export type ClientKind = 'ours' | 'floor';

const FILES = { ours: 'ownClient.js', floor: 'bareClient.js' } as const;

/** Starts a client; resolves when it trades. One that ends by itself ends the benchmark. */
export const startClient = async (
  kind: ClientKind,
  { url }: BenchExchange,
  assets: number,
): Promise<Client> => {
  const child = fork(new URL(FILES[kind], import.meta.url), [url, String(assets)]);
  const ended = (code: number | null) => {
    throw new Error(`the client "${kind}" ended with ${code}`);
  };
  child.once('exit', ended);
  const told = <K extends Told['kind']>(wanted: K) =>
    new Promise<Extract<Told, { kind: K }>>((resolve) => {
      const hear = (message: unknown) => {
        const said = message as Told;
        if (said.kind !== wanted) return;
        child.off('message', hear);
        resolve(said as Extract<Told, { kind: K }>);
      };
      child.on('message', hear);
    });
  const { aggregatorUuid } = await told('ready');
  return {
    aggregatorUuid,
    usageAfter: (events) => {
      child.send(events);
      return told('usage');
    },
    stop: () => {
      child.off('exit', ended);
      child.kill();
    },
  };
};

/** The library and the floor on one exchange, each started; `stop` ends all. */
export const startBoth = async (assets: number) => {
  const exchange = await openExchange(assets);
  const [ours, floor] = [
    await startClient('ours', exchange, assets),
    await startClient('floor', exchange, assets),
  ];
  const stop = async (): Promise<void> => {
    ours.stop();
    floor.stop();
    await exchange.stop();
  };
  return { exchange, ours, floor, stop };
};
