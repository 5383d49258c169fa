import { once } from 'node:events';
import { isRight } from 'fp-ts/lib/Either.js';
import { filter, lastValueFrom, Subject, take, type Observable } from 'rxjs';
import { WebSocket } from 'ws';
import { eventsChannel } from '../../lib/wire/channels.ts';
import { makeDecoder } from '../../lib/wire/decode.ts';
import { SERVER_UUID } from '../transport/restServer.ts';
import { assetsOf, median, type Figure, type Measure } from './figures.ts';
import { AGGREGATOR, bareHttp, connected, startPeer, type Peer } from './hosted.ts';

/** One end of a websocket on which events come, each read. */
interface End {
  readonly pathEnd: string;
  readonly read$: Observable<unknown>;
}

/** The library: through its connection and its decoder. */
const ourEnd = async (peer: Peer): Promise<End> => {
  const transport = await connected(peer);
  const decode = makeDecoder({ feeUnit: 'cents/kWh' });
  const readSubject = new Subject<unknown>();
  transport.frame$.pipe(filter(({ channel }) => channel === eventsChannel(AGGREGATOR))).subscribe((frame) => {
    const message = decode(frame);
    if (!isRight(message)) throw new Error('the event is not understood');
    readSubject.next(message.right);
  });
  return { pathEnd: `${SERVER_UUID}/`, read$: readSubject };
};

/** The floor: a websocket and `JSON.parse`. */
const bareEnd = async (peer: Peer): Promise<End> => {
  const { token } = await bareHttp(peer);
  const socket = new WebSocket(`${peer.webSocketDomainName}/bare/`, {
    headers: { authorization: `JWT ${token}` },
  });
  const readSubject = new Subject<unknown>();
  socket.on('message', (data: Buffer) => readSubject.next(JSON.parse(data.toString())));
  await once(socket, 'open');
  return { pathEnd: 'bare/', read$: readSubject };
};

/** CPU time per event of a stretch of them, µs: the time on the clock may be the server's. */
const cpuUsPerEvent = async (peer: Peer, { pathEnd, read$ }: End, assets: number, events: number) => {
  const all = lastValueFrom(read$.pipe(take(events)));
  const before = process.cpuUsage();
  peer.send({ pathEnd, assets, events });
  await all;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / events;
};

/** Events received and read on a websocket, beside bare ws with `JSON.parse`; the two take turns. */
export const measure: Measure = async ({ quick }) => {
  const peer = await startPeer();
  const [ours, floor] = [await ourEnd(peer), await bareEnd(peer)];
  const figures: Figure[] = [];
  for (const assets of [10, 100, 1_000]) {
    const events = Math.ceil(Math.min(500, 50_000 / assets) / (quick ? 5 : 1));
    const turns: { readonly ours: number; readonly floor: number }[] = [];
    for (let turn = 0; turn < 12; turn += 1)
      turns.push({
        ours: await cpuUsPerEvent(peer, ours, assets, events),
        floor: await cpuUsPerEvent(peer, floor, assets, events),
      });
    // The first turns are for the compiler.
    const counted = turns.slice(3);
    figures.push({
      name: `websocket, CPU per event, ${assetsOf(assets)}`,
      unit: 'µs',
      ours: median(counted.map((each) => each.ours)),
      floor: median(counted.map((each) => each.floor)),
      ratio: median(counted.map((each) => each.ours / each.floor)),
      // Nine tenths of the floor's rate.
      ratioAtMost: 1.11,
    });
  }
  peer.stop();
  return figures;
};
