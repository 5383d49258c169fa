import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openExchange, type BenchExchange } from './exchange.ts';
import type { Told, Usage } from './duties.ts';
import type { Effort } from './figures.ts';

/** A client in a process of its own. */
export interface Client {
  readonly aggregatorUuid: string;
  /** What the process has used when it is done with so many events, replies included. */
  usageAfter(events: number): Promise<Usage>;
  stop(): void;
}

/** The clients: the library's, and the floor's. */
export const OURS = new URL('ownClient.js', import.meta.url);
const FLOOR = new URL('bareClient.js', import.meta.url);

/** The library's client of another state of this project, as its benchmarks have built it. */
const clientIn = (folder: string): URL =>
  pathToFileURL(resolve(folder, '.cache/bench/dist/spec/bench/ownClient.js'));

/** Starts the client of this file; resolves when it trades. One that ends by itself ends the benchmark. */
export const startClient = async (file: URL, { url }: BenchExchange, assets: number): Promise<Client> => {
  const child = fork(file, [url, String(assets)]);
  const ended = (code: number | null) => {
    throw new Error(`the client ${file.pathname} ended with ${code}`);
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

/** The library and the floor, or what stands for it, on one exchange, each started; `stop` ends all. */
export const startBoth = async (assets: number, { beside }: Effort) => {
  const exchange = await openExchange(assets);
  const [ours, floor] = [
    await startClient(OURS, exchange, assets),
    await startClient(beside === undefined ? FLOOR : clientIn(beside), exchange, assets),
  ];
  const stop = async (): Promise<void> => {
    ours.stop();
    floor.stop();
    await exchange.stop();
  };
  return { exchange, ours, floor, stop };
};
