import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { got, type Got } from 'got';
import { restTransport, type RestTransport } from 'gsy-rx';
import { filter, firstValueFrom } from 'rxjs';
import { USER } from '../transport/restServer.ts';

/** So many events, of so many assets, on the websocket whose path ends so. */
export interface Wanted {
  readonly pathEnd: string;
  readonly assets: number;
  readonly events: number;
}

/** Where the server of a hosted exchange is, which runs in a process of its own. */
export interface Peer {
  readonly domainName: string;
  readonly webSocketDomainName: string;
  readonly send: (wanted: Wanted) => void;
  readonly stop: () => void;
}

/** Starts the server. */
export const startPeer = async (): Promise<Peer> => {
  const child = fork(new URL('hostedPeer.js', import.meta.url));
  const [address] = (await once(child, 'message')) as [Pick<Peer, 'domainName' | 'webSocketDomainName'>];
  return { ...address, send: (wanted) => child.send(wanted), stop: () => child.kill() };
};

/** The aggregator of the library's connection. */
export const AGGREGATOR = 'aggregator';

/** The library's connection to it, with an aggregator. */
export const connected = async ({ domainName, webSocketDomainName }: Peer): Promise<RestTransport> => {
  const transport = restTransport({ domainName, webSocketDomainName, simulationId: 'simulation', ...USER });
  const created = firstValueFrom(
    transport.frame$.pipe(filter(({ channel }) => channel === 'aggregator-response')),
  );
  // For as long as the process lives.
  transport.frame$.subscribe();
  await firstValueFrom(
    transport.send({ kind: 'create-aggregator', name: 'bench', aggregatorUuid: AGGREGATOR }),
  );
  await created;
  return transport;
};

/** The floor's way there: got as it is, logged in. */
export const bareHttp = async ({
  domainName,
}: Peer): Promise<{ readonly http: Got; readonly token: string }> => {
  const http = got.extend({ agent: { http: new Agent({ keepAlive: true }) }, retry: { limit: 0 } });
  const { access } = await http
    .post(`${domainName}/api-token-auth/`, { json: USER })
    .json<{ access: string }>();
  return { http: http.extend({ headers: { authorization: `JWT ${access}` } }), token: access };
};
