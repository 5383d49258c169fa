import { merge, scan, startWith, type Observable, map } from 'rxjs';
import type { LinkMessage } from './events.ts';
import type { TransportStatus } from './transport/transport.ts';

/**
 * What is known to survive an UNSELECT, by the names of its channels: its uuid, or undefined where an unregistration
 * forbids it.
 */
export type Unselectable = ReadonlyMap<string, string | undefined>;

/**
 * Which areas can be unselected safely, as far as this connection has seen proof of it; the newest value at once.
 *
 * To unselect an asset that is not connected by its own registration can end the exchange's simulation, and no message
 * says which are. Proof is a market slot that the asset itself was told, as long as nobody has unregistered it since and
 * the connection has heard everything; for a market, that it has answered as only markets do. Exchange protocol,
 * letting areas go.
 */
export const unselectable = (
  link$: Observable<LinkMessage>,
  status$: Observable<TransportStatus>,
): Observable<Unselectable> => {
  const learning$ = link$.pipe(map((message) => (known: Unselectable) => learned(known, message)));
  const forgetting$ = status$.pipe(
    map(
      ({ state }) =>
        (known: Unselectable) =>
          state === 'open' ? known : NOTHING,
    ),
  );
  return merge(learning$, forgetting$).pipe(
    scan((known, step) => step(known), NOTHING),
    startWith(NOTHING),
  );
};

const NOTHING: Unselectable = new Map();

const learned = (known: Unselectable, message: LinkMessage): Unselectable => {
  switch (message.kind) {
    case 'area-event':
      if (message.event === 'finished') return without(known, message.channelName);
      // An asset that has been unregistered still hears the rest of its slot.
      return message.event === 'market-slot' && !known.has(message.channelName)
        ? new Map([...known, [message.channelName, message.areaUuid]])
        : known;
    case 'area-reply':
      return isMarketAnswer(message) ? new Map([...known, [message.channelName, message.areaUuid]]) : known;
    case 'registration-reply':
      return message.status === 'registered'
        ? without(known, message.channelName)
        : new Map([...known, [message.channelName, undefined]]);
    default:
      return known;
  }
};

const isMarketAnswer = ({ reply }: Extract<LinkMessage, { kind: 'area-reply' }>): boolean =>
  reply.status === 'ready' && ['grid-fees', 'dso-market-stats'].includes(reply.granted.command);

const without = (known: Unselectable, channelName: string): Unselectable =>
  new Map([...known].filter(([name]) => name !== channelName));
