import {
  filter,
  first,
  firstValueFrom,
  lastValueFrom,
  ReplaySubject,
  take,
  toArray,
  type Observable,
} from 'rxjs';
import { bidEnergy } from '../../lib/commands.ts';
import { restTransport, type RestTransport, type RestTransportOptions } from '../../lib/transport/rest.ts';
import type { TransportStatus } from '../../lib/transport/transport.ts';
import type { Frame, Request } from '../../lib/wire/messages.ts';
import { startRestServer, USER, type RestServer } from './restServer.ts';

export const OURS = 'derived-uuid';
export const create: Request = { kind: 'create-aggregator', name: 'crew', aggregatorUuid: OURS };
export const selection = (areaUuid: string, kind: 'select' | 'unselect' = 'select') => ({
  kind,
  aggregatorUuid: OURS,
  areaUuid,
  transactionId: `t ${areaUuid}`,
});
export const batch = (transactionId: string): Request => {
  const command = bidEnergy('area', 0.5, 10);
  return { kind: 'batch', aggregatorUuid: OURS, transactionId, commands: new Map([['area', [command]]]) };
};

/** A server for each spec of the suite that asks for it, and its clients, which are closed after the spec. */
export const restClients = () => {
  const at = {} as { server: RestServer };
  const transports: RestTransport[] = [];

  const connect = (options: Partial<RestTransportOptions> = {}) => {
    const { domainName, webSocketDomainName } = at.server;
    const transport = restTransport({
      domainName,
      webSocketDomainName,
      simulationId: 'sim',
      ...USER,
      ...options,
    });
    transports.push(transport);
    const frameSubject = new ReplaySubject<Frame>();
    transport.frame$.subscribe(frameSubject);
    frameSubject.subscribe({ error: () => undefined });
    const next = (channel: string, count = 1) =>
      firstValueFrom(
        frameSubject.pipe(
          filter((frame) => frame.channel === channel),
          take(count),
          toArray(),
        ),
      ).then((frames) => frames.map(({ data }) => data));
    const reply = async (request: Request) => {
      const answer = firstValueFrom(
        transport.frame$.pipe(filter(({ channel }) => channel === 'aggregator-response')),
      );
      answer.catch(() => undefined);
      await firstValueFrom(transport.send(request));
      return JSON.parse(String((await answer).data)) as Record<string, unknown>;
    };
    /** The first status from now on that is so, and gives this as its reason. */
    const status = (state: TransportStatus['state'], why = '') =>
      firstValueFrom(
        transport.status$.pipe(
          first((now) => now.state === state && ('reason' in now ? now.reason : '').includes(why)),
        ),
      );
    return { transport, next, reply, status, frame$: frameSubject.asObservable() };
  };
  /** A client whose aggregator is there, and the server's end of its websocket. */
  const connectAggregator = async (options?: Partial<RestTransportOptions>) => {
    const opened = firstValueFrom(at.server.opened$);
    const client = connect(options);
    await client.reply(create);
    return { ...client, ...(await opened) };
  };
  const pathsHeard = () => at.server.heard.map(({ method, path }) => `${method} ${path}`);
  const bodiesOf = (end: string) =>
    at.server.heard.filter(({ path }) => path.endsWith(end)).map(({ body }) => body);

  beforeEach(async () => (at.server = await startRestServer()));
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => done(transport.close())));
    await at.server.stop();
  });
  return { at, connect, connectAggregator, pathsHeard, bodiesOf };
};

/** When it has closed. */
export const done = (nothing$: ReturnType<RestTransport['close']>): Promise<unknown> =>
  lastValueFrom(nothing$, { defaultValue: undefined });

/** The error that ends a stream. */
export const failure = async (stream$: Observable<unknown>): Promise<Error> => {
  try {
    await lastValueFrom(stream$);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
};
