import { startRestServer } from '../transport/restServer.ts';
import { eventSeries, treeTexts } from './events.ts';
import type { Wanted } from './hosted.ts';

// The server of a hosted exchange: tells where it is, and sends events when it is told to.

const server = await startRestServer();
const sockets = new Map<string, (data: Uint8Array) => void>();
server.opened$.subscribe(({ path, socket }) => sockets.set(path, (data) => socket.send(data)));

const series = new Map<number, Generator<string, never>>();
const seriesOf = (assets: number) => {
  const known = series.get(assets) ?? eventSeries(treeTexts(assets, 0.1, 10));
  series.set(assets, known);
  return known;
};

process.on('message', (message) => {
  const { pathEnd, assets, events } = message as Wanted;
  const send = [...sockets].find(([path]) => path.endsWith(pathEnd))?.[1];
  if (send === undefined) throw new Error(`nobody has opened ${pathEnd}`);
  for (let event = 0; event < events; event += 1) send(Buffer.from(seriesOf(assets).next().value));
});
process.on('disconnect', () => process.exit());

const { domainName, webSocketDomainName } = server;
process.send?.({ domainName, webSocketDomainName });
