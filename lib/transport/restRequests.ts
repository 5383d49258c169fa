import type { Batch, Request } from '../wire/messages.ts';
import { lane } from './lane.ts';
import { restAggregators } from './restAggregators.ts';
import { restAreas } from './restAreas.ts';
import type { RestServer } from './restAsk.ts';
import { steadyNowMs } from './steadyNow.ts';
import type { Delivery } from './transport.ts';

/** Makes the library's requests as the server understands them; rejects with a `GsyError` when one was not taken. */
export type RestRequests = (request: Request) => Promise<Delivery>;

/** Requests under way beside each other: a thousand areas are selected neither one by one nor all at once. */
const ROOM = 25;

/** A batch that had to wait for so long is not sent any more: its orders are of the past, ms. */
const LATEST_MS = 10_000;

/** The requests to this server. Batches go out one after the other, so that they arrive in order. */
export const restRequests = (server: RestServer): RestRequests => {
  const aggregators = restAggregators(server);
  const areas = restAreas(server);
  const [batches, others] = [lane(1), lane(ROOM)];
  const make = (request: Exclude<Request, { kind: 'batch' }>): Promise<void> => {
    switch (request.kind) {
      case 'create-aggregator':
        return aggregators.create(request);
      case 'find-aggregator':
        return aggregators.find(request);
      case 'select':
        return aggregators.select(request);
      case 'unselect':
        return aggregators.unselect(request);
      case 'delete-aggregator':
        return aggregators.remove(request);
      case 'area-map':
        return areas.map();
      case 'register':
      case 'unregister':
      case 'grid-fees':
      case 'dso-market-stats':
        return areas.ask(request);
    }
  };
  const execute = (batch: Batch): Promise<Delivery> => {
    const latestMs = steadyNowMs() + LATEST_MS;
    return batches(() => aggregators.execute(batch, latestMs));
  };
  return (request) =>
    request.kind === 'batch' ? execute(request) : others(() => make(request)).then(() => ({}));
};
