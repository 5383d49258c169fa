import { bidEnergyRate, type Request } from 'gsy-rx';
import { firstValueFrom } from 'rxjs';
import { median, type Measure } from './figures.ts';
import { AGGREGATOR, bareHttp, connected, startPeer } from './hosted.ts';

const batch: Request = {
  kind: 'batch',
  aggregatorUuid: AGGREGATOR,
  transactionId: 'transaction',
  commands: new Map([['asset', [bidEnergyRate('asset', 0.5, 20)]]]),
};
const content = {
  aggregator_uuid: AGGREGATOR,
  batch_commands: { asset: [{ type: 'bid', energy: 0.5, price: 10, replace_existing: true }] },
  transaction_id: 'transaction',
};

const tookMs = async (request: () => PromiseLike<unknown>): Promise<number> => {
  const sinceMs = performance.now();
  await request();
  return performance.now() - sinceMs;
};

/** A batch posted and taken, beside the same with bare got; the two take turns. */
export const measure: Measure = async ({ quick }) => {
  const peer = await startPeer();
  const transport = await connected(peer);
  const { http } = await bareHttp(peer);
  const url = `${peer.domainName}/external-connection/aggregator-api/simulation/batch-commands/`;
  const requests = quick ? 200 : 3_000;
  const times: { readonly ours: number; readonly floor: number }[] = [];
  for (let request = 0; request < 2 * requests; request += 1)
    times.push({
      ours: await tookMs(() => firstValueFrom(transport.send(batch))),
      floor: await tookMs(() => http.post(url, { json: content })),
    });
  await firstValueFrom(transport.close(), { defaultValue: undefined });
  peer.stop();
  // The first half is for the compiler.
  const counted = times.slice(requests);
  const [ours, floor] = [median(counted.map((each) => each.ours)), median(counted.map((each) => each.floor))];
  return [{ name: 'REST request, p50', unit: 'ms', ours, floor, ratio: ours / floor, ratioAtMost: 1.05 }];
};
