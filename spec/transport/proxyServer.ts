import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A request as the proxy got it: `CONNECT host:port`. */
export interface Relayed {
  readonly what: string;
  readonly authorization: string | undefined;
}

/** A real proxy on loopback. */
export interface ProxyServer {
  readonly port: number;
  readonly heard: readonly Relayed[];
  /** The bytes that it answers to every request for a tunnel instead of opening it, or nothing at all. */
  say: string | undefined;
  /** Resolves with the next request for a tunnel. */
  asked(): Promise<unknown>;
  /** The sockets of its clients that are open. */
  readonly clients: ReadonlySet<Socket>;
  stop(): Promise<void>;
}

/** Starts a proxy that opens tunnels and does nothing else. */
export const startProxy = async (): Promise<ProxyServer> => {
  const heard: Relayed[] = [];
  const clients = new Set<Socket>();
  const http = createServer((_, response) => response.writeHead(405).end());
  http.on('connect', ({ url: target = '', headers }, client: Duplex) => {
    heard.push({ what: `CONNECT ${target}`, authorization: headers['proxy-authorization'] });
    if (proxy.say === undefined) tunnel(client, target);
    else if (proxy.say !== '') client.end(proxy.say);
    // Who hangs up is let go.
    else client.once('end', () => client.end()).resume();
  });
  http.on('connection', (socket: Socket) => {
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const proxy: ProxyServer = {
    port: (http.address() as AddressInfo).port,
    heard,
    say: undefined,
    asked: () => once(http, 'connect'),
    clients,
    stop: async () => {
      const closed = once(http, 'close');
      http.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
  return proxy;
};

const tunnel = (client: Duplex, target: string): void => {
  const { hostname, port } = new URL(`http://${target}`);
  const server = connect(Number(port), hostname, () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    server.pipe(client).pipe(server);
  });
  server.on('error', () => client.destroy());
  client.on('error', () => server.destroy());
};

/** Takes the proxies out of this process's environment. */
export const forgetProxies = (): void => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'])
    for (const variable of [name, name.toLowerCase()]) Reflect.deleteProperty(process.env, variable);
};
